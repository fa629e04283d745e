"""The data files of a release, from one snapshot: every row is read once, and written in all formats at once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from publish import layout, parts
from publish.files import CsvFiles, JsonLinesFile, ParquetFile, Rows, Writer, Written
from publish.forms import as_texts, whole_seconds
from publish.layout import SQLITE_NAME
from publish.sqlite import SqliteFile, SqliteRows
from publish.tables import PublicTable, public_tables
from publish.tally import Tally
from schema.entities import Batch

#: rows written at a time; as many as DuckDB reads at a time
BATCH_ROWS = 122_880


class Snapshot(Protocol):
    """One unchanging view of the store."""

    def batches(self, query: str, schema: pa.Schema) -> AsyncIterator[pa.RecordBatch]:
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
    #: province → rows of what is on sale there
    provinces: dict[str, int] = field(default_factory=dict)
    #: batch → what the release says of it
    batches: list[dict[str, Any]] = field(default_factory=list)


async def write_data(snapshot: Snapshot, folder: Path) -> Data:
    """Write all data files of a release into a folder."""
    data = Data()
    tables = public_tables()
    national = SqliteFile(folder / SQLITE_NAME, tables, is_searched=True)
    for table in tables:
        writers: list[Writer] = [SqliteRows(national, table)]
        if not table.is_partitioned:
            writers += _whole(folder, table, None)
        rules = [parts.NATIONAL_CONDITION] if table.is_partitioned else []
        await Part(table, None, data).write(snapshot, rules, writers)
    national.loaded()
    rows = await asyncio.to_thread(national.finish)
    data.files.append(Written(SQLITE_NAME, "sqlite", None, sum(rows.values())))
    await _write_provinces(snapshot, folder, tables, data)
    return data


async def _write_provinces(
    snapshot: Snapshot, folder: Path, tables: Sequence[PublicTable], data: Data
) -> None:
    (cut,) = (table for table in tables if table.is_partitioned)
    schema = pa.schema([("province", pa.string())])
    found = [batch async for batch in snapshot.batches(parts.provinces_query(cut), schema)]
    for province in [code for batch in found for code in batch.column(0).to_pylist()]:
        await _write_province(snapshot, folder, tables, province, data)
    data.rows[cut.name] = sum(data.provinces.values())


async def _write_province(
    snapshot: Snapshot, folder: Path, tables: Sequence[PublicTable], province: str, data: Data
) -> None:
    (cut,) = (table for table in tables if table.is_partitioned)
    beside = [table for name in parts.PROVINCE_TABLES for table in tables if table.name == name]
    path = layout.province_sqlite(province)
    file = SqliteFile(folder / path, [cut, *beside])
    writers = [SqliteRows(file, cut), *_whole(folder, cut, province)]
    await Part(cut, province, data).write(snapshot, [parts.province_condition(province)], writers)
    file.loaded()
    for table in beside:
        condition = parts.PROVINCE_TABLES[table.name].format(province=province)
        await asyncio.to_thread(file.copy, folder / SQLITE_NAME, table, condition)
    rows = await asyncio.to_thread(file.finish)
    data.provinces[province] = rows[cut.name]
    data.files.append(Written(path, "sqlite", None, sum(rows.values()), province=province))


def _whole(folder: Path, table: PublicTable, province: str | None) -> list[Writer]:
    return [
        ParquetFile(folder, table, province),
        CsvFiles(folder, table, province),
        JsonLinesFile(folder, table, province),
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """A table, or what of it is written together."""

    table: PublicTable
    province: str | None
    data: Data

    async def write(self, snapshot: Snapshot, rules: Sequence[str], writers: Sequence[Writer]) -> None:
        """Read the rows that meet the rules, and write them in all formats."""
        tally = Tally.of(self.table.arrow())
        if self.table.absent is None:
            rows = snapshot.batches(self.table.select(*rules), self.table.arrow())
            async for batch in even(rows, BATCH_ROWS):
                await self._take(batch, tally, writers)
        for writer in writers:
            self.data.files += writer.close()
        self.data.tallies[self.table.name, self.province] = tally
        if self.province is None:
            self.data.rows[self.table.name] = tally.rows

    async def _take(self, batch: pa.RecordBatch, tally: Tally, writers: Sequence[Writer]) -> None:
        exact = whole_seconds(batch)
        rows = Rows(exact, as_texts(exact))
        work = (asyncio.to_thread(writer.write, rows) for writer in writers)
        await asyncio.gather(asyncio.to_thread(tally.add, rows.texts), *work)
        if self.table.entity is Batch:
            self.data.batches += exact.to_pylist()


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
