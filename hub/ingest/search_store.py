"""SQL of the search: who bears which names now, and the documents of names in which words are looked up."""

from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg

from schema.entities.fact import live_now
from schema.search_rules import Kind

#: what is found, and its names, the first of which is shown
_BEARERS = {
    Kind.MEDICINE: "SELECT id AS thing_id, array_remove(ARRAY[name_zh, name_en, trade_name_zh, trade_name_en], NULL)"
    f"::text[] AS names FROM product WHERE {live_now()}",
    Kind.ORGANIZATION: 'SELECT o.id AS thing_id, o.name::text || ARRAY(SELECT DISTINCT a.name COLLATE "C"'
    " FROM organization_alias a WHERE a.organization_id = o.id AND a.name <> o.name ORDER BY 1)::text[] AS names"
    " FROM organization o WHERE true",
    Kind.PLACE: "SELECT code::bigint AS thing_id, ARRAY[name]::text[] AS names"
    f" FROM region WHERE {live_now()}",
}
#: their keys there
_KEYS = {Kind.MEDICINE: "id", Kind.ORGANIZATION: "o.id", Kind.PLACE: "code::bigint"}
_INDEX = "CREATE INDEX search_document_by_lexemes ON search_document USING gin (lexemes)"
#: new documents from which on it is quicker to make the index anew, if there were fewer before
_MANY = 10_000


@dataclass(frozen=True, slots=True)
class Renamed:
    """Things that bear names of which their document does not tell."""

    names: tuple[str, ...]
    thing_ids: list[int]
    #: the documents that they had
    old_ids: list[int]


@dataclass(frozen=True, slots=True)
class Document:
    """A document to be written."""

    id: int
    names: tuple[str, ...]
    lexemes: list[str]


async def find_renamed(
    connection: asyncpg.Connection, kind: Kind, rules: str, among: list[int] | None
) -> list[Renamed]:
    """Things of a kind (`among` these; None: all) that are new or bear other names than before, by their names."""
    rows = await connection.fetch(
        "SELECT n.names, array_agg(n.thing_id),"
        " array_agg(DISTINCT t.document_id) FILTER (WHERE t.document_id IS NOT NULL)"
        f" FROM ({_bearers(kind, among)}) n"
        " LEFT JOIN search_thing t ON t.kind_code = $1 AND t.thing_id = n.thing_id"
        " LEFT JOIN search_document d ON d.id = t.document_id"
        " WHERE d.id IS NULL OR d.names <> n.names OR d.rules_code <> $2 GROUP BY n.names",
        *(kind, rules, *_given(among)),
    )
    return [Renamed(tuple(names), things, old or []) for names, things, old in rows]


async def drop_gone(connection: asyncpg.Connection, kind: Kind, among: list[int] | None) -> list[int]:
    """Forget things that are no more; gives the documents that they had."""
    within = "" if among is None else " AND t.thing_id = ANY($2)"
    rows = await connection.fetch(
        f"DELETE FROM search_thing t WHERE t.kind_code = $1{within} AND NOT EXISTS"
        f" (SELECT FROM ({_bearers(kind, None)}) n WHERE n.thing_id = t.thing_id) RETURNING t.document_id",
        *(kind, *_given(among)),
    )
    return [row[0] for row in rows]


async def known_documents(connection: asyncpg.Connection, wanted: Iterable[int], rules: str) -> set[int]:
    """Which of these documents there are, made by these rules."""
    rows = await connection.fetch(
        "SELECT id FROM search_document WHERE id = ANY($1) AND rules_code = $2", list(wanted), rules
    )
    return {row[0] for row in rows}


async def count_documents(connection: asyncpg.Connection) -> int:
    """How many documents there are."""
    found: int = await connection.fetchval("SELECT count(*) FROM search_document")
    return found


async def open_document_stage(connection: asyncpg.Connection) -> None:
    """Make the temporary table of documents to be written."""
    await connection.execute(
        "CREATE TEMP TABLE stage_search_document (id bigint, names text[], lexemes text) ON COMMIT DROP"
    )


async def stage_documents(connection: asyncpg.Connection, documents: Iterable[Document]) -> None:
    """Stage some documents."""
    await connection.copy_records_to_table(
        "stage_search_document",
        # no lexeme has a blank in it
        records=[(each.id, each.names, " ".join(each.lexemes)) for each in documents],
    )


async def write_documents(
    connection: asyncpg.Connection, kind: Kind, rules: str, new: int, before: int
) -> None:
    """Write the staged documents, `new` of them beside those `before`."""
    makes_anew = new >= _MANY and new > before
    if makes_anew:
        await connection.execute("DROP INDEX search_document_by_lexemes")
    await connection.execute(
        "INSERT INTO search_document (id, kind_code, names, rules_code, lexemes)"
        " SELECT id, $1, names, $2, array_to_tsvector(string_to_array(lexemes, ' ')) FROM stage_search_document"
        " ON CONFLICT (id) DO UPDATE SET rules_code = EXCLUDED.rules_code, lexemes = EXCLUDED.lexemes",
        kind,
        rules,
    )
    await connection.execute("DROP TABLE stage_search_document")
    if makes_anew:
        await connection.execute(_INDEX)
        await connection.execute("ANALYZE search_document")


async def link_things(
    connection: asyncpg.Connection, kind: Kind, links: list[tuple[int, int]], *, are_news: bool
) -> None:
    """Give things (identifier, document) their documents. `are_news`: so many that the planner has to be told."""
    await connection.execute(
        "CREATE TEMP TABLE stage_search_thing (thing_id bigint, document_id bigint) ON COMMIT DROP"
    )
    await connection.copy_records_to_table("stage_search_thing", records=links)
    await connection.execute(
        "INSERT INTO search_thing (kind_code, thing_id, document_id) SELECT $1, thing_id, document_id"
        " FROM stage_search_thing ON CONFLICT (kind_code, thing_id) DO UPDATE SET document_id = EXCLUDED.document_id",
        kind,
    )
    await connection.execute("DROP TABLE stage_search_thing")
    if are_news:
        await connection.execute("ANALYZE search_thing")


async def drop_orphans(connection: asyncpg.Connection, suspects: Iterable[int]) -> None:
    """Forget those of the documents whose names nobody bears any more."""
    await connection.execute(
        "DELETE FROM search_document d WHERE d.id = ANY($1)"
        " AND NOT EXISTS (SELECT FROM search_thing t WHERE t.document_id = d.id)",
        list(suspects),
    )


def _bearers(kind: Kind, among: list[int] | None) -> str:
    return _BEARERS[kind] if among is None else f"{_BEARERS[kind]} AND {_KEYS[kind]} = ANY($3)"


def _given(among: list[int] | None) -> tuple[list[int], ...]:
    return () if among is None else (among,)
