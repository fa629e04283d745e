"""A region: who reports there, as tiles with a table beside; its pharmacies and institutions, and the post."""

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site import charts
from publish.site.errors import error_response
from publish.site.pages.lists import all_lists
from publish.site.places import AFTER
from publish.site.reading import Page, Row, read_id, read_page, read_row, read_rows, region_names, region_path
from publish.site.render import page
from publish.site.routes import route
from publish.site.show import path_of
from publish.site.sql import places
from schema.identifiers import IdentifierError
from schema.regions import (
    COUNTRY_CODE,
    RegionLevel,
    code_range,
    codes_above,
    complete_code,
    level_of,
    prefix_of,
)

#: digits of the code of the divisions that a region's tiles are
_DIGITS = {RegionLevel.COUNTRY: 2, RegionLevel.PROVINCE: 4, RegionLevel.CITY: 6, RegionLevel.COUNTY: 6}


async def regions(datasette: Datasette, request: Request) -> Response:
    """All provinces."""
    return await page(datasette, request, "regions.html", tiles=await _tiles(datasette, COUNTRY_CODE))


async def region(datasette: Datasette, request: Request) -> Response:
    """One province, city or county."""
    asked = request.url_vars["code"]
    try:
        code = complete_code(asked)
    except IdentifierError:
        return await error_response(datasette, request, 404, "error.no_region", code=asked[:20])
    row = await read_row(datasette, places.REGION, code=code)
    if row is None or code == COUNTRY_CODE:
        return await error_response(datasette, request, 404, "error.no_region", code=asked[:20])
    low, high = code_range(code)
    return await page(
        datasette,
        request,
        "region.html",
        region=row,
        above=await _above(datasette, code),
        lists=[row for row in await all_lists(datasette) if row["region_code"] in (*codes_above(code), code)],
        tiles=await _tiles(datasette, code),
        pharmacies=await _places(datasette, request, places.PHARMACIES, low, high),
        institutions=await _places(datasette, request, places.INSTITUTIONS, low, high),
        outlets=await read_rows(datasette, places.REGION_OUTLETS, low=low, high=high),
        services=await _with_paths(
            datasette, await read_rows(datasette, places.REGION_SERVICE, low=low, high=high)
        ),
    )


ROUTES = [route("/regions", regions), route("/region/(?P<code>[^/]+)", region, *AFTER.values())]


async def _above(datasette: Datasette, code: str) -> list[tuple[str, str]]:
    """Name and address of the divisions above this one, from the province down."""
    names = await region_names(datasette, [code])
    above = [f"{code[:digits]:0<6}" for digits in (2, 4)]
    return [(names[each], path_of("region", each)) for each in above if each in names and each != code]


async def _tiles(datasette: Datasette, code: str) -> list[Row]:
    """The divisions below a region, each with who reports there; a division that nobody reports from is unknown."""
    low, high = code_range(code)
    digits = _DIGITS[level_of(code)]
    if digits == len(prefix_of(code)):
        return []
    found, institutions = [
        {
            row["prefix"]: row
            for row in await read_rows(datasette, kind.coverage, low=low, high=high, digits=digits)
        }
        for kind in (places.PHARMACIES, places.INSTITUTIONS)
    ]
    shades = charts.shades({prefix: row["places"] for prefix, row in found.items()})
    return [
        _tile(row, found.get(row["code"][:digits]), institutions.get(row["code"][:digits]), shades)
        for row in await read_rows(datasette, places.CHILDREN, code=code)
    ]


def _tile(row: Row, coverage: Row | None, institutions: Row | None, shades: dict[str, int]) -> Row:
    position = charts.PROVINCES.get(row["code"])
    return {
        **row,
        "coverage": coverage,
        "institutions": institutions and institutions["places"],
        "shade": shades[coverage["prefix"]] if coverage else None,
        "column": position and position[0],
        "row": position and position[1],
    }


async def _places(datasette: Datasette, request: Request, kind: places.Kind, low: str, high: str) -> Page:
    after = read_id(request.args.get(AFTER[kind]))
    return await read_page(
        datasette, kind.of_region, ("id",), is_first=after is None, low=low, high=high, after=after
    )


async def _with_paths(datasette: Datasette, rows: list[Row]) -> list[Row]:
    names = await region_names(datasette, {row["region_code"] for row in rows})
    return [row | {"path": region_path(row["region_code"], names)} for row in rows]
