"""SQL of identities: the items that climb the ladder, and writing what it finds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import asyncpg

from hub.ingest.identity import Match, MatchState, Words
from schema.declare import fields_of
from schema.entities.fact import live_now
from schema.entities.matched import MATCH_COLUMNS, Matched

_WORDS = tuple(field.name for field in fields(Words))
_FINDINGS = (
    "unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::text[], $5::text[], $6::bigint[],"
    " $7::numeric[], $8::text[], $9::int[]) AS f (id, valid_from, product_id, match_code, match_method_code,"
    " match_concept_id, match_score, match_evidence, match_judgement_id)"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One row of an item: what it says, and by what a judgement names it."""

    id: int
    #: which of the rows of its history; None in a stage
    valid_from: datetime | None
    #: the item's key in judgements
    key: str
    words: Words


async def staged_items(
    connection: asyncpg.Connection, entity: type[Matched], columns: tuple[str, ...], as_of: datetime
) -> list[Item]:
    """The items of a stage. What the file does not say of them is as it stood at `as_of`, as merging will leave it."""
    table = entity.__tablename__
    own = {column: f"s.{column}" if column in columns else f"v.{column}" for column in _columns(entity)}
    rows = await connection.fetch(
        f"SELECT s.id, NULL::timestamptz, {_key(entity, 's')}, {_words(entity, own)} FROM stage_{table} s"
        f" LEFT JOIN {table} v ON v.id = s.id AND v.superseded_at = 'infinity'"
        " AND v.valid_from <= $1 AND v.valid_to > $1",
        as_of,
    )
    return [_item(tuple(row)) for row in rows]


async def believed_items(
    connection: asyncpg.Connection, entity: type[Matched], key: str | None = None
) -> list[tuple[Item, Match]]:
    """Every row that the hub now believes, of all periods, with the finding in it; of one item if its key is given."""
    own = {column: f"v.{column}" for column in _columns(entity)}
    rows = await connection.fetch(
        "SELECT v.match_code, v.product_id, v.match_method_code, v.match_concept_id, v.match_score,"
        f" coalesce(v.match_evidence, ''), v.match_judgement_id, v.id, v.valid_from, {_key(entity, 'v')},"
        f" {_words(entity, own)}"
        f" FROM {entity.__tablename__} v WHERE v.superseded_at = 'infinity'"
        f" AND ($1::text IS NULL OR {_key(entity, 'v')} = $1) ORDER BY v.id",
        key,
    )
    return [(_item(row[7:]), Match(MatchState(row[0]), *row[1:7])) for row in map(tuple, rows)]


async def key_of(
    connection: asyncpg.Connection, entity: type[Matched], values: Iterable[str | None]
) -> str | None:
    """The key in judgements of the item with these values of `judged_by`; None where there is no such item."""
    where = " AND ".join(
        f"{column} IS NOT DISTINCT FROM ${place}" for place, column in enumerate(entity.judged_by, 1)
    )
    found: str | None = await connection.fetchval(
        f"SELECT {_key(entity, 'v')} FROM {entity.__tablename__} v"
        f" WHERE superseded_at = 'infinity' AND {where} LIMIT 1",
        *values,
    )
    return found


async def key_of_row(connection: asyncpg.Connection, entity: type[Matched], row_id: int) -> str | None:
    """The key in judgements of the item that a row of this identifier is about; None where there is none."""
    found: str | None = await connection.fetchval(
        f"SELECT {_key(entity, 'v')} FROM {entity.__tablename__} v"
        " WHERE superseded_at = 'infinity' AND id = $1 LIMIT 1",
        row_id,
    )
    return found


async def live_rows(connection: asyncpg.Connection, entity: type[Matched], key: str, limit: int) -> list[int]:
    """Identifiers of the rows that now hold of the item with this key in judgements, newest first."""
    rows = await connection.fetch(
        f"SELECT v.id FROM {entity.__tablename__} v WHERE {live_now('v')} AND {_key(entity, 'v')} = $1"
        " ORDER BY v.valid_from DESC, v.id LIMIT $2",
        key,
        limit,
    )
    return [row["id"] for row in rows]


async def stage_findings(
    connection: asyncpg.Connection, entity: type[Matched], findings: Mapping[Item, Match]
) -> None:
    """Write the ladder's findings beside the staged items."""
    assignments = ", ".join(f"{column} = f.{column}" for column in MATCH_COLUMNS)
    await connection.execute(
        f"UPDATE stage_{entity.__tablename__} s SET {assignments} FROM {_FINDINGS} WHERE s.id = f.id",
        *_values(findings),
    )


async def relink(
    connection: asyncpg.Connection,
    entity: type[Matched],
    findings: Mapping[Item, Match],
    recorded_at: datetime,
) -> None:
    """Correct what is known of items in the graph: it was so all along, only the hub learns of it now."""
    columns = [field.name for field in fields_of(entity)]
    given = {column: f"f.{column}" for column in MATCH_COLUMNS} | {
        "recorded_at": "$10",
        "superseded_at": "'infinity'",
    }
    chosen = ", ".join(given.get(column, f"v.{column}") for column in columns)
    await connection.execute(
        f"WITH f AS (SELECT * FROM {_FINDINGS}), old AS (UPDATE {entity.__tablename__} v SET superseded_at = $10"
        " FROM f WHERE v.id = f.id AND v.valid_from = f.valid_from AND v.superseded_at = 'infinity' RETURNING v.*)"
        f" INSERT INTO {entity.__tablename__} ({', '.join(columns)})"
        f" SELECT {chosen} FROM old v JOIN f ON f.id = v.id AND f.valid_from = v.valid_from",
        *_values(findings),
        recorded_at,
    )


def _columns(entity: type[Matched]) -> set[str]:
    return {field.name for field in fields_of(entity)}


def _key(entity: type[Matched], alias: str) -> str:
    """What names an item in judgements, as one text."""
    columns = ", ".join(f"{alias}.{column}" for column in entity.judged_by)
    return f"jsonb_build_array({columns})::text"


def _words(entity: type[Matched], own: Mapping[str, str]) -> str:
    """What an item says of itself, in the order of `Words`; null where no column says it."""
    return ", ".join(_word(word, entity.said_in.get(word, (word,)), own) for word in _WORDS)


def _word(word: str, columns: tuple[str, ...], own: Mapping[str, str]) -> str:
    said = ", ".join(own[column] for column in columns if column in own)
    return f"coalesce({said}) AS {word}" if said else f"NULL::text AS {word}"


def _item(row: tuple[Any, ...]) -> Item:
    return Item(row[0], row[1], row[2], Words(*row[3:]))


def _values(findings: Mapping[Item, Match]) -> tuple[list[object], ...]:
    matches = list(findings.values())
    return (
        [item.id for item in findings],
        [item.valid_from for item in findings],
        [match.product_id for match in matches],
        [match.state.value for match in matches],
        [match.method for match in matches],
        [match.concept_id for match in matches],
        [match.score for match in matches],
        [match.evidence for match in matches],
        [match.judgement_id for match in matches],
    )
