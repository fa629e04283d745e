"""Resolution of the register's files: sites, what a whole file no longer names, what events do, who is who."""

from collections.abc import Mapping

import asyncpg
import polars as pl

from connectors.frame import Normalised
from hub.ingest import organization_store, registration_store, scope_store, substance_store
from hub.ingest.batches import Batch, Moment
from hub.ingest.matching import match_anew
from hub.ingest.resolver import Resolver, Staged
from schema.addresses import division_of
from schema.declare import Label
from schema.entities import (
    Authorization,
    ManufacturingSite,
    Product,
    ProductSite,
    StandardCode,
)

_ROW_OF_NOBODY = Label(
    "有行读不出批准文号，可能正是不再出现的药品，本次不据此判断批准终止",
    "some approval numbers were not understood and may be what seems absent, so no approval ends by this file",
)


class RegistrationResolver(Resolver):
    """For files of approvals: increments, or by their name a whole part of the register."""

    def __init__(self) -> None:
        super().__init__()
        self.added = {ManufacturingSite: ("region_code",)}
        self.shared = frozenset({ManufacturingSite})
        self.unguarded = frozenset({StandardCode, ProductSite})
        self._withheld: set[int] = set()
        self._some_row_is_nobodys = False

    def chunk(self, normalised: Normalised) -> Normalised:
        """Remember which medicines have rows in quarantine: those are not absent."""
        known = normalised.withheld[Product].drop_nulls("id")
        self._withheld.update(known.get_column("id"))
        faulted = normalised.faults.filter(~pl.col("is_notice")).get_column("row_number").n_unique()
        self._some_row_is_nobodys |= faulted > known.get_column("row_number").n_unique()
        return normalised

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Open the scope: of a whole file its part of the register, and always the sites of what the file names."""
        await registration_store.open_scope(connection, self.whole_part, self._withheld)
        if self.whole_part:
            self.full_within = {Product: "id", Authorization: "id", StandardCode: "standard_code"}
            if self._some_row_is_nobodys:
                await scope_store.empty_scope(connection, _ROW_OF_NOBODY)

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Keep one row of each site, and find its division."""
        if ManufacturingSite not in staged:
            return
        self.full_within = {**self.full_within, ProductSite: "product_id"}
        await registration_store.open_site_scope(connection)
        await registration_store.settle_sites(connection)
        divisions = await registration_store.divisions(connection)
        addresses = await registration_store.staged_addresses(connection)
        found = {address: division_of(address, divisions) for address in addresses}
        await registration_store.stage_regions(connection, {a: code for a, code in found.items() if code})

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Work out who is who and what is in what; send the items it may concern up the ladder again."""
        await organization_store.work_out(connection)
        await substance_store.link(connection)
        await match_anew(connection, moment.recorded_at)


class EventResolver(Resolver):
    """For events: each is kept; those that are news change the approval they are about."""

    def __init__(self) -> None:
        super().__init__()
        # several events of a file may be about one approval
        self.shared = frozenset({Authorization})

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Remember what the file is about."""
        self._batch = batch

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Tell of approvals that nobody knows, and work out how the others are after their events."""
        await registration_store.note_unknown_approvals(connection, self._batch)
        await registration_store.settle_approvals(connection, self._batch)

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """A transfer may bring a new holder, whom items name."""
        await organization_store.work_out(connection)
        await match_anew(connection, moment.recorded_at)


class SubstanceResolver(Resolver):
    """For registrations of active substances."""

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Link them to medicines and their companies."""
        await organization_store.work_out(connection)
        await substance_store.link(connection)


class NameChangeResolver(Resolver):
    """For changes of organisations' names."""

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Two names may turn out to mean one organisation, which items name by either."""
        await organization_store.work_out(connection)
        await match_anew(connection, moment.recorded_at)
