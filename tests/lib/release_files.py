"""Every byte of a release's files, unpacked where they are packed."""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pyarrow import parquet


def everything(folder: Path) -> bytes:
    """The content of all files of a release, one after another: as they lie there, and unpacked."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return b"\n".join(content for path in paths for content in _contents(path))


def _contents(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    yield content
    if path.suffix == ".gz":
        yield gzip.decompress(content)
    if path.suffix == ".parquet":
        table = parquet.read_table(path)
        yield str(table.schema).encode()
        yield from ("\n".join(map(str, column.to_pylist())).encode() for column in table.columns)
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
            yield "\n".join(_rows(connection)).encode()


def _rows(connection: sqlite3.Connection) -> Iterator[str]:
    """All values as texts: a number lies in a file in binary."""
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%fts5%'"
    ).fetchall()
    for (name,) in tables:
        for row in connection.execute(f"SELECT * FROM {name}"):
            yield "|".join(map(str, row))
