"""An opened table: what its header says, and its rows by chunks of text."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from connectors.frame import Chunk, RowFault
from connectors.manifest import Layout
from connectors.readers.cells import is_total, tidy
from connectors.readers.header import Header
from schema.declare import Label

ROW_NUMBER = "row_number"
DEFAULT_ROWS = 50_000

#: more of a faulty row is not repeated in its fault; `original_row` gives all of it
SHOWN_CHARACTERS = 2_000

_CONTROL_HINT = Label(
    "这一行含有不可见的控制字符（NUL），可能是文件损坏。请删除后重新上传该行。",
    "This row holds NUL characters; the file may be damaged. Remove them and send the row again.",
)


class Table(ABC):
    """A received file as rows of a layout."""

    def __init__(self, path: Path, header: Header, encoding: str | None) -> None:
        self.path = path
        self.header = header
        self.encoding = encoding
        self._unnamed: set[int] = set()

    @property
    def layout(self) -> Layout:
        """The layout whose required columns are all there."""
        return self.header.layout

    @property
    def notices(self) -> tuple[RowFault, ...]:
        """What is to be told of the file as a whole, beside its columns; whole once the chunks were read."""
        return ()

    @property
    def headers(self) -> dict[str, str]:
        """Field → header text exactly as the file writes it."""
        return self.header.headers

    @property
    def unknown_headers(self) -> tuple[str, ...]:
        """Columns that no field of the layout claims; whole once the chunks were read.

        A column without a header goes by its number, and joins when a row has something in it.
        """
        return (*self.header.unknown, *(f"第{number + 1}列" for number in sorted(self._unnamed)))

    @abstractmethod
    def chunks(self, rows: int = DEFAULT_ROWS) -> Iterator[Chunk]:
        """Yield the rows below the header, at most `rows` good ones at a time.

        Raises RefusedFileError where the file turns out unreadable further down: what was yielded before
        must then be thrown away.
        """

    def _make_chunk(self, raw: pl.DataFrame, faults: list[RowFault], skipped: int) -> Chunk:
        """Make a chunk of a raw frame (`row_number`, `c0`, `c1` …): tidy cells, leave out blank and total rows.

        `faults` and `skipped` are of rows that did not get into the raw frame.
        """
        cells = [name for name in raw.columns if name != ROW_NUMBER]
        first = pl.coalesce(cells) if cells else pl.lit(None, pl.String)
        tidied = raw.with_columns(tidy(raw[name]) for name in cells)
        kept = tidied.filter(first.is_not_null() & ~is_total(first))
        is_damaged = pl.any_horizontal(pl.col(cells).str.contains("\x00", literal=True)).fill_null(
            value=False
        )
        damaged = kept.filter(is_damaged)
        fields = {name: pl.col(column(number)) for name, number in self.header.columns.items()}
        unnamed = (number for number in range(len(cells)) if not self.header.is_named(number))
        self._unnamed.update(number for number in unnamed if kept[column(number)].count())
        return Chunk(
            frame=kept.filter(~is_damaged).select(ROW_NUMBER, **fields),
            faults=sorted([*faults, *_damage(damaged, cells)], key=lambda fault: fault.row_number),
            skipped=skipped + tidied.height - kept.height,
        )


def shown(text: str) -> str:
    """Shorten the text of a faulty row for its fault; NUL, which no database takes, becomes visible."""
    text = text.strip("\r\n").replace("\x00", "␀")
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def column(number: int) -> str:
    """Name of a column of a raw frame, counted from 0."""
    return f"c{number}"


def _damage(damaged: pl.DataFrame, cells: list[str]) -> list[RowFault]:
    texts = damaged.select(ROW_NUMBER, text=pl.concat_str(cells, separator="\t", ignore_nulls=True))
    return [
        RowFault(number, "row.control_character", None, shown(text), _CONTROL_HINT)
        for number, text in texts.iter_rows()
    ]
