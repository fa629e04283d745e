"""One unchanging view of the store, for whoever reads much and must not see half of a promotion."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pyarrow as pa
from pyarrow import csv

#: rows fetched at a time: some megabytes
_ROWS = 10_000
#: bytes of COPY that are parsed at a time, and how many such pieces may wait for whoever reads
_BLOCK_BYTES, _BLOCKS_AHEAD = 4 << 20, 2


class StoreSnapshot:
    """The store as it was when the snapshot was opened."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def rows(self, query: str) -> AsyncIterator[Sequence[Sequence[Any]]]:
        """The rows of a query, some at a time."""
        cursor = await self._connection.cursor(query)
        while rows := await cursor.fetch(_ROWS):
            yield rows

    async def batches(self, query: str, schema: pa.Schema) -> AsyncGenerator[pa.RecordBatch, None]:
        """The rows of a query, some at a time, as Arrow has them: COPY, which no row of goes through Python."""
        copy = _Copy(self._connection)
        copying = asyncio.create_task(copy.run(query))
        try:
            while block := await copy.blocks.get():
                copy.room.release()
                for batch in await asyncio.to_thread(_parse, block, schema):
                    yield batch
            await copying
        finally:
            copy.stop()
            await asyncio.gather(copying, return_exceptions=True)


class _Copy:
    """A COPY from the database: blocks of whole rows, an empty one at the end."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._pending: list[bytes] = []
        self._size = 0
        self._is_stopped = False
        self.blocks: asyncio.Queue[bytes] = asyncio.Queue()
        #: how many more blocks may wait for whoever reads
        self.room = asyncio.Semaphore(_BLOCKS_AHEAD)

    async def run(self, query: str) -> None:
        """Read all rows of a query."""
        try:
            await self._connection.copy_from_query(query, output=self._take, format="csv")
            if self._pending:
                self._hand_over()
        finally:
            self.blocks.put_nowait(b"")

    def stop(self) -> None:
        """Nobody wants the rest: it is read and thrown away, for no connection survives a COPY cut off."""
        self._is_stopped = True
        self.room.release()

    async def _take(self, rows: bytes) -> None:
        # whole rows: the driver hands over messages of the protocol, each of which is one row
        if self._is_stopped:
            return
        self._pending.append(rows)
        self._size += len(rows)
        if self._size >= _BLOCK_BYTES:
            await self.room.acquire()
            self._hand_over()

    def _hand_over(self) -> None:
        self.blocks.put_nowait(b"".join(self._pending))
        self._pending.clear()
        self._size = 0


def _parse(block: bytes, schema: pa.Schema) -> list[pa.RecordBatch]:
    """Rows as PostgreSQL writes them: an empty field is NULL, a quoted empty one is an empty text."""
    read = csv.ReadOptions(column_names=schema.names, block_size=len(block) + 1, use_threads=False)
    parse = csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    convert = csv.ConvertOptions(
        column_types={field.name: _parsed_as(field.type) for field in schema},
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    table = csv.read_csv(
        pa.BufferReader(block), read_options=read, parse_options=parse, convert_options=convert
    )
    batches: list[pa.RecordBatch] = table.cast(schema, safe=False).to_batches()
    return batches


def _parsed_as(kind: pa.DataType) -> pa.DataType:
    """PostgreSQL writes microseconds; what is asked for may be coarser."""
    return pa.timestamp("us", kind.tz) if pa.types.is_timestamp(kind) else kind


@asynccontextmanager
async def open_snapshot(connection: asyncpg.Connection) -> AsyncIterator[StoreSnapshot]:
    """Open a snapshot on a connection; it can read only."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        yield StoreSnapshot(connection)
