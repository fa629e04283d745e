"""Resolution of the post's files: which division, which outlet a code means, which pharmacy a partner is."""

from collections.abc import Mapping

import asyncpg
import polars as pl

from connectors.frame import Normalised
from hub.ingest import keeping_store, postal_store
from hub.ingest.batches import Batch, Moment
from hub.ingest.resolver import Resolver, Staged
from hub.ingest.withholding import UNKNOWN_REGION, RowsFault, withhold
from schema.entities import Consignment, PartnerPharmacy, PostalOutlet, ServiceArea, TrackingEvent


class PostalPlaceResolver(Resolver):
    """For outlets, partner pharmacies and service areas: the division must exist, partners are looked for."""

    def __init__(self) -> None:
        super().__init__()
        self.added = {PartnerPharmacy: ("pharmacy_id", "pharmacy_link_code")}

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Fetch the divisions."""
        places = (headers.get(name) for name in ("region_code", "county", "city", "province"))
        self._header = next((header for header in places if header), "")
        self._regions = sorted(await keeping_store.known_regions(connection))

    def chunk(self, normalised: Normalised) -> Normalised:
        """Fault what stands in divisions that do not exist."""
        unknown = ~pl.col("region_code").is_in(self._regions)
        fault = RowsFault("row.unknown_region", "region_code", self._header, UNKNOWN_REGION)
        for entity in (PostalOutlet, PartnerPharmacy, ServiceArea):
            if entity in normalised.records:
                normalised = withhold(normalised, entity, unknown, fault)
        return normalised

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Look for the pharmacies that partners are."""
        if PartnerPharmacy in staged:
            has_licences = "licence_number" in staged[PartnerPharmacy]
            await postal_store.link_staged_partners(connection, has_licences=has_licences)

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """A new outlet, or a new namesake of one, settles or unsettles what codes mean."""
        for link in postal_store.OUTLET_LINKS:
            await postal_store.relink_outlets(connection, link, moment.recorded_at)


class ConsignmentResolver(Resolver):
    """For consignments: codes of outlets are looked up; one that several outlets share names none."""

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Find out whether the file tells of outlets that events happened at."""
        self._links = [
            link
            for link in postal_store.OUTLET_LINKS
            if link.entity is Consignment or (link.entity is TrackingEvent and "events" in headers)
        ]
        self.added = {link.entity: (link.id, link.state) for link in self._links}

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Look the codes up."""
        for link in self._links:
            if link.entity in staged:
                await postal_store.link_staged_outlets(connection, link)
