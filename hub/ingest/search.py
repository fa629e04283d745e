"""The search follows the facts: what bears other names than before gets another document, in the same transaction.

Which documents there are and who has which follows from the live facts alone, in whatever order they came.
"""

import asyncio
import importlib
from collections.abc import Iterator, Sequence

import asyncpg

from hub.ingest import batch_store, search_code_store, search_store
from hub.ingest.search_store import Document, Renamed
from schema.search_rules import Kind, rules_code

#: documents made and staged at a time
_SOME = 5_000
#: more things than this are not looked up one by one
_FEW = 10_000
#: so many things with new names that the planner has to be told
_NEWS = 1_000


async def follow(connection: asyncpg.Connection) -> None:
    """After a promotion, within its transaction: follow what it changed of medicines and divisions.

    Organisations are followed where they are worked out (`hub.ingest.organization_store`).
    """
    for kind in (Kind.MEDICINE, Kind.PLACE):
        changed = await search_code_store.changed_things(connection, kind)
        if changed:
            await refresh(connection, kind, changed if len(changed) <= _FEW else None)


async def rebuild(connection: asyncpg.Connection) -> None:
    """Make whatever is missing or made by other rules, as after an upgrade of the program."""
    await batch_store.lock_ingest(connection)
    try:
        async with connection.transaction():
            for kind in Kind:
                await refresh(connection, kind)
    finally:
        await batch_store.unlock_ingest(connection)


async def refresh(connection: asyncpg.Connection, kind: Kind, among: list[int] | None = None) -> None:
    """Make the search tell of the things of a kind (`among` these; None: all) what the facts now tell."""
    rules = rules_code()
    renamed = await search_store.find_renamed(connection, kind, rules, among)
    suspects = set(await search_store.drop_gone(connection, kind, among))
    if renamed:
        links = await _write(connection, kind, rules, renamed)
        await search_store.link_things(connection, kind, links, are_news=len(links) >= _NEWS)
        suspects.update(old for each in renamed for old in each.old_ids)
    if suspects:
        await search_store.drop_orphans(connection, suspects)
    if await search_code_store.refresh_codes(connection, kind, among) >= _NEWS:
        await search_code_store.tell_planner(connection)


async def _write(
    connection: asyncpg.Connection, kind: Kind, rules: str, renamed: Sequence[Renamed]
) -> list[tuple[int, int]]:
    """Write the documents that are not there yet; gives which thing has which."""
    # pinyin takes half a second to load, which most batches need not wait for
    index = importlib.import_module("schema.search_index")
    ids = {each.names: index.document_id(kind, each.names) for each in renamed}
    known = await search_store.known_documents(connection, ids.values(), rules)
    wanted = sorted(names for names, id_ in ids.items() if id_ not in known)
    if wanted:
        before = await search_store.count_documents(connection)
        await search_store.open_document_stage(connection)
        for some in _in_parts(wanted):
            made = await asyncio.to_thread(
                lambda names: [Document(ids[n], n, index.document_lexemes(kind, n)) for n in names], some
            )
            await search_store.stage_documents(connection, made)
        await search_store.write_documents(connection, kind, rules, len(wanted), before)
    return [(thing, ids[each.names]) for each in renamed for thing in each.thing_ids]


def _in_parts(wanted: list[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    return (wanted[start : start + _SOME] for start in range(0, len(wanted), _SOME))
