"""SQL of people's judgements; rows are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import asyncpg

from hub.ingest.identity import Match, MatchState
from schema.entities.fact import live_now
from schema.entities.matched import Matched

#: method of a link that a person made
METHOD = "judgement"
_STANDS = "NOT EXISTS (SELECT FROM judgement_withdrawal w WHERE w.judgement_id = j.id)"


class Verdict(StrEnum):
    """What a person may say of an item."""

    PRODUCT = "product"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who decided something, and why."""

    decided_by: str
    reason: str
    decided_at: datetime


async def standing(connection: asyncpg.Connection, entity: type[Matched], keys: set[str]) -> dict[str, Match]:
    """By item key, the finding that a judgement dictates until it is withdrawn."""
    rows = await connection.fetch(
        "SELECT j.item_key, j.id, j.verdict_code, j.product_id, j.decided_by, j.reason FROM judgement j"
        f" WHERE j.item_kind = $1 AND j.item_key = ANY($2) AND {_STANDS} ORDER BY j.id",
        entity.__tablename__,
        sorted(keys),
    )
    return {row["item_key"]: _finding(row) for row in rows}


async def standing_number(connection: asyncpg.Connection, entity: type[Matched], key: str) -> int | None:
    """The number of the judgement that stands about an item."""
    found: int | None = await connection.fetchval(
        f"SELECT j.id FROM judgement j WHERE j.item_kind = $1 AND j.item_key = $2 AND {_STANDS}",
        entity.__tablename__,
        key,
    )
    return found


async def insert_judgement(
    connection: asyncpg.Connection,
    entity: type[Matched],
    key: str,
    product_id: int | None,
    ruling: Ruling,
) -> int:
    """Write a judgement down; gives its number. Numbers have no gaps."""
    verdict = Verdict.NONE if product_id is None else Verdict.PRODUCT
    number: int = await connection.fetchval(
        "INSERT INTO judgement"
        " (id, item_kind, item_key, sender_code, verdict_code, product_id, decided_by, reason, decided_at)"
        " SELECT coalesce(max(id), 0) + 1, $1, $2::text, $2::text::json ->> 0, $3, $4, $5, $6, $7 FROM judgement"
        " RETURNING id",
        entity.__tablename__,
        key,
        verdict.value,
        product_id,
        ruling.decided_by,
        ruling.reason,
        ruling.decided_at,
    )
    return number


async def insert_withdrawal(connection: asyncpg.Connection, number: int, ruling: Ruling) -> None:
    """Write down that a judgement no longer stands."""
    await connection.execute(
        "INSERT INTO judgement_withdrawal (judgement_id, decided_by, reason, decided_at) VALUES ($1, $2, $3, $4)",
        number,
        ruling.decided_by,
        ruling.reason,
        ruling.decided_at,
    )


async def judged_item(connection: asyncpg.Connection, number: int) -> tuple[str, str, bool] | None:
    """Kind and key of the item that a judgement is about, and whether it stands; None where there is no such one."""
    row = await connection.fetchrow(
        f"SELECT item_kind, item_key, {_STANDS} FROM judgement j WHERE id = $1", number
    )
    return row and tuple(row)


async def find_product(connection: asyncpg.Connection, approval_number: str) -> int | None:
    """The registered medicine with this number."""
    found: int | None = await connection.fetchval(
        f"SELECT id FROM product WHERE approval_number = $1 AND {live_now()}", approval_number
    )
    return found


async def list_judgements(connection: asyncpg.Connection, limit: int) -> list[Mapping[str, Any]]:
    """Judgements, newest first, with their medicine and their withdrawal."""
    rows = await connection.fetch(
        "SELECT j.id, j.item_kind, j.item_key, j.verdict_code, p.approval_number, p.name_zh, j.decided_by, j.reason,"
        " j.decided_at, w.decided_by AS withdrawn_by, w.reason AS withdrawn_reason, w.decided_at AS withdrawn_at"
        " FROM judgement j LEFT JOIN judgement_withdrawal w ON w.judgement_id = j.id"
        f" LEFT JOIN product p ON p.id = j.product_id AND {live_now('p')} ORDER BY j.id DESC LIMIT $1",
        limit,
    )
    return [dict(row) for row in rows]


def _finding(row: asyncpg.Record) -> Match:
    evidence = f"人工判定 judgement {row['id']}，{row['decided_by']}：{row['reason']}"
    if row["product_id"] is None:
        return Match(MatchState.NONE, None, METHOD, None, None, evidence, row["id"])
    return Match(MatchState.LINKED, row["product_id"], METHOD, None, Decimal("1.00"), evidence, row["id"])
