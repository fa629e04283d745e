"""The first page: the three questions, what is short now, what has changed; and the page about the site."""

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.pages.lists import all_lists, with_slugs
from publish.site.reading import read_rows, region_names, region_path
from publish.site.render import page
from publish.site.routes import route
from publish.site.sql import common, lists, medicines, places
from publish.site.strings import branch

_NEWEST = 6


async def home(datasette: Datasette, request: Request) -> Response:
    """The three questions, the newest notices and stock-takes, and what the release holds."""
    counts = await read_rows(datasette, common.COUNTS)
    stock_takes = await read_rows(datasette, places.NEWEST_STOCK_TAKES, limit=_NEWEST)
    names = await region_names(datasette, [row["region_code"] for row in stock_takes])
    return await page(
        datasette,
        request,
        "home.html",
        counts={row["table_name"]: row["row_count"] for row in counts},
        lists=await all_lists(datasette),
        changes=await with_slugs(datasette, await read_rows(datasette, lists.NEWEST_CHANGES, limit=_NEWEST)),
        notices=await read_rows(datasette, medicines.NEWEST_NOTICES, limit=_NEWEST),
        stock_takes=[row | {"region": region_path(row["region_code"], names)} for row in stock_takes],
    )


async def about(datasette: Datasette, request: Request) -> Response:
    """What this site is, what it does not publish, how to cite it."""
    sections: dict[str, list[str]] = {}
    for key in branch("about"):
        name, _, part = key.partition(".")
        sections.setdefault(name, []).append(part)
    return await page(
        datasette,
        request,
        "about.html",
        sections=sections,
        freshness=await read_rows(datasette, common.FRESHNESS),
    )


ROUTES = [route("/", home), route("/about", about)]
