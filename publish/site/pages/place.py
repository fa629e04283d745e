"""A pharmacy or a medical institution: what it has, and when that was last confirmed."""

import json

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.errors import error_response
from publish.site.pages.search import QUERY_MAX, typed
from publish.site.reading import (
    match_of,
    read_id,
    read_matches,
    read_page,
    read_row,
    read_rows,
    region_names,
    region_path,
)
from publish.site.render import page
from publish.site.routes import View, route
from publish.site.served import served_by
from publish.site.sql import places, search


def view_of(kind: places.Kind) -> View:
    """The page of one place of a kind and what it has; `q` looks among it."""

    async def place(datasette: Datasette, request: Request) -> Response:
        id_ = read_id(request.url_vars["id"])
        row = await read_row(datasette, kind.one, id=id_)
        if row is None:
            return await error_response(datasette, request, 404)
        after = read_id(request.args.get("after"))
        names = await region_names(datasette, [row["region_code"]])
        query = typed(request)[:QUERY_MAX]
        products = await _found(datasette, query)
        # what it has is whole in the file of its province
        province = row["region_code"][:2]
        database = province if province in served_by(datasette).provinces else datasette.get_database().name
        counts = await read_rows(datasette, kind.shelf_count, database, id=id_, products=products)
        return await page(
            datasette,
            request,
            f"{kind.name}.html",
            kind=kind,
            place=row,
            partner=await read_row(datasette, places.PARTNER, id=id_) if kind is places.PHARMACIES else None,
            region=region_path(row["region_code"], names),
            query=query,
            shelf_database=database,
            counts={line["band"]: line["items"] for line in counts},
            shelf=await read_page(
                datasette,
                kind.shelf,
                ("item_id",),
                is_first=after is None,
                database=database,
                id=id_,
                after=after,
                products=products,
            ),
        )

    return place


async def _found(datasette: Datasette, query: str) -> str | None:
    """The products that a query finds, as JSON; None for all of them."""
    if not query:
        return None
    match = match_of(query)
    rows = await read_matches(datasette, search.PRODUCTS, match) if match else []
    return json.dumps([row["id"] for row in rows])


ROUTES = [
    route(f"/{kind.name}/(?P<id>[^/]+)", view_of(kind), "q", "after")
    for kind in (places.PHARMACIES, places.INSTITUTIONS)
]
