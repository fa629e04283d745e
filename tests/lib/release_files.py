"""Every byte of a release's files, unpacked where they are packed."""

import gzip
from pathlib import Path

from pyarrow import parquet


def everything(folder: Path) -> bytes:
    """The content of all files of a release, one after another: as they lie there, and unpacked."""
    return b"\n".join(
        content for path in sorted(folder.rglob("*")) if path.is_file() for content in _contents(path)
    )


def _contents(path: Path) -> list[bytes]:
    found = [path.read_bytes()]
    if path.suffix == ".gz":
        found.append(gzip.decompress(found[0]))
    if path.suffix == ".parquet":
        table = parquet.read_table(path)
        found += [
            str(table.schema).encode(),
            *(repr(column.to_pylist()).encode() for column in table.columns),
        ]
        found += ["".join(map(str, column.to_pylist())).encode() for column in table.columns]
    return found
