"""Rows of the post to outlets, partner pharmacies, service areas, and consignments with their tracking events."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

import polars as pl

from connectors.cells import CellError, text
from connectors.columns import derive
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.postal.consignments import consignment_records
from connectors.postal.keys import keyed
from connectors.postal.places import region_column
from connectors.reading import Reading
from schema.declare import Entity
from schema.entities import Consignment, PartnerPharmacy, PostalOutlet, ServiceArea
from schema.names import fold_text, name_key
from schema.postal import hours_of, known_modes, service_mode_of, visits_per_week

_PARTNERSHIP = {
    "是": "yes",
    "有": "yes",
    "y": "yes",
    "1": "yes",
    "否": "no",
    "无": "no",
    "n": "no",
    "0": "no",
}
_UNNAMED = CellError(
    "row.partner_unnamed",
    "写明是医邮合作网点，但没有合作药房名称",
    "works with a pharmacy, but which one is not said",
)
_CONTRADICTION = CellError(
    "row.partner_contradiction",
    "写明不是医邮合作网点，却有合作药房名称，请核对",
    "said not to work with a pharmacy, yet one is named",
)


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """The records of each layout; see the feed's README."""
    reading = Reading(chunk, context.headers)
    records = _RECORDS[context.layout](reading, context)
    return reading.finish(records)


def _outlets(reading: Reading, context: FileContext) -> dict[type[Entity], pl.DataFrame]:
    """Outlets, each identified by code, name and division together, and the pharmacies they work with."""
    regions = region_column(reading)
    codes = reading.field(PostalOutlet, "outlet_code")
    names = reading.field(PostalOutlet, "name")
    keys = [codes.str.to_uppercase(), derive("name_key", names, name_key, pl.String), regions]
    partners = _pharmacies(reading, context.sender_code, regions, PostalOutlet)
    partnership, is_partner = _partnership(reading)
    stated = [
        *(codes.str.to_uppercase(), names, regions, partnership),
        partners.get_column("id")
        .zip_with(is_partner, _nothing(len(codes), pl.Int64))
        .alias("partner_pharmacy_id"),
    ]
    stated += [
        reading.field(PostalOutlet, name, parse=parse)
        for name, parse in _OUTLET_CELLS.items()
        if reading.states(name)
    ]
    return {
        PostalOutlet: keyed("postal_outlet", reading, context.sender_code, keys, stated),
        PartnerPharmacy: partners.filter(is_partner & pl.col("id").is_not_null()),
    }


#: what an outlet's file may state beside its key → how it is read where its type does not say
_OUTLET_CELLS: dict[str, Callable[[str], Any] | None] = {
    "address": None,
    "longitude": lambda raw: _degrees(raw, 180),
    "latitude": lambda raw: _degrees(raw, 90),
    "postcode": None,
    "opening_hours": None,
}


def _partnership(reading: Reading) -> tuple[pl.Series, pl.Series]:
    """Whether outlets work with a pharmacy, as stated; and those of which it is sure and that name it."""
    said = reading.column("partnership", lambda raw: _PARTNERSHIP[text(raw).lower()], pl.String)
    has_name = reading.column("pharmacy_name", text, pl.String).is_not_null()
    reading.fault("pharmacy_name", (said == "yes") & ~has_name, _UNNAMED, is_notice=True)
    reading.fault("pharmacy_name", (said == "no") & has_name, _CONTRADICTION)
    # a pharmacy named where nothing is said of a partnership is one
    known = said.zip_with(said.is_not_null() | ~has_name, pl.Series(["yes"] * len(said), dtype=pl.String))
    partnership = known.fill_null("unknown").alias("partnership_code")
    return partnership, (partnership == "yes") & has_name


def _pharmacies(reading: Reading, sender: str, regions: pl.Series, named_in: type[Entity]) -> pl.DataFrame:
    """A partner pharmacy for each row, identified by name, division and, where it is stated, licence number."""
    required = named_in is PartnerPharmacy
    names = (
        reading.field(PartnerPharmacy, "name", raw="pharmacy_name", parse=fold_text)
        if required
        else reading.column("pharmacy_name", fold_text, pl.String).alias("name")
    )
    licences = reading.field(PartnerPharmacy, "licence_number", parse=_licence)
    keys = [derive("name_key", names, name_key, pl.String), regions, licences.fill_null("")]
    stated = [names, regions]
    if reading.states("licence_number"):
        stated.append(licences)
    if reading.states("pharmacy_address"):
        stated.append(reading.field(PartnerPharmacy, "address", raw="pharmacy_address"))
    if reading.states("since"):
        stated.append(reading.field(PartnerPharmacy, "cooperates_since_on", raw="since"))
    return keyed("partner_pharmacy", reading, sender, keys, stated)


def _partner_pharmacies(reading: Reading, context: FileContext) -> dict[type[Entity], pl.DataFrame]:
    regions = region_column(reading)
    return {PartnerPharmacy: _pharmacies(reading, context.sender_code, regions, PartnerPharmacy)}


def _service_areas(reading: Reading, context: FileContext) -> dict[type[Entity], pl.DataFrame]:
    """One area for each division and mode of service."""
    regions = region_column(reading)
    modes = reading.field(ServiceArea, "service_mode_code", raw="service_mode", parse=_mode)
    frequencies = reading.field(ServiceArea, "frequency_text", raw="frequency")
    limits = reading.field(ServiceArea, "limit_text", raw="limit")
    stated = [
        *(regions, modes, frequencies, limits),
        derive("visits_per_week", frequencies, visits_per_week, pl.Decimal(20, 6)),
        derive("limit_hours", limits, hours_of, pl.Int64),
    ]
    for raw, understand in (("frequency", visits_per_week), ("limit", hours_of)):
        reading.notice(raw, partial(_told, understand))
    return {ServiceArea: keyed("service_area", reading, context.sender_code, [regions, modes], stated)}


_RECORDS: dict[str, Callable[[Reading, FileContext], dict[type[Entity], pl.DataFrame]]] = {
    "outlets": _outlets,
    "partner_pharmacies": _partner_pharmacies,
    "service_areas": _service_areas,
    "consignments": consignment_records,
}


def _told(understand: Callable[[str], Any], cell: str) -> None:
    if understand(text(cell)) is None:
        raise CellError(
            "cell.words", "文字照收，未折算成数字", "taken as the words that it is; no number follows from it"
        )


def _mode(raw: str) -> str:
    found: StrEnum | None = service_mode_of(text(raw))
    if found is None:
        known = known_modes()
        raise CellError("cell.word", f"应为下列之一：{known}", f"expected one of: {known}")
    return found.value


def _licence(raw: str) -> str:
    return "".join(fold_text(raw).split()).upper()


def _degrees(raw: str, most: int) -> Decimal:
    number = Decimal(text(raw).rstrip("°"))
    if abs(number) > most:
        raise CellError(
            "cell.degrees", f"应在 -{most} 到 {most} 之间", f"expected between -{most} and {most}"
        )
    return number.quantize(Decimal("0.000001"))


def _nothing(height: int, dtype: Any) -> pl.Series:
    return pl.Series([None] * height, dtype=dtype)


CONNECTOR = Connector(
    manifest=load_manifest("connectors.postal"),
    normalise=normalise,
    row_entity={
        "outlets": PostalOutlet,
        "partner_pharmacies": PartnerPharmacy,
        "service_areas": ServiceArea,
        "consignments": Consignment,
    },
)
