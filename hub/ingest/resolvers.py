"""Resolution of lists that come whole, and of rows that are matched items themselves."""

from collections.abc import Mapping

import asyncpg

from hub.ingest import organization_store, scope_store
from hub.ingest.batches import Batch, Moment
from hub.ingest.matching import match_anew, match_stage
from hub.ingest.resolver import Resolver, Staged
from schema.declare import Label
from schema.entities import MATCHED, PackagedProduct
from schema.entities.matched import MATCH_COLUMNS

_ROW_OF_LIST = Label(
    "有行未能读懂，可能正是不再出现的条目，本次不据此判断退出目录",
    "some rows were not understood and may be what seems absent, so nothing leaves the list by this file",
)


class WholeListResolver(Resolver):
    """For a list that comes whole: what its sender's newest one no longer names has left it."""

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Remember whose list it is, and of when."""
        self._sender_code = batch.sender_code
        self._as_of = batch.as_of

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
        await match_stage(connection, PackagedProduct, staged[PackagedProduct], self._as_of)

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Send the items up again that name its codes."""
        await match_anew(connection, moment.recorded_at)


class PackCodeResolver(Resolver):
    """For registers of the codes printed on packs."""

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Send the items up again that name these codes."""
        await match_anew(connection, moment.recorded_at)


class MatchingResolver(Resolver):
    """For rows that are matched items themselves: each climbs the identity ladder, the holder is a witness."""

    def __init__(self) -> None:
        super().__init__()
        self.added = dict.fromkeys(MATCHED, MATCH_COLUMNS)

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Remember what instant the file is about."""
        self._as_of = batch.as_of

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Send what is staged up the identity ladder."""
        for entity in MATCHED:
            if entity in staged:
                await match_stage(connection, entity, staged[entity], self._as_of)


class ProductionResolver(MatchingResolver):
    """For reports and notices of production."""

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Reports tell which code a holder's name has."""
        await organization_store.work_out(connection)
