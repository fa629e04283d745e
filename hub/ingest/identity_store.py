"""SQL of identities: what registration knows of some items, and writing the ladder's findings."""

from collections.abc import Iterable
from datetime import datetime

import asyncpg

from hub.ingest.ladder import HOLDER_METHOD, Candidate, Item, Known, Match
from schema.declare import fields_of
from schema.entities.fact import live_now
from schema.entities.matched import MATCH_COLUMNS, Matched
from schema.names import name_key

_CANDIDATE = "p.id, p.approval_number, p.name_zh, p.specification, p.holder_name, p.manufacturer_name"
_WORDS = ("name_zh", "specification", "approval_number", "standard_code", "holder_name")
_FINDINGS = (
    "unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::numeric[], $6::text[])"
    " AS f (id, product_id, match_code, match_method_code, match_score, match_evidence)"
)


async def staged_items(
    connection: asyncpg.Connection, entity: type[Matched], columns: tuple[str, ...]
) -> list[Item]:
    """The items of a stage; what the file does not say of them is None."""
    rows = await connection.fetch(f"SELECT id, {_words(columns)} FROM stage_{entity.__tablename__}")
    return [Item(*row) for row in rows]


async def items_to_judge_anew(
    connection: asyncpg.Connection, entity: type[Matched]
) -> list[tuple[Item, int | None]]:
    """Items whose finding may be another now, each with the product it is linked to.

    Those are the items without a link that name a code, those linked to a product that this batch changes,
    and those linked because the holder had no other such medicine: it may have one now.
    """
    columns = tuple(field.name for field in fields_of(entity))
    codes = " OR ".join(
        f"{code} IS NOT NULL" for code in ("approval_number", "standard_code") if code in columns
    )
    rows = await connection.fetch(
        f"SELECT id, {_words(columns)}, product_id FROM {entity.__tablename__} WHERE {live_now()}"
        " AND (product_id IN (SELECT id FROM change_product) OR match_method_code = $1"
        f" OR (match_code <> 'linked' AND ({codes}))) ORDER BY id",
        HOLDER_METHOD,
    )
    return [(Item(*words), product_id) for *words, product_id in rows]


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
        f" WHERE s.standard_code = ANY($1) AND {live_now('s')} AND {live_now('p')}",
        codes,
    )
    return Known(
        {row["approval_number"]: Candidate(*row) for row in by_number},
        {row["standard_code"]: Candidate(*list(row)[1:]) for row in by_code},
        await _of_organisations(
            connection,
            {name_key(item.holder_name) for item in items if item.holder_name and item.name_zh is None},
        ),
    )


async def _of_organisations(connection: asyncpg.Connection, keys: set[str]) -> dict[str, list[Candidate]]:
    """All that these organisations hold or make; a name is spelt in several ways, so it is found by its key."""
    if not keys:
        return {}
    names = await connection.fetch(
        f"SELECT holder_name AS name FROM product WHERE {live_now()} AND holder_name IS NOT NULL"
        f" UNION SELECT manufacturer_name FROM product WHERE {live_now()} AND manufacturer_name IS NOT NULL"
    )
    spellings = [name for (name,) in names if name_key(name) in keys]
    rows = await connection.fetch(
        f"SELECT {_CANDIDATE} FROM product p WHERE {live_now('p')}"
        " AND (p.holder_name = ANY($1) OR p.manufacturer_name = ANY($1)) ORDER BY p.id",
        spellings,
    )
    found: dict[str, list[Candidate]] = {key: [] for key in keys}
    for candidate in (Candidate(*row) for row in rows):
        for key in candidate.organisations & keys:
            found[key].append(candidate)
    return found


async def stage_findings(
    connection: asyncpg.Connection, entity: type[Matched], findings: dict[int, Match]
) -> None:
    """Write the ladder's findings beside the staged items."""
    assignments = ", ".join(f"{column} = f.{column}" for column in MATCH_COLUMNS)
    await connection.execute(
        f"UPDATE stage_{entity.__tablename__} s SET {assignments} FROM {_FINDINGS} WHERE s.id = f.id",
        *_columns(findings),
    )


async def relink(
    connection: asyncpg.Connection, entity: type[Matched], findings: dict[int, Match], recorded_at: datetime
) -> None:
    """Correct what is known of items in the graph: it was so all along, only the hub learns of it now."""
    columns = [field.name for field in fields_of(entity)]
    given = {column: f"f.{column}" for column in MATCH_COLUMNS} | {
        "recorded_at": "$7",
        "superseded_at": "'infinity'",
    }
    chosen = ", ".join(given.get(column, f"v.{column}") for column in columns)
    await connection.execute(
        f"WITH f AS (SELECT * FROM {_FINDINGS}), old AS (UPDATE {entity.__tablename__} v SET superseded_at = $7"
        " FROM f WHERE v.id = f.id AND v.superseded_at = 'infinity' RETURNING v.*)"
        f" INSERT INTO {entity.__tablename__} ({', '.join(columns)})"
        f" SELECT {chosen} FROM old v JOIN f ON f.id = v.id",
        *_columns(findings),
        recorded_at,
    )


def _words(columns: tuple[str, ...]) -> str:
    """What an item says of itself, in the order of `Item`; null where there is no such column."""
    return ", ".join(column if column in columns else f"NULL::text AS {column}" for column in _WORDS)


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
