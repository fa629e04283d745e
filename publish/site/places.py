"""Where a medicine is to be had, within a region: figures, places page by page, regions to choose from.

The national file has all that is on sale of some medicines; of others each province's file has what is on sale there.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from datasette.app import Datasette

from publish.site.reading import (
    Page,
    Row,
    ancestors,
    read_id,
    read_page,
    read_row,
    read_rows,
    region_names,
    region_path,
)
from publish.site.served import served_by
from publish.site.sql import places as sql
from schema.identifiers import IdentifierError
from schema.regions import COUNTRY_CODE, RegionLevel, code_range, complete_code, level_of

#: the names in a query that say where a page of each kind of places begins
AFTER = {sql.PHARMACIES: "after", sql.INSTITUTIONS: "after_institution"}


@dataclass(frozen=True, slots=True)
class RegionChoice:
    """A region that can be chosen, with how many places it holds; depth 0 is a province."""

    code: str
    name: str
    depth: int
    places: int


@dataclass(frozen=True, slots=True)
class Found:
    """Where a medicine is among one kind of places."""

    kind: sql.Kind
    #: band of stock → places, within the region asked for
    counts: Mapping[str, int]
    #: region, and every one above it → places
    below: Mapping[str, int]
    page: Page
    #: the places of the page by the path of their region
    groups: list[tuple[str, list[Row]]]
    #: the name in a query that says where a page of them begins
    after_name: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What the pages tell of where a medicine is to be had."""

    pharmacies: Found
    institutions: Found
    choices: list[RegionChoice]
    #: the file that the places of the pages are in
    database: str
    region: str | None
    region_name: str | None


@dataclass(frozen=True, slots=True)
class Sources:
    """Which files say where some products are on sale."""

    #: the national one alone, or those of the provinces
    databases: tuple[str, ...]

    def of(self, region: str | None) -> str | None:
        """The one for a region; None where none has it, or where a province has yet to be chosen."""
        if len(self.databases) == 1:
            return self.databases[0]
        return region[:2] if region and region[:2] in self.databases else None


async def sources_of(datasette: Datasette, products: str) -> Sources:
    """The files that say where some products (JSON of their identifiers) are on sale."""
    row = await read_row(datasette, sql.IS_NATIONAL, products=products)
    provinces = served_by(datasette).provinces
    if (row and row["is_national"]) or not provinces:
        return Sources((datasette.get_database().name,))
    return Sources(provinces)


async def read_whereabouts(
    datasette: Datasette, products: str, region: str | None, after: Mapping[sql.Kind, str | None]
) -> Whereabouts:
    """Where some products are; `after`: where pages begin. Raises IdentifierError for what is no region."""
    chosen = await known_region(datasette, region) if region else None
    sources = await sources_of(datasette, products)
    pharmacies, institutions = [
        await _found(datasette, kind, products, sources, chosen, after.get(kind))
        for kind in (sql.PHARMACIES, sql.INSTITUTIONS)
    ]
    below: dict[str, int] = dict(pharmacies.below)
    for code, places in institutions.below.items():
        below[code] = below.get(code, 0) + places
    names = await region_names(datasette, {*below, chosen or COUNTRY_CODE})
    return Whereabouts(
        pharmacies,
        institutions,
        _choices(below, names, chosen),
        sources.of(chosen) or datasette.get_database().name,
        chosen,
        region_path(chosen, names) if chosen else None,
    )


async def known_region(datasette: Datasette, region: str) -> str:
    """The whole code of a region. Raises IdentifierError for what is none."""
    code = complete_code(region)
    if await read_row(datasette, sql.REGION, code=code) is None:
        raise IdentifierError("region_code.unknown", "没有这个地区。", "There is no such region.")
    return code


def grouped(rows: list[Row], names: Mapping[str, str]) -> list[tuple[str, list[Row]]]:
    """Rows by the path of their region, in their order."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(region_path(row["region_code"], names), []).append(row)
    return list(groups.items())


async def _found(
    datasette: Datasette,
    kind: sql.Kind,
    products: str,
    sources: Sources,
    region: str | None,
    after: str | None,
) -> Found:
    page = await _page(datasette, kind, products, sources.of(region), region, after)
    names = await region_names(datasette, {row["region_code"] for row in page.rows})
    counts, below = await _counts(datasette, kind, products, sources, region)
    return Found(kind, counts, below, page, grouped(page.rows, names), AFTER[kind])


async def _page(
    datasette: Datasette,
    kind: sql.Kind,
    products: str,
    database: str | None,
    region: str | None,
    after: str | None,
) -> Page:
    if database is None:
        return Page([], is_first=True, next_after=None)
    low, high = code_range(region or COUNTRY_CODE)
    place, _, item = (after or "").partition("-")
    behind = {"after_place": read_id(place), "after_item": read_id(item)}
    return await read_page(
        datasette,
        kind.page,
        ("place_id", "item_id"),
        is_first=behind["after_place"] is None,
        database=database,
        products=products,
        low=low,
        high=high,
        **behind,
    )


async def _counts(
    datasette: Datasette, kind: sql.Kind, products: str, sources: Sources, region: str | None
) -> tuple[dict[str, int], dict[str, int]]:
    """Places by band within a region, and by region over all."""
    work = (read_rows(datasette, kind.by_region, name, products=products) for name in sources.databases)
    counts: dict[str, int] = {}
    below: dict[str, int] = {}
    for row in [row for rows in await asyncio.gather(*work) for row in rows]:
        above = ancestors(row["region_code"])
        for code in above:
            below[code] = below.get(code, 0) + row["places"]
        if region in (None, COUNTRY_CODE, *above):
            counts[row["band"]] = counts.get(row["band"], 0) + row["places"]
    return counts, below


_DEPTHS = {RegionLevel.PROVINCE: 0, RegionLevel.CITY: 1, RegionLevel.COUNTY: 2}


def _choices(below: Mapping[str, int], names: Mapping[str, str], region: str | None) -> list[RegionChoice]:
    provinces = {code[:2] for code in below}
    # A single province is open from the start; otherwise the one that was chosen.
    opened = provinces if len(provinces) == 1 else {(region or "")[:2]}
    return [
        RegionChoice(code, names[code], _DEPTHS[level_of(code)], places)
        for code, places in sorted(below.items())
        if code in names and (code.endswith("0000") or code[:2] in opened)
    ]
