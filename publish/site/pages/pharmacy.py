"""A pharmacy: what it has on sale, and when that was last confirmed."""

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
from publish.site.routes import route
from publish.site.served import served_by
from publish.site.sql import places, search


async def pharmacy(datasette: Datasette, request: Request) -> Response:
    """One pharmacy and what it has on sale; `q` looks among it."""
    id_ = read_id(request.url_vars["id"])
    row = await read_row(datasette, places.PHARMACY, id=id_)
    if row is None:
        return await error_response(datasette, request, 404)
    after = read_id(request.args.get("after"))
    names = await region_names(datasette, [row["region_code"]])
    query = typed(request)[:QUERY_MAX]
    products = await _found(datasette, query)
    # what it has on sale is whole in the file of its province
    province = row["region_code"][:2]
    database = province if province in served_by(datasette).provinces else datasette.get_database().name
    counts = await read_rows(datasette, places.SHELF_COUNT, database, id=id_, products=products)
    return await page(
        datasette,
        request,
        "pharmacy.html",
        pharmacy=row,
        partner=await read_row(datasette, places.PARTNER, id=id_),
        region=region_path(row["region_code"], names),
        query=query,
        shelf_database=database,
        counts={line["band"]: line["items"] for line in counts},
        shelf=await read_page(
            datasette,
            places.SHELF,
            ("item_id",),
            is_first=after is None,
            database=database,
            id=id_,
            after=after,
            products=products,
        ),
    )


async def _found(datasette: Datasette, query: str) -> str | None:
    """The products that a query finds, as JSON; None for all of them."""
    if not query:
        return None
    match = match_of(query)
    rows = await read_matches(datasette, search.PRODUCTS, match) if match else []
    return json.dumps([row["id"] for row in rows])


ROUTES = [route("/pharmacy/(?P<id>[^/]+)", pharmacy, "q", "after")]
