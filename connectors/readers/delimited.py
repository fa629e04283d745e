"""Delimited text (comma, tab, semicolon, bar) as a table: streamed, with the row number of every row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader
from itertools import chain, islice
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from connectors.frame import Chunk, RefusedFileError
from connectors.manifest import Layout
from connectors.readers import refusals
from connectors.readers.encoding import ByteStream, detect_encoding, open_rows, text_blocks
from connectors.readers.header import SEARCHED_ROWS, Header, nearest_header, settle
from connectors.readers.ledger import Ledger, end_row
from connectors.readers.records import DELIMITERS, cut, records
from connectors.readers.table import DEFAULT_ROWS, ROW_NUMBER, Table, column

#: Arrow reads so much at a time, some thirty blocks ahead; a row must be shorter.
BLOCK_BYTES = 1 << 20
#: rows below the header that are asked how many cells a row has
SAMPLED_ROWS = 20


@dataclass(frozen=True, slots=True)
class Shape:
    """How a delimited text is written."""

    codec: str
    delimiter: str
    #: characters up to the first row below the header
    start: int
    #: cells in a row
    width: int
    #: whether each row down to the header is one line
    has_flat_head: bool


class DelimitedTable(Table):
    """A delimited text under a header that was found."""

    def __init__(self, path: Path, header: Header, shape: Shape, text: Iterable[str] | None = None) -> None:
        """`text`, if given, is read as what stands below the header instead of the file's own."""
        super().__init__(path, header, shape.codec)
        self.shape = shape
        self._text = text

    @property
    def first_row(self) -> int:
        """Number of the first row below the header."""
        return self.header.row_number + 1

    def with_text(self, text: Iterable[str]) -> "DelimitedTable":
        """The same header above another text."""
        return DelimitedTable(self.path, self.header, self.shape, text)

    def chunks(self, rows: int = DEFAULT_ROWS) -> Iterator[Chunk]:
        """Yield the rows below the header; see `Table.chunks`."""
        ledger = Ledger(self.header.row_number, self.shape.delimiter)
        try:
            held = self._empty()
            for raw in _sized(self._frames(ledger), rows):
                if held.height:
                    yield self._make_chunk(held, *ledger.settle(held[ROW_NUMBER][-1]))
                held = raw  # until more comes, or the end shows that no unclosed quote swallowed it
        except pa.ArrowInvalid as error:
            raise self._refusal(ledger) from error
        yield self._make_chunk(held, *ledger.settle())

    def _frames(self, ledger: Ledger) -> Iterator[pl.DataFrame]:
        names = [column(number) for number in range(self.shape.width)]
        reader = pa_csv.open_csv(
            pa.PythonFile(BufferedReader(ByteStream(self._bytes())), "r"),
            read_options=pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=BLOCK_BYTES),
            parse_options=pa_csv.ParseOptions(
                delimiter=self.shape.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=ledger.set_aside,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[],
                check_utf8=False,  # text_blocks has
            ),
        )
        for batch in reader:
            if batch.num_rows:
                frame = pl.DataFrame(batch)
                yield frame.insert_column(0, ledger.number(frame.height))
        if not ledger.has_ended:
            raise self._refusal(ledger)

    def _bytes(self) -> Iterator[bytes]:
        """Yield the text below the header as UTF-8, and the end mark."""
        last = "\n"
        for text in self._below() if self._text is None else self._text:
            yield text.encode()
            last = text[-1]
        line_end = "" if last in "\r\n" else "\n"
        yield f"{line_end}{end_row(self.shape.delimiter, self.shape.width)}\n".encode()

    def _below(self) -> Iterator[str]:
        skip = self.shape.start
        for text in text_blocks(self.path, self.shape.codec, records):
            if below := text[skip:]:
                yield below
            skip = max(0, skip - len(text))

    def _empty(self) -> pl.DataFrame:
        cells = {column(number): pl.String for number in range(self.shape.width)}
        return pl.DataFrame(schema={ROW_NUMBER: pl.Int32, **cells})

    def _refusal(self, ledger: Ledger) -> RefusedFileError:
        """Say why Arrow gave up, or why it never saw the end."""
        if ledger.uneven is not None:
            return ledger.uneven
        number = None
        with open_rows(self.path, self.shape.codec, records) as rows:
            for number, row in enumerate(rows, 1):  # noqa: B007  the last one counts
                if len(row.encode()) >= BLOCK_BYTES:
                    break
        return refusals.unclosed_quote(number)


def open_delimited(path: Path, layouts: Sequence[Layout]) -> DelimitedTable:
    """Open a delimited text: find encoding, delimiter and header. Raises RefusedFileError."""
    codec = detect_encoding(path)
    with open_rows(path, codec, records) as rows:
        head = list(islice(rows, SEARCHED_ROWS + SAMPLED_ROWS))
        delimiter, header = _find(head[:SEARCHED_ROWS], layouts)
        below = chain(head[header.row_number :], rows)
        if not any(cell.strip() for row in below for cell in cut(row, delimiter)):
            raise refusals.no_rows(header.row_number)
    sample = [cut(row, delimiter) for row in head[header.row_number :][:SAMPLED_ROWS]]
    above = head[: header.row_number]
    shape = Shape(
        codec=codec,
        delimiter=delimiter,
        start=sum(len(row) for row in above),
        width=_width(header.cells, sample),
        has_flat_head=all(len(row.splitlines()) == 1 for row in above),
    )
    return DelimitedTable(path, header, shape)


def _find(head: Sequence[str], layouts: Sequence[Layout]) -> tuple[str, Header]:
    """Find delimiter and header together: the right delimiter is the one under which the header is whole."""
    found = {
        delimiter: nearest_header([cut(row, delimiter) for row in head], layouts) for delimiter in DELIMITERS
    }
    delimiter = max(found, key=lambda delimiter: found[delimiter].rank)
    return delimiter, settle(found[delimiter])


def _width(header: Sequence[str], sample: Sequence[Sequence[str]]) -> int:
    """Cells in a row: as many as the header has, unless the rows end in one delimiter more or less than it does."""
    widths = Counter(len(cells) for cells in sample if any(cells))
    usual = widths.most_common(1)[0][0] if widths else len(header)
    surplus = [*header[usual:], *(cell for cells in sample for cell in cells[len(header) : usual])]
    return len(header) if any(cell.strip() for cell in surplus) else usual


def _sized(frames: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """Join and cut frames to `rows` rows; the last may have fewer."""
    held: list[pl.DataFrame] = []
    height = 0
    for frame in frames:
        held.append(frame)
        height += frame.height
        while height >= rows:
            joined = pl.concat(held)
            yield joined[:rows]
            held, height = [joined[rows:]], height - rows
    if height:
        yield pl.concat(held)
