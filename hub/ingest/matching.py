"""Items climb the identity ladder: those of a file while it is taken in, and all others that something new concerns.

A finding follows from three things alone: the item's words, what registration knows now, and the judgements that
stand. So the order in which files, judgements and withdrawals come makes no difference to what is believed in the end.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import asyncpg

from hub.ingest import identity_store, judgement_store, known_store, touched_store
from hub.ingest.identity import Match, Words
from hub.ingest.identity_store import Item
from hub.ingest.ladder import match_words
from hub.ingest.touched_store import Keys
from schema.entities import MATCHED, PackagedProduct
from schema.entities.matched import Matched


async def match_stage(
    connection: asyncpg.Connection, entity: type[Matched], columns: tuple[str, ...], as_of: datetime
) -> None:
    """Send a stage's items up the identity ladder."""
    items = await identity_store.staged_items(connection, entity, columns, as_of)
    await identity_store.stage_findings(connection, entity, await _find(connection, entity, items))


async def match_anew(connection: asyncpg.Connection, recorded_at: datetime) -> None:
    """Send the items up again that what the batch in hand changed may concern."""
    products = await touched_store.touched_products(connection)
    keys = await touched_store.touched_keys(connection, products)
    if products or keys:
        await _match_concerned(connection, products, keys, recorded_at)


async def match_one(
    connection: asyncpg.Connection, entity: type[Matched], key: str, recorded_at: datetime
) -> None:
    """Send one item up again, all that is believed of it; and, if it is a pack, the items that name the pack."""
    believed = await identity_store.believed_items(connection, entity, key)
    changed = await _correct(connection, entity, believed, recorded_at)
    if entity is PackagedProduct and changed:
        keys = await touched_store.keys_of_packs(connection, changed)
        await _match_concerned(connection, set(), keys, recorded_at)


async def _match_concerned(
    connection: asyncpg.Connection, products: set[int], keys: Keys, recorded_at: datetime
) -> None:
    """Send up what is linked to these medicines or found by these keys; packs first, for items are found by packs."""
    for entity in sorted(MATCHED, key=lambda each: each is not PackagedProduct):
        believed = [
            (item, match)
            for item, match in await identity_store.believed_items(connection, entity)
            if match.product_id in products or not keys.isdisjoint(item.words.keys())
        ]
        changed = await _correct(connection, entity, believed, recorded_at)
        if entity is PackagedProduct and changed:
            keys = keys | await touched_store.keys_of_packs(connection, changed)


async def _correct(
    connection: asyncpg.Connection,
    entity: type[Matched],
    believed: list[tuple[Item, Match]],
    recorded_at: datetime,
) -> set[int]:
    """Write the findings that are others now than what is believed; gives the items that have one."""
    if not believed:
        return set()
    findings = await _find(connection, entity, [item for item, _ in believed])
    changed = {item: findings[item] for item, match in believed if findings[item] != match}
    if changed:
        await identity_store.relink(connection, entity, changed, recorded_at)
    return {item.id for item in changed}


async def _find(
    connection: asyncpg.Connection, entity: type[Matched], items: Iterable[Item]
) -> dict[Item, Match]:
    """The finding of each item: a judgement that stands, else the ladder's. Each distinct saying climbs once."""
    items = list(items)
    judged = await judgement_store.standing(connection, entity, {item.key for item in items})
    asked = {item.words for item in items if item.key not in judged}
    known = await known_store.fetch_known(connection, asked)
    if entity is PackagedProduct:
        # a pack is no witness for itself: its own size must not raise its score once it is linked
        known = replace(known, packs={})
    found: dict[Words, Match] = {words: match_words(words, known) for words in asked}
    return {item: judged.get(item.key) or found[item.words] for item in items}
