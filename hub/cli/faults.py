"""`baogong feed faults`: what in rows could not be understood, what settled it, and a list to send to the sender."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.feed import AsJson
from hub.cli.listing import Record, err, out, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.config import Settings
from hub.errors import NoSuchBatchError
from hub.ingest.batch_store import fetch_batch
from hub.ingest.landing import Landing
from hub.ingest.listing_store import FaultQuery, list_faults
from hub.ingest.rows import rows_as_sent
from schema.declare import Label

_COLUMNS = {
    "batch_id": "批次 batch",
    "row_number": "行 row",
    "column_name": "列 column",
    "found_text": "原文 text",
    "code": "代码 code",
    "kind": "类别 kind",
    "hint": "说明 hint",
}
_SENT = "原行 row as sent"
#: what a spreadsheet program would take for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def faults(
    batch: Annotated[
        int | None, typer.Argument(help="批次编号，缺省为全部批次 Batch number; default: all batches.")
    ] = None,
    feed: Annotated[str | None, typer.Option(help="只看此数据源 Only this feed.")] = None,
    code: Annotated[str | None, typer.Option(help="只看此问题代码 Only this fault code.")] = None,
    with_settled: Annotated[
        bool, typer.Option("--all", help="连同已重新入库的 Also rows that have come in meanwhile.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="每页条数 How many on a page.")] = 100,
    page: Annotated[int, typer.Option(min=1, help="第几页 Which page.")] = 1,
    csv_path: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            dir_okay=False,
            help="导出一个批次的问题行及原行，供退回发送方 Write a batch's, with their rows, for its sender.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """列出问题行：代码、行、列、原文、说明 List what in rows could not be understood and still waits."""
    if csv_path is not None:
        if batch is None:
            raise typer.BadParameter(
                "--csv 须写明批次：一个发送方的行不得给另一个 name the batch: rows are their sender's only"
            )
        query = FaultQuery(batch, feed, code, with_settled)
        count = run(_export(read_settings(), batch, query, csv_path))
        out.print(f"已导出 written: {csv_path}（{count} 条 faults）", markup=False, highlight=False)
        return
    query = FaultQuery(batch, feed, code, with_settled, limit + 1, (page - 1) * limit)
    records = run(_list(read_settings(), query))
    show(records[:limit], _COLUMNS, as_json=as_json, empty="没有待处理的问题行 no faults that wait")
    if len(records) > limit:
        err.print(f"还有更多 there are more: --page {page + 1}", highlight=False)


async def _list(settings: Settings, query: FaultQuery) -> list[Record]:
    async with ready_database(settings) as url, connection_to(url) as connection:
        return await list_faults(connection, query)


async def _export(settings: Settings, number: int, query: FaultQuery, path: Path) -> int:
    async with ready_database(settings) as url, connection_to(url) as connection:
        batch = await fetch_batch(connection, number)
        if batch is None:
            raise NoSuchBatchError(
                "batch.unknown", Label(f"没有批次 {number}。", f"there is no batch {number}")
            )
        found = await list_faults(connection, query)
    sent = rows_as_sent(Landing(settings.landing_dir), batch, {record["row_number"] for record in found})
    _write(path, ({**record, "sent": sent.get(record["row_number"], "")} for record in found))
    return len(found)


def _write(path: Path, records: Iterable[Record]) -> None:
    """A CSV that Excel opens as it is, readable by its owner only: it holds what the sender wrote."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([*_COLUMNS.values(), _SENT])
        lines.writerows([_harmless(record[key]) for key in (*_COLUMNS, "sent")] for record in records)


def _harmless(value: object) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
