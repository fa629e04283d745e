"""What differs between two delimited texts of one source: told line by line, before any line is understood.

A chain's stock-take of today is that of yesterday but for a few lines in a hundred, and to tell a line by its digest
costs a tenth of reading it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from connectors.digests import Digests, digests_on_disk, together
from connectors.frame import Chunk
from connectors.readers.delimited import DelimitedTable
from connectors.readers.records import is_whole
from connectors.readers.table import DEFAULT_ROWS, ROW_NUMBER, Table
from connectors.readers.unpack import open_unpacked

#: a line must be shorter
_BLOCK_BYTES = 1 << 20
#: no text holds this byte: each line is one cell
_NO_DELIMITER = "\x1f"
#: stands in every row of totals
_TOTAL = "计"


class NotLinesError(Exception):
    """The rows of this text are not its lines, so that it cannot be compared by them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of two texts that are not in both, by their numbers in their files, ascending; Int32."""

    added: pl.Series
    gone: pl.Series
    #: rows of the newer text that stand in the older one as well
    kept: int


def are_alike(old: DelimitedTable, new: DelimitedTable) -> bool:
    """Whether two texts write their rows in the same way under the same header, in an encoding with bytes for lines."""
    same = old.shape.codec == new.shape.codec and old.shape.delimiter == new.shape.delimiter
    return (
        same
        and old.shape.width == new.shape.width
        and old.header.layout == new.header.layout
        and old.header.cells == new.header.cells
        and all(new.header.is_named(column) for column in range(new.shape.width))
        and new.shape.codec != "utf-16"
        and old.shape.has_flat_head
        and new.shape.has_flat_head
    )


def compare(
    old: DelimitedTable, new: DelimitedTable, quarantined: pl.Series, noticed: pl.Series, old_rows: int
) -> Difference:
    """Compare two texts that are alike.

    `quarantined` are rows of the older text that led to nothing, `noticed` rows that it told something of: such rows
    are read again wherever they stand, and so is a line that may be blank or a total. `old_rows` is how many rows the
    older text has: NotLinesError if it has another number of lines. Two different lines have the same digest once in
    10^19 pairs.
    """
    read_again = pl.col(ROW_NUMBER).is_in(pl.concat([quarantined, noticed]).implode())
    with (
        digests_on_disk({ROW_NUMBER: pl.Int32, "is_settled": pl.Boolean}) as before,
        digests_on_disk({ROW_NUMBER: pl.Int32}) as after,
        ThreadPoolExecutor(2) as both,
    ):
        list(both.map(_note, (before, after), (_settled_lines(old), _digested_lines(new))))
        if len(before) != old_rows:
            raise NotLinesError
        parts = [
            _differing(lines_before.with_columns(pl.col("is_settled") & ~read_again), lines_after)
            for lines_before, lines_after in together(before, after)
        ]
        lines = len(after)
    added, gone = (pl.concat(rows).sort() for rows in zip(*parts, strict=True))
    return Difference(added, gone.filter(~gone.is_in(quarantined.implode())), lines - len(added))


def stand_again(old: DelimitedTable, new: DelimitedTable, rows: pl.Series) -> bool:
    """Whether all these rows of the older text stand in the newer one, word for word."""
    wanted = {line for lines in _chosen(old, rows) for line in lines.to_pylist()}
    if not wanted:
        return True
    for lines in _lines(new):
        wanted.difference_update(lines.filter(pc.is_in(lines, pa.array(wanted, lines.type))).to_pylist())
        if not wanted:
            break
    return not wanted


class ChosenRows(Table):
    """Some rows of a delimited text, under their own numbers."""

    def __init__(self, table: DelimitedTable, rows: pl.Series) -> None:
        """`rows`: their numbers, ascending; Int32."""
        super().__init__(table.path, table.header, table.encoding)
        self._table = table
        self._rows = rows

    def chunks(self, rows: int = DEFAULT_ROWS) -> Iterator[Chunk]:
        """Yield the chosen rows; see `Table.chunks`. Raises NotLinesError where one is no whole row."""
        first = self._table.first_row
        for chunk in self._table.with_text(self._text()).chunks(rows):
            numbers = self._rows.gather(chunk.frame[ROW_NUMBER] - first)
            faults = [replace(f, row_number=self._rows[f.row_number - first]) for f in chunk.faults]
            yield Chunk(chunk.frame.with_columns(numbers.alias(ROW_NUMBER)), faults, chunk.skipped)

    def _text(self) -> Iterator[str]:
        """Yield the chosen lines, decoded."""
        for lines in _chosen(self._table, self._rows):
            try:
                decoded = [line.decode(self._table.shape.codec) for line in lines.to_pylist()]
            except UnicodeDecodeError as error:
                raise NotLinesError from error
            if not all(is_whole(line) for line in decoded):
                raise NotLinesError
            yield "".join(f"{line}\n" for line in decoded)


def _lines(table: DelimitedTable) -> Iterator[pa.BinaryArray]:
    """Yield the lines below the header, without their ends, undecoded."""
    with open_unpacked(table.path) as file:
        reader = pa_csv.open_csv(
            pa.PythonFile(file, "r"),
            read_options=pa_csv.ReadOptions(
                use_threads=False,
                column_names=["line"],
                skip_rows=table.header.row_number,
                block_size=_BLOCK_BYTES,
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=_NO_DELIMITER,
                quote_char=False,
                double_quote=False,
                newlines_in_values=False,
                ignore_empty_lines=False,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types={"line": pa.binary()}, null_values=[], check_utf8=False
            ),
        )
        try:
            for batch in reader:
                yield batch.column(0)
        except pa.ArrowInvalid as error:  # the delimiter that no text holds, or a line beyond all measure
            raise NotLinesError from error


def _note(digests: Digests, lines: Iterator[pl.DataFrame]) -> None:
    for some in _batched(lines):
        digests.add(some)


def _settled_lines(table: DelimitedTable) -> Iterator[pl.DataFrame]:
    """By line: row number, digest, and whether it need not be read where it stands in the other text as well."""
    total = _TOTAL.encode(table.shape.codec)
    for texts, lines in _noted_lines(table):
        # a row of data has numbers; one that has neither of these is read again
        has_number = texts.bin.contains(b"0") | texts.bin.contains(b"1")
        yield lines.with_columns(is_settled=has_number & ~texts.bin.contains(total))


def _digested_lines(table: DelimitedTable) -> Iterator[pl.DataFrame]:
    """By line: row number and digest."""
    return (lines for _, lines in _noted_lines(table))


def _noted_lines(table: DelimitedTable) -> Iterator[tuple[pl.Series, pl.DataFrame]]:
    first = table.first_row
    for lines in _lines(table):
        texts = pl.Series(lines)
        rows = pl.int_range(first, first + len(lines), dtype=pl.Int32, eager=True)
        yield texts, pl.DataFrame({ROW_NUMBER: rows, "digest": texts.hash()})
        first += len(lines)


def _batched(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Join small frames by the score: what is done to each costs more than its rows."""
    while some := list(islice(frames, 20)):
        yield pl.concat(some)


def _differing(before: pl.DataFrame, after: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Of a range of digests, rows of the newer text that stand nowhere settled in the older one; and the reverse."""
    settled = before.filter("is_settled")["digest"].implode()
    added = after.filter(~pl.col("digest").is_in(settled))
    # two equal lines are settled both or neither
    stands = pl.col("is_settled") & pl.col("digest").is_in(after["digest"].implode())
    return added[ROW_NUMBER], before.filter(~stands)[ROW_NUMBER]


def _chosen(table: DelimitedTable, rows: pl.Series) -> Iterator[pa.BinaryArray]:
    """Yield the lines of these rows."""
    first, start = table.first_row, 0
    for lines in _lines(table) if len(rows) else ():
        end = rows.search_sorted(first + len(lines))
        if end > start:
            yield lines.take(pa.array((rows[start:end] - first).to_list(), pa.int32()))
        first, start = first + len(lines), end
        if end == len(rows):
            break
