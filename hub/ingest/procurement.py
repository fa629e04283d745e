"""Resolution of procurement platforms' files: what left a list, and what a platform's catalogue says of its orders."""

from collections.abc import Mapping

import asyncpg
import polars as pl

from connectors.frame import Normalised
from connectors.procurement.completion import CATALOGUE, complete_deliveries, complete_purchases
from hub.ingest import procurement_store, scope_store
from hub.ingest.batches import Batch
from hub.ingest.resolver import Resolver, Staged
from hub.ingest.resolvers import MatchingResolver
from schema.declare import Label
from schema.entities import Listing, PlatformProduct

_ROW_OF_NO_LISTING = Label(
    "有行看不出是哪个产品，可能正是不再出现的产品，本次不据此判断撤网",
    "some rows cannot be told to be of any product and may be what seems absent: nothing leaves the list by this file",
)


class ListingResolver(MatchingResolver):
    """For a platform's whole list: what its newest one no longer names has left it; products climb the ladder.

    A row in quarantine is not absent: the listing and product that it names stay.
    """

    def __init__(self) -> None:
        super().__init__()
        self.full_within = {Listing: "id", PlatformProduct: "id"}
        self._withheld: set[int] = set()
        self._some_row_is_nowhere = False

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Remember whose list it is."""
        await super().prepare(connection, batch, headers)
        self._sender_code = batch.sender_code

    def chunk(self, normalised: Normalised) -> Normalised:
        """Remember what the rows in quarantine name."""
        named = normalised.withheld[Listing].drop_nulls("id")
        self._withheld.update(named.get_column("id"), named.get_column("platform_product_id"))
        faulted = normalised.faults.filter(~pl.col("is_notice")).get_column("row_number").n_unique()
        self._some_row_is_nowhere |= faulted > named.height
        return normalised

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Open the platform's own listings and products as scope, but for those that quarantined rows name."""
        await procurement_store.open_scope(connection, self._sender_code, self._withheld)
        if self._some_row_is_nowhere:
            await scope_store.empty_scope(connection, _ROW_OF_NO_LISTING)


class _CatalogueResolver(Resolver):
    """For rows about a platform's products: fetches what the platform's list said of them by then."""

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Fetch the platform's catalogue."""
        self._headers = dict(headers)
        rows = await procurement_store.catalogue(connection, batch.sender_code, batch.as_of)
        self._catalogue = pl.DataFrame(rows, schema=CATALOGUE, orient="row")


class PurchaseResolver(_CatalogueResolver):
    """For orders: what is ordered in packs and units, at which price, and who may read that."""

    def chunk(self, normalised: Normalised) -> Normalised:
        """Complete the rows by the catalogue."""
        return complete_purchases(normalised, self._catalogue, self._headers)


class DeliveryResolver(_CatalogueResolver):
    """For deliveries: what was shipped and taken in, in packs and units."""

    def chunk(self, normalised: Normalised) -> Normalised:
        """Complete the rows by the catalogue."""
        return complete_deliveries(normalised, self._catalogue, self._headers)


class SettlementResolver(Resolver):
    """For settlements: the amount for an order line tells its price, so it is as confidential as that is."""

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Remember the instant that the file is about."""
        self._as_of = batch.as_of

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Open the amounts of lines whose price is public."""
        await procurement_store.open_public_amounts(connection, self._as_of)
