"""Writers of one table, or of one province of it: Parquet, CSV with Chinese and English headers, JSON lines."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from publish import layout
from publish.forms import for_json, for_spreadsheets
from publish.gzipped import GzipFiles
from publish.layout import Languages
from publish.tables import PublicTable

#: rows that Excel opens, its header among them
EXCEL_ROWS = 1_048_576
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table: as Arrow has them, and with instants and dates as texts."""

    batch: pa.RecordBatch
    texts: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, by the place it has in a release."""

    path: str
    #: None: it tells of the release
    format: str | None
    table: str | None
    rows: int | None
    language: str | None = None
    province: str | None = None


class Writer(Protocol):
    """Takes rows; the same rows in the same pieces give the same bytes."""

    def write(self, rows: Rows) -> None:
        """Add rows."""

    def close(self) -> list[Written]:
        """Finish, and say what was written."""
        ...


class ParquetFile:
    """One Parquet file; columns carry their labels."""

    def __init__(self, folder: Path, table: PublicTable, province: str | None) -> None:
        self._table, self._province = table, province
        self._path = layout.parquet(table.name, province)
        self._rows = 0
        self._schema = _labelled(table)
        self._file = parquet.ParquetWriter(_made(folder / self._path), self._schema, compression="zstd")

    def write(self, rows: Rows) -> None:
        """Add rows as one row group."""
        self._file.write_batch(rows.batch.cast(self._schema))
        self._rows += rows.batch.num_rows

    def close(self) -> list[Written]:
        """Finish."""
        self._file.close()
        return [Written(self._path, "parquet", self._table.name, self._rows, province=self._province)]


class JsonLinesFile:
    """One file of JSON lines."""

    def __init__(self, folder: Path, table: PublicTable, province: str | None) -> None:
        self._table, self._province = table, province
        self._path = layout.json_lines(table.name, province)
        self._rows = 0
        self._identifiers = table.identifiers
        self._file = GzipFiles({folder / self._path: b""})

    def write(self, rows: Rows) -> None:
        """Add rows."""
        self._file.write(_polars(for_json(rows.texts, self._identifiers), pl.DataFrame.write_ndjson))
        self._rows += rows.texts.num_rows

    def close(self) -> list[Written]:
        """Finish."""
        self._file.close()
        return [Written(self._path, "jsonl", self._table.name, self._rows, province=self._province)]


class CsvFiles:
    """CSV with a byte order mark, with headers of each language; never more rows than Excel opens."""

    def __init__(
        self, folder: Path, table: PublicTable, province: str | None, most_rows: int = EXCEL_ROWS - 1
    ) -> None:
        self._folder, self._table, self._province, self._most_rows = folder, table, province, most_rows
        self._written: list[Written] = []
        self._rows = self._number = 0
        self._open_next()

    def write(self, rows: Rows) -> None:
        """Add rows, to a further file where this one is full."""
        texts = rows.texts
        while texts.num_rows:
            if self._rows == self._most_rows:
                self._finish()
                self._open_next()
            piece = texts.slice(0, self._most_rows - self._rows)
            self._file.write(_polars(for_spreadsheets(piece), _write_csv))
            self._rows += piece.num_rows
            texts = texts.slice(piece.num_rows)

    def close(self) -> list[Written]:
        """Finish."""
        self._finish()
        return self._written

    def _path(self, language: str) -> str:
        return layout.csv(self._table.name, language, self._province, self._number)

    def _open_next(self) -> None:
        self._number += 1
        self._rows = 0
        self._file = GzipFiles(
            {self._folder / self._path(each): header_line(self._table, each) for each in Languages.ALL}
        )

    def _finish(self) -> None:
        self._file.close()
        self._written += [
            Written(self._path(each), "csv", self._table.name, self._rows, each, self._province)
            for each in Languages.ALL
        ]


def header_line(table: PublicTable, language: str) -> bytes:
    """The first line of a table's CSV: its Chinese labels, or the columns' names, which are English."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(table.headers(language))
    return _BOM + text.getvalue().encode()


def _labelled(table: PublicTable) -> pa.Schema:
    labels = {column.name: column.label for column in table.columns}
    return pa.schema(
        field.with_metadata({"label_zh": labels[field.name].zh, "label_en": labels[field.name].en})
        for field in table.arrow()
    )


def _write_csv(frame: pl.DataFrame, file: io.BytesIO) -> None:
    frame.write_csv(file, include_header=False, quote_style="necessary")


def _polars(batch: pa.RecordBatch, write: Callable[[pl.DataFrame, io.BytesIO], object]) -> bytes:
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a batch is no column
    file = io.BytesIO()
    write(frame, file)
    return file.getvalue()


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
