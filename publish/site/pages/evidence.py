"""Where the data come from and what they mean: batches and the dictionary."""

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.errors import error_response
from publish.site.reading import Row, read_id, read_row, read_rows
from publish.site.render import page
from publish.site.routes import route
from publish.site.sql import common


async def batch(datasette: Datasette, request: Request) -> Response:
    """One batch: the file that came, and the sum of its rows."""
    row = await read_row(datasette, common.BATCH, id=read_id(request.url_vars["id"]))
    if row is None:
        return await error_response(datasette, request, 404)
    return await page(datasette, request, "batch.html", batch=row)


async def dictionary(datasette: Datasette, request: Request) -> Response:
    """Every field of every table of the release."""
    tables: dict[str, list[Row]] = {}
    for row in await read_rows(datasette, common.DICTIONARY):
        tables.setdefault(row["table_name"], []).append(row)
    return await page(datasette, request, "dictionary.html", tables=tables)


ROUTES = [route("/batch/(?P<id>[^/]+)", batch), route("/dictionary", dictionary)]
