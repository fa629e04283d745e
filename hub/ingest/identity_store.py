"""SQL of identities: what registration knows of some items, and writing the ladder's findings."""

from collections.abc import Iterable
from datetime import datetime

import asyncpg

from hub.ingest.ladder import Candidate, Item, Known, Match
from schema.declare import fields_of
from schema.entities import LocalItem
from schema.entities.fact import live_now

_CANDIDATE = "p.id, p.approval_number, p.name_zh, p.specification"
_ITEM = "id, name_zh, specification, approval_number, standard_code"
_FINDINGS = (
    "unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::numeric[], $6::text[])"
    " AS f (id, product_id, match_code, match_method_code, match_score, match_evidence)"
)
MATCH_COLUMNS = ("product_id", "match_code", "match_method_code", "match_score", "match_evidence")


async def staged_items(connection: asyncpg.Connection, columns: tuple[str, ...]) -> list[Item]:
    """The items of a stage; columns that the file does not have are None."""
    chosen = ", ".join(
        column if column in columns else f"NULL::text AS {column}" for column in _ITEM.split(", ")
    )
    return [Item(*row) for row in await connection.fetch(f"SELECT {chosen} FROM stage_local_item")]


async def unlinked_items(connection: asyncpg.Connection) -> list[Item]:
    """Items in the graph that no medicine was found for, and that name a code."""
    rows = await connection.fetch(
        f"SELECT {_ITEM} FROM local_item WHERE match_code <> 'linked' AND {live_now()}"
        " AND (approval_number IS NOT NULL OR standard_code IS NOT NULL) ORDER BY id"
    )
    return [Item(*row) for row in rows]


async def fetch_known(connection: asyncpg.Connection, items: Iterable[Item]) -> Known:
    """What registration knows of the codes that these items name."""
    items = list(items)
    numbers = sorted({item.approval_number for item in items if item.approval_number})
    codes = sorted({item.standard_code for item in items if item.standard_code})
    by_number = await connection.fetch(
        f"SELECT {_CANDIDATE} FROM product p WHERE p.approval_number = ANY($1) AND {live_now('p')}",
        numbers,
    )
    by_code = await connection.fetch(
        f"SELECT s.standard_code, {_CANDIDATE} FROM standard_code s JOIN product p ON p.id = s.product_id"
        f" WHERE s.standard_code = ANY($1) AND {live_now('s')}"
        f" AND {live_now('p')}",
        codes,
    )
    return Known(
        {row["approval_number"]: Candidate(*row) for row in by_number},
        {row["standard_code"]: Candidate(*list(row)[1:]) for row in by_code},
    )


async def stage_findings(connection: asyncpg.Connection, findings: dict[int, Match]) -> None:
    """Write the ladder's findings beside the staged items."""
    assignments = ", ".join(f"{column} = f.{column}" for column in MATCH_COLUMNS)
    await connection.execute(
        f"UPDATE stage_local_item s SET {assignments} FROM {_FINDINGS} WHERE s.id = f.id",
        *_columns(findings),
    )


async def relink(connection: asyncpg.Connection, findings: dict[int, Match], recorded_at: datetime) -> None:
    """Correct what is known of items in the graph: the link was so all along, only the hub learns of it now."""
    columns = [field.name for field in fields_of(LocalItem)]
    given = {column: f"f.{column}" for column in MATCH_COLUMNS} | {
        "recorded_at": "$7",
        "superseded_at": "'infinity'",
    }
    chosen = ", ".join(given.get(column, f"v.{column}") for column in columns)
    await connection.execute(
        f"WITH f AS (SELECT * FROM {_FINDINGS}), old AS (UPDATE local_item v SET superseded_at = $7 FROM f"
        " WHERE v.id = f.id AND v.superseded_at = 'infinity' RETURNING v.*)"
        f" INSERT INTO local_item ({', '.join(columns)}) SELECT {chosen} FROM old v JOIN f ON f.id = v.id",
        *_columns(findings),
        recorded_at,
    )


def _columns(findings: dict[int, Match]) -> tuple[list[object], ...]:
    matches = list(findings.values())
    return (
        list(findings),
        [match.product_id for match in matches],
        [match.state.value for match in matches],
        [match.method for match in matches],
        [match.score for match in matches],
        [match.evidence for match in matches],
    )
