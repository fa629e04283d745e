"""The data files of a release, from one snapshot: every row is read once, and written in all formats at once."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from publish import layout, parts
from publish.files import CsvFiles, JsonLinesFile, ParquetFile, Rows, Writer, Written
from publish.forms import as_texts, whole_seconds
from publish.layout import SQLITE_NAME
from publish.sqlite import SqliteFile, SqliteRows
from publish.tables import PublicTable, public_tables
from publish.tally import Tally
from schema.entities import Batch

Result = TypeVar("Result")

#: rows written at a time, and of a row group of Parquet: some megabytes in each format
BATCH_ROWS = 16_384
#: writers that work at a time: each has a copy of the rows in its own form
_WORKERS = 2


class Snapshot(Protocol):
    """One unchanging view of the store."""

    def batches(self, query: str, schema: pa.Schema) -> AsyncGenerator[pa.RecordBatch, None]:
        """The rows of a query, some at a time, with the columns that the schema names."""
        ...


@dataclass(slots=True)
class Data:
    """What was written."""

    files: list[Written] = field(default_factory=list)
    #: table and province (None: the whole, or what the national file has of it) → what its rows come to
    tallies: dict[tuple[str, str | None], Tally] = field(default_factory=dict)
    #: table → its rows in the whole release
    rows: dict[str, int] = field(default_factory=dict)
    #: province → rows of what is on sale and kept there
    provinces: dict[str, int] = field(default_factory=dict)
    #: batch → what the release says of it
    batches: list[dict[str, Any]] = field(default_factory=list)


async def write_data(snapshot: Snapshot, folder: Path) -> Data:
    """Write all data files of a release into a folder."""
    data = Data()
    with ThreadPoolExecutor(_WORKERS) as workers:
        await Build(snapshot, folder, data, workers).write()
    return data


@dataclass(frozen=True, slots=True)
class Build:
    """A build going on: where rows come from and go to, and who works."""

    snapshot: Snapshot
    folder: Path
    data: Data
    workers: Executor

    async def write(self) -> None:
        """Write everything."""
        tables = public_tables()
        with SqliteFile(self.folder / SQLITE_NAME, tables, is_searched=True) as national:
            for table in tables:
                await self._write_table(table, national)
        rows = await self._work(national.finish)
        self.data.files.append(Written(SQLITE_NAME, "sqlite", None, sum(rows.values())))
        await self._write_provinces(tables)

    async def _write_table(self, table: PublicTable, national: SqliteFile) -> None:
        writers: list[Writer] = [SqliteRows(national, table)]
        if not table.is_partitioned:
            writers += _whole(self.folder, table, None)
        rules = [parts.national_condition(table)] if table.is_partitioned else []
        tally = await self._write_rows(table, None, rules, writers)
        self.data.rows[table.name] = tally.rows

    async def _write_provinces(self, tables: Sequence[PublicTable]) -> None:
        cut = [table for table in tables if table.is_partitioned]
        beside = [table for name in parts.PROVINCE_TABLES for table in tables if table.name == name]
        for province in await self._provinces(cut):
            await self._write_province(cut, beside, province)
        for table in cut:
            self.data.rows[table.name] = sum(
                tally.rows
                for (name, province), tally in self.data.tallies.items()
                if name == table.name and province is not None
            )

    async def _provinces(self, cut: Sequence[PublicTable]) -> list[str]:
        schema = pa.schema([("province", pa.string())])
        found: set[str] = set()
        for table in cut:
            async for batch in self.snapshot.batches(parts.provinces_query(table), schema):
                found.update(batch.column(0).to_pylist())
        return sorted(found)

    async def _write_province(
        self, cut: Sequence[PublicTable], beside: Sequence[PublicTable], province: str
    ) -> None:
        path = layout.province_sqlite(province)
        with SqliteFile(self.folder / path, [*cut, *beside]) as file:
            for table in cut:
                writers = [SqliteRows(file, table), *_whole(self.folder, table, province)]
                await self._write_rows(table, province, [parts.province_condition(province)], writers)
        for table in beside:
            condition = parts.PROVINCE_TABLES[table.name].format(province=province)
            await self._work(file.copy, self.folder / SQLITE_NAME, table, condition)
        rows = await self._work(file.finish)
        self.data.provinces[province] = sum(rows[table.name] for table in cut)
        self.data.files.append(Written(path, "sqlite", None, sum(rows.values()), province=province))

    async def _write_rows(
        self, table: PublicTable, province: str | None, rules: Sequence[str], writers: Sequence[Writer]
    ) -> Tally:
        """Read the rows that meet the rules, and write them in all formats."""
        tally = Tally.of(table.arrow())
        try:
            if table.absent is None:
                query = self.snapshot.batches(table.select(*rules), table.arrow())
                async with aclosing(query) as rows:
                    async for batch in even(rows, BATCH_ROWS):
                        await self._take(table, batch, tally, writers)
        finally:
            written = [each for writer in writers for each in writer.close()]
        self.data.files += written
        self.data.tallies[table.name, province] = tally
        return tally

    async def _take(
        self, table: PublicTable, batch: pa.RecordBatch, tally: Tally, writers: Sequence[Writer]
    ) -> None:
        exact = whole_seconds(batch)
        both = Rows(exact, as_texts(exact))
        futures = [self.workers.submit(tally.add, both.texts)]
        futures += [self.workers.submit(writer.write, both) for writer in writers]
        try:
            await asyncio.gather(*map(asyncio.wrap_future, futures))
        finally:
            # where one failed the others must not find their files closed under them
            wait(futures)
        if table.entity is Batch:
            self.data.batches += exact.to_pylist()

    def _work(self, do: Callable[..., Result], *arguments: Any) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(self.workers, do, *arguments)


def _whole(folder: Path, table: PublicTable, province: str | None) -> list[Writer]:
    return [
        ParquetFile(folder, table, province),
        CsvFiles(folder, table, province),
        JsonLinesFile(folder, table, province),
    ]


async def even(batches: AsyncIterator[pa.RecordBatch], rows: int) -> AsyncIterator[pa.RecordBatch]:
    """The same rows in pieces of one size: where pieces end shows in files, and how they arrive is chance."""
    pending: list[pa.RecordBatch] = []
    waiting = 0
    async for batch in batches:
        pending.append(batch)
        waiting += batch.num_rows
        while waiting >= rows:
            whole = pa.Table.from_batches(pending).combine_chunks().to_batches()[0]
            yield whole.slice(0, rows)
            pending = [whole.slice(rows)]
            waiting -= rows
    if waiting:
        yield pa.Table.from_batches(pending).combine_chunks().to_batches()[0]
