"""Resolution of each kind of file: which store, which medicine."""

from collections.abc import Mapping

import asyncpg

from hub.ingest import identity_store, scope_store
from hub.ingest.batches import Batch, Moment
from hub.ingest.ladder import match_item
from hub.ingest.resolver import Resolver, Staged
from schema.declare import Label
from schema.entities import (
    MATCHED,
    PackagedProduct,
    ProductionReport,
    SupplyNotice,
)
from schema.entities.matched import MATCH_COLUMNS, Matched

_ROW_OF_LIST = Label(
    "有行未能读懂，可能正是不再出现的条目，本次不据此判断退出目录",
    "some rows were not understood and may be what seems absent, so nothing leaves the list by this file",
)


class WholeListResolver(Resolver):
    """For a list that comes whole: what its sender's newest one no longer names has left it."""

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Remember whose list it is."""
        self._sender_code = batch.sender_code

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Open the whole list as scope; a row in quarantine is not absent, but nobody knows which one it is."""
        self.full_within = dict.fromkeys(staged, "sender_code")
        await scope_store.open_list_scope(connection, self._sender_code)
        if await scope_store.has_faults(connection):
            await scope_store.empty_scope(connection, _ROW_OF_LIST)


class PackListResolver(WholeListResolver):
    """For the list of packs: whole, and each pack climbs the identity ladder."""

    def __init__(self) -> None:
        super().__init__()
        self.added = {PackagedProduct: MATCH_COLUMNS}

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Open the list as scope, of packs only: concepts and printed codes are not this list's alone."""
        await super().find_faults(connection, staged)
        self.full_within = {PackagedProduct: "sender_code"}

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Send the packs up the identity ladder."""
        await match_stage(connection, PackagedProduct, staged[PackagedProduct])


class ProductionResolver(Resolver):
    """For reports and notices of production: each climbs the identity ladder, the holder is a witness."""

    def __init__(self) -> None:
        super().__init__()
        self.added = {ProductionReport: MATCH_COLUMNS, SupplyNotice: MATCH_COLUMNS}

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Send reports and notices up the identity ladder."""
        for entity in (ProductionReport, SupplyNotice):
            if entity in staged:
                await match_stage(connection, entity, staged[entity])


class RegistrationResolver(Resolver):
    """For registration: a new or changed medicine may settle or unsettle what an item is."""

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Send the items it may concern up the ladder again."""
        for entity in MATCHED:
            judged = await identity_store.items_to_judge_anew(connection, entity)
            known = await identity_store.fetch_known(connection, (item for item, _ in judged))
            findings = {item.id: match_item(item, known) for item, _ in judged}
            changed = {
                item.id: findings[item.id] for item, at in judged if findings[item.id].product_id != at
            }
            await identity_store.relink(connection, entity, changed, moment.recorded_at)


async def match_stage(
    connection: asyncpg.Connection, entity: type[Matched], columns: tuple[str, ...]
) -> None:
    """Send a stage's items up the identity ladder."""
    items = await identity_store.staged_items(connection, entity, columns)
    known = await identity_store.fetch_known(connection, items)
    findings = {item.id: match_item(item, known) for item in items}
    await identity_store.stage_findings(connection, entity, findings)
