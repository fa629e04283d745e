"""SQL of the listings: feeds, batches, faults, and items that wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from schema.entities import (
    FiledPurchase,
    InstitutionItem,
    LocalItem,
    PlatformProduct,
    ProductionReport,
    SupplyNotice,
)
from schema.entities.fact import live_now
from schema.entities.matched import Matched

Record = Mapping[str, Any]


async def list_feeds(connection: asyncpg.Connection) -> list[Record]:
    """The feeds, each with its number of batches and when it was last heard of."""
    return await _records(
        connection,
        "SELECT f.code, f.name_zh, f.name_en, f.cadence, count(DISTINCT b.id) AS batches,"
        " max(d.received_at) AS last_received_at FROM feed f LEFT JOIN batch b ON b.feed_code = f.code"
        " LEFT JOIN delivery d ON d.batch_id = b.id GROUP BY f.code ORDER BY f.code",
    )


async def list_batches(connection: asyncpg.Connection, feed_code: str | None, limit: int) -> list[Record]:
    """Batches, newest first, with how often their bytes came again, and how many rows are out of quarantine."""
    return await _records(
        connection,
        "SELECT b.*, (SELECT count(*) FROM delivery d WHERE d.batch_id = b.id AND d.is_repeat) AS repeats,"
        " (SELECT count(*) FROM fault_settlement s JOIN quarantined_row q ON q.id = s.row_id"
        " WHERE q.batch_id = b.id) AS rows_settled"
        " FROM batch b WHERE $1::text IS NULL OR b.feed_code = $1 ORDER BY b.id DESC LIMIT $2",
        feed_code,
        limit,
    )


@dataclass(frozen=True, slots=True)
class FaultQuery:
    """Which faults to list."""

    batch_id: int | None = None
    feed_code: str | None = None
    code: str | None = None
    #: also those whose row has come in meanwhile
    with_settled: bool = False
    limit: int | None = None
    offset: int = 0


async def list_faults(connection: asyncpg.Connection, query: FaultQuery) -> list[Record]:
    """Faults and notices, by batch and row, with what settled their row; those of the newest batches first."""
    return await _records(
        connection,
        "SELECT f.batch_id, b.feed_code, b.sender_code, b.file_name, f.row_number, f.column_name, f.found_text,"
        " f.code, f.hint, f.is_notice, CASE WHEN f.is_notice THEN '提示 notice'"
        " WHEN s.method_code = 'restated' THEN '已更正 restated' WHEN s.row_id IS NOT NULL"
        " THEN '已重新入库 re-entered' ELSE '隔离 quarantined' END AS kind, q.identity, s.method_code AS settled_how,"
        " s.batch_id AS settled_batch_id, s.row_number AS settled_row_number, s.cause_batch_id, s.settled_at"
        " FROM fault f JOIN batch b ON b.id = f.batch_id LEFT JOIN quarantined_row q"
        " ON q.id = f.row_id AND NOT f.is_notice LEFT JOIN fault_settlement s ON s.row_id = q.id"
        " WHERE ($1::int IS NULL OR f.batch_id = $1) AND ($2::text IS NULL OR b.feed_code = $2)"
        " AND ($3::text IS NULL OR f.code = $3) AND ($4 OR s.row_id IS NULL)"
        " ORDER BY f.batch_id DESC, f.row_number, f.ordinal LIMIT $5 OFFSET $6",
        query.batch_id,
        query.feed_code,
        query.code,
        query.with_settled,
        query.limit,
        query.offset,
    )


async def list_waiting(connection: asyncpg.Connection, limit: int) -> list[Record]:
    """Items that no registered medicine was found for, and why; of a medicine's monthly reports the latest."""
    words = (
        "'{kind}' AS item_kind, jsonb_build_array({key})::text AS item_key, name_zh, specification,"
        " {holder} AS manufacturer_name, approval_number, match_code, match_evidence, batch_id, row_number"
    )
    still = f"match_code NOT IN ('linked', 'none') AND {live_now()}"
    thing = "sender_code, uscc, approval_number, specification"
    return await _records(
        connection,
        f"SELECT * FROM (SELECT 'pharmacy' AS feed_code, sender_code, item_code,"
        f" {_said(words, LocalItem, 'manufacturer_name')} FROM local_item WHERE {still} UNION ALL"
        f" SELECT 'hospital', sender_code, item_code,"
        f" {_said(words, InstitutionItem, 'manufacturer_name')} FROM institution_item WHERE {still} UNION ALL"
        f" (SELECT DISTINCT ON ({thing}) 'production', sender_code, NULL,"
        f" {_said(words, ProductionReport, 'holder_name')} FROM production_report WHERE {still}"
        f" ORDER BY {thing}, report_month DESC) UNION ALL SELECT 'production', sender_code, NULL,"
        f" {_said(words, SupplyNotice, 'holder_name')} FROM supply_notice WHERE {still} UNION ALL"
        f" SELECT 'procurement', sender_code, product_code,"
        f" {_said(words, PlatformProduct, 'holder_name')} FROM platform_product WHERE {still} UNION ALL"
        f" SELECT 'procurement', sender_code, filing_number,"
        f" {_said(words, FiledPurchase, 'holder_name')} FROM filed_purchase WHERE {still}) w"
        " ORDER BY feed_code, sender_code, item_code, approval_number, batch_id, row_number"
        " LIMIT $1",
        limit,
    )


def _said(words: str, entity: type[Matched], holder: str) -> str:
    """What is shown of an item, and by what a judgement names it."""
    return words.format(kind=entity.__tablename__, key=", ".join(entity.judged_by), holder=holder)


async def _records(connection: asyncpg.Connection, statement: str, *values: Any) -> list[Record]:
    return [dict(row) for row in await connection.fetch(statement, *values)]
