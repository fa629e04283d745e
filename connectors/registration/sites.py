"""Manufacturing sites out of the two cells 生产单位 and 生产地址, either of which may hold several."""

import re
from functools import lru_cache

import polars as pl

from connectors.cells import CellError, text
from connectors.reading import Reading
from connectors.registration.organizations import NO_ORGANIZATION
from schema.declare import Entity
from schema.entities import ManufacturingSite, ProductSite
from schema.ids import stable_id
from schema.names import name_key
from schema.organizations import (
    is_no_organization,
    organization_key,
    organization_name_id,
    split_organizations,
)

#: a comma or 、 may stand within one address
_BETWEEN_ADDRESSES = re.compile(r"\s*[;；\n]\s*")
_UNPAIRED = CellError(
    "cell.sites_unpaired",
    "生产单位与生产地址的个数不同，不知哪个地址属哪个单位：只采用单位，不采用地址",
    "not as many addresses as manufacturers, so whose each is nobody can tell: taken without addresses",
)
_SITE = {"name": pl.String, "address": pl.String, "id": pl.Int64, "name_id": pl.Int64}


def site_id(name: str, address: str | None) -> int:
    """The stable identifier of a manufacturer's site; without an address it stands for all that are not told."""
    return stable_id("manufacturing_site", organization_key(name), name_key(address or ""))


# a register names the same makers over and over
@lru_cache(maxsize=1 << 16)
def sites_of(
    manufacturers: str | None, addresses: str | None
) -> tuple[tuple[tuple[str, str | None], ...], CellError | None]:
    """Pairs of manufacturer and address, and what is to be told of the cells.

    As many addresses as names: in their order. Several addresses of one name: all its own. Anything else: names only.
    """
    names = split_organizations(manufacturers or "")
    if any(is_no_organization(name) for name in names):
        return (), NO_ORGANIZATION
    places = [part for part in _BETWEEN_ADDRESSES.split(addresses or "") if part]
    if len(names) == 1 and places:
        return tuple((names[0], place) for place in places), None
    if len(names) == len(places):
        return tuple(zip(names, places, strict=True)), None
    return tuple((name, None) for name in names), _UNPAIRED if names and places else None


def product_sites(reading: Reading, products: pl.DataFrame) -> dict[type[Entity], pl.DataFrame]:
    """The sites that the rows name, and which medicines are made there; nothing where the file has no manufacturers."""
    if not reading.states("manufacturer_name"):
        return {}
    cells = _cells(reading)
    reading.fault("manufacturer_name", _told(cells, NO_ORGANIZATION), NO_ORGANIZATION, is_notice=True)
    reading.fault("manufacturing_address", _told(cells, _UNPAIRED), _UNPAIRED, is_notice=True)
    found = [
        (row, *_site(name, address))
        for row, pair in zip(cells.get_column("row_number"), _pairs(cells), strict=True)
        for name, address in sites_of(*pair)[0]
    ]
    sites = pl.DataFrame(found, schema={"row_number": products.schema["row_number"], **_SITE}, orient="row")
    links = (
        products.select("row_number", pl.col("id").alias("product_id"))
        .drop_nulls("product_id")
        .join(
            sites.select("row_number", pl.col("id").alias("site_id")),
            on="row_number",
            maintain_order="left_right",
        )
    )
    # a site is named in many rows and spelt in several ways: the hub keeps one
    spellings = sites.unique(list(_SITE), keep="first", maintain_order=True)
    return {ManufacturingSite: spellings, ProductSite: links}


@lru_cache(maxsize=1 << 16)
def _site(name: str, address: str | None) -> tuple[str, str | None, int, int]:
    """A site in the order of `_SITE`."""
    return text(name), address and text(address), site_id(name, address), organization_name_id(name)


def _cells(reading: Reading) -> pl.DataFrame:
    """Row number, manufacturers and addresses of each row; null where the file has no addresses."""
    addresses = (
        reading.frame.get_column("manufacturing_address")
        if reading.states("manufacturing_address")
        else pl.Series([None] * reading.frame.height, dtype=pl.String)
    )
    return pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            reading.frame.get_column("manufacturer_name").alias("names"),
            addresses.alias("addresses"),
        ]
    )


def _pairs(cells: pl.DataFrame) -> list[tuple[str | None, str | None]]:
    return cells.select("names", "addresses").rows()


def _told(cells: pl.DataFrame, error: CellError) -> pl.Series:
    return pl.Series([sites_of(*pair)[1] is error for pair in _pairs(cells)], dtype=pl.Boolean)
