"""What words of lists mean follows the words: whatever a batch changes of lists or medicines is worked out anew.

What is stored is at any time what would be found from all words of lists and of medicines by `list_matching` alone.
"""

from collections.abc import Iterable, Sequence

import asyncpg

from hub.ingest import list_match_store
from hub.ingest.batches import Moment
from hub.ingest.list_match_store import SOURCES, Match, Said, Source, match_of
from hub.ingest.list_matching import Medicine, meant, names_meant


async def follow(connection: asyncpg.Connection, moment: Moment) -> None:
    """After a promotion, within its transaction: work out what it changed."""
    products = sorted(
        {
            *await list_match_store.changed_ids(connection, "product"),
            *await list_match_store.changed_ids(connection, "former_number", "product_id"),
        }
    )
    medicines = await list_match_store.medicines(connection, products) if products else []
    for source in SOURCES:
        owners = await list_match_store.changed_ids(connection, source.table)
        if owners or products:
            await _follow(connection, source, owners, products, medicines, moment)


async def _follow(
    connection: asyncpg.Connection,
    source: Source,
    owners: Sequence[int],
    products: Sequence[int],
    medicines: Sequence[Medicine],
    moment: Moment,
) -> None:
    wanted: set[Match] = set()
    if products:
        wanted |= _matches(await list_match_store.said(connection, source), medicines)
    if owners:
        wanted |= await of_words(connection, await list_match_store.said(connection, source, owners))
    standing = await list_match_store.believed(connection, source, owners, products)
    await list_match_store.replace(
        connection, source, standing - wanted, wanted - standing, moment.recorded_at
    )


async def of_words(connection: asyncpg.Connection, said: Sequence[Said]) -> set[Match]:
    """What these words mean, of all medicines."""
    words = [say.words for say in said]
    if not words:
        return set()
    names = names_meant(words, await list_match_store.registered_names(connection))
    numbers = {each.approval_number for each in words if each.approval_number}
    return _matches(said, await list_match_store.medicines(connection, None, names, numbers))


def _matches(said: Iterable[Said], medicines: Sequence[Medicine]) -> set[Match]:
    by_key = {say.words.key: say for say in said}
    by_id = {medicine.id: medicine for medicine in medicines}
    found = meant((say.words for say in by_key.values()), medicines)
    return {match_of(by_key[key], by_id[product], known) for (key, product), known in found.items()}
