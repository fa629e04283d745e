"""Reading a release's files back, as those who download them do, to compare what is in them with what was meant."""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, json, parquet

from publish.files import Written, header_line
from publish.forms import as_texts
from publish.tables import PublicTable
from publish.tally import Tally

_BLOCK_BYTES = 4 << 20


class WrongColumnsError(Exception):
    """A file has other columns than its table."""


def tally_file(folder: Path, written: Written, table: PublicTable) -> Tally:
    """What the rows of a file come to. Raises WrongColumnsError, and pyarrow's errors where it cannot be read."""
    tally = Tally.of(table.arrow())
    for batch in _READERS[str(written.format)](folder / written.path, written, table):
        if batch.schema.names != tally_names(tally):
            raise WrongColumnsError(f"{written.path}: {batch.schema.names}")
        tally.add(batch)
    return tally


def tally_sqlite(path: Path, table: PublicTable) -> Tally:
    """What the rows of a table of an SQLite file come to. Raises WrongColumnsError."""
    tally = Tally.of(table.arrow())
    with open_sealed(path) as connection:
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
        if names != tally_names(tally):
            raise WrongColumnsError(f"{path.name}, {table.name}: {names}")
        (row,) = connection.execute(f"SELECT {', '.join(tally.sqlite_expressions())} FROM {table.name}")
    tally.rows = row[0]
    tally.counts = dict(zip(names, row[1::2], strict=True))
    tally.sums = dict(zip(names, row[2::2], strict=True))
    return tally


def tables_of(path: Path) -> list[str]:
    """All tables of an SQLite file, those that it keeps for itself too."""
    with open_sealed(path) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]


def open_sealed(path: Path) -> closing[sqlite3.Connection]:
    """An SQLite file that nobody writes to."""
    return closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True))


def tally_names(tally: Tally) -> list[str]:
    """The columns of a tally."""
    return list(tally.kinds)


def _read_parquet(path: Path, _written: Written, _table: PublicTable) -> Iterator[pa.RecordBatch]:
    with parquet.ParquetFile(path) as file:
        if not file.metadata.num_rows:
            yield pa.RecordBatch.from_pylist([], file.schema_arrow)
        yield from file.iter_batches()


def _read_csv(path: Path, written: Written, table: PublicTable) -> Iterator[pa.RecordBatch]:
    assert written.language is not None  # noqa: S101 - every CSV file has one
    header = header_line(table, written.language)
    with gzip.open(path) as file:
        if file.read(len(header)) != header:
            raise WrongColumnsError(f"{written.path}: another header")
        if not file.read(1):
            return
    texts = _text_schema(table)
    options = {
        "read_options": csv.ReadOptions(column_names=texts.names, skip_rows=1, block_size=_BLOCK_BYTES),
        "parse_options": csv.ParseOptions(newlines_in_values=True),
        "convert_options": csv.ConvertOptions(
            column_types=texts, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    }
    with pa.input_stream(str(path), compression="gzip") as stream, csv.open_csv(stream, **options) as reader:
        yield from reader


def _read_json(path: Path, _written: Written, table: PublicTable) -> Iterator[pa.RecordBatch]:
    with gzip.open(path) as file:
        if not file.read(1):
            return
    texts = _text_schema(table)
    as_written = pa.schema(
        pa.field(each.name, pa.string()) if each.name in table.identifiers else each for each in texts
    )
    parse = json.ParseOptions(explicit_schema=as_written, unexpected_field_behavior="error")
    read = json.ReadOptions(block_size=_BLOCK_BYTES)
    with pa.input_stream(str(path), compression="gzip") as stream:
        for batch in json.open_json(stream, read_options=read, parse_options=parse):
            yield batch.cast(texts)


def _text_schema(table: PublicTable) -> pa.Schema:
    empty = pa.RecordBatch.from_pylist([], table.arrow())
    return pa.schema(pa.field(each.name, each.type) for each in as_texts(empty).schema)


_READERS = {"parquet": _read_parquet, "csv": _read_csv, "jsonl": _read_json}
