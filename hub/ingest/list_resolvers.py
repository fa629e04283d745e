"""Resolution of versions of lists: one file is one version; what comes in and leaves follows from the one before."""

from collections.abc import Mapping
from typing import ClassVar

import asyncpg

from hub.ingest import list_store, scope_store
from hub.ingest.batches import Batch
from hub.ingest.resolver import Resolver, Staged
from schema.declare import Label
from schema.list_families import PUBLISHED, RESERVES, Family

_ROW_OF_LIST = Label(
    "有行未能读懂，可能正是不再出现的药品；除写明调出的以外，本次不据此判断调出",
    "some rows were not understood and may be what seems absent, so only what the file says has left leaves the list",
)


class ListResolver(Resolver):
    """For a version of a published list."""

    family: ClassVar[Family] = PUBLISHED

    def __init__(self) -> None:
        super().__init__()
        # every row names its list and its version
        self.shared = frozenset({self.family.head, self.family.version})
        # what a corrected file says otherwise may be ever so much
        self.unguarded = frozenset({self.family.move})

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Remember since when the version holds."""
        self._as_of = batch.as_of

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Fault what is of another version; open the list as scope, if every row of it is understood."""
        await list_store.fault_other_versions(connection, self.family)
        self._is_whole = not await scope_store.has_faults(connection)
        await list_store.open_scope(connection, self.family, is_whole=self._is_whole)
        self.full_within = {self.family.entry: "list_id", self.family.move: "version_id"}
        if not self._is_whole:
            await scope_store.empty_scope(connection, _ROW_OF_LIST)
            self.ends = frozenset({self.family.entry})

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Keep one word of list and version, and of the changes those that are any; add what left in silence."""
        family = self.family
        await list_store.keep_one_version(connection, family)
        await list_store.find_before(connection, family, self._as_of)
        await list_store.keep_reasons(connection, family)
        await list_store.keep_changes(connection, family)
        if self._is_whole:
            await list_store.stage_absent(connection, family, await list_store.absent(connection, family))
        else:
            await list_store.end_those_that_leave(connection, family)


class ReserveResolver(ListResolver):
    """For a version of a list of reserves."""

    family: ClassVar[Family] = RESERVES
