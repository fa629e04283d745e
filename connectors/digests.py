"""Digests of any number of things, by ranges on disk: equal ones are found within the memory of one range."""

import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

import polars as pl

#: so many ranges have all digests between them; of a hundred million each has a million and a half
RANGES = 64
#: rows that are held until they are written
HELD = 250_000
_WIDTH = 2**64 // RANGES

Columns = Mapping[str, type[pl.DataType]]


class Digests:
    """Rows with a digest (UInt64) and what else is known of their thing."""

    def __init__(self, file: BinaryIO, columns: Columns, held: int) -> None:
        self._file = file
        self._empty = pl.DataFrame(schema={"digest": pl.UInt64, **columns})
        self._most_held = held
        self._held: list[pl.DataFrame] = []
        self._count = 0
        self._written = 0
        #: by range, at which byte of the file rows of it begin, and how many bytes they take
        self._places: list[list[tuple[int, int]]] = [[] for _ in range(RANGES)]

    def __len__(self) -> int:
        """Rows that were added."""
        return self._count

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows: `digest` and the further columns."""
        self._held.append(rows.select(self._empty.columns))
        self._count += rows.height
        if self._count - self._written >= self._most_held:
            self._write()

    @property
    def is_on_disk(self) -> bool:
        """Whether rows have been written: so many were added."""
        return self._written > 0

    def held(self) -> pl.DataFrame:
        """The rows that are held, in no order."""
        return pl.concat([self._empty, *self._held])

    def within(self, number: int) -> pl.DataFrame:
        """The rows of a range, counted from 0; in no order."""
        if self._held:
            self._write()
        return pl.concat([self._empty, *(self._read(*place) for place in self._places[number])])

    def _write(self) -> None:
        rows = pl.concat(self._held).with_columns(number=pl.col("digest") // _WIDTH)
        self._held.clear()
        self._written = self._count
        self._file.seek(0, io.SEEK_END)
        for (number,), part in rows.partition_by("number", as_dict=True, include_key=False).items():
            start = self._file.tell()
            part.write_ipc_stream(self._file)
            self._places[number].append((start, self._file.tell() - start))

    def _read(self, start: int, length: int) -> pl.DataFrame:
        self._file.seek(start)
        return pl.read_ipc_stream(io.BytesIO(self._file.read(length)))


@contextmanager
def digests_on_disk(columns: Columns, held: int = HELD) -> Iterator[Digests]:
    """Room for digests with these columns beside, gone with the context. `held`: rows kept in memory until written."""
    with tempfile.TemporaryFile(prefix="baogong-digests-") as file:
        yield Digests(file, columns, held)


def together(*each: Digests) -> Iterator[tuple[pl.DataFrame, ...]]:
    """The rows of each, equal digests at once: range after range, or as a whole where none has so many yet."""
    if any(digests.is_on_disk for digests in each):
        yield from (tuple(digests.within(number) for digests in each) for number in range(RANGES))
    else:
        yield tuple(digests.held() for digests in each)
