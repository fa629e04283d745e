"""Asking in SQL: what there is to ask, examples, and the form; on the main site only where to find it."""

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.render import page
from publish.site.routes import route
from publish.site.served import served_by
from publish.site.show import table_labels
from publish.tables import public_tables

#: the page of Datasette that answers; 1.0 has another one than 0.65
_PATHS = {True: "/{name}/-/query", False: "/{name}"}


def query_path(datasette: Datasette) -> str:
    """Where a form with SQL is sent to."""
    is_new = hasattr(datasette, "allowed_resources")
    return _PATHS[is_new].format(name=datasette.get_database().name)


async def asking(datasette: Datasette, request: Request) -> Response:
    """The page about asking in SQL."""
    site = served_by(datasette)
    columns = {table.name: [column.name for column in table.columns] for table in public_tables()}
    return await page(
        datasette,
        request,
        "sql.html",
        columns={name: columns[name] for name in table_labels() if name in columns},
        query_path=query_path(datasette),
        limits=site.settings.datasette,
    )


ROUTES = [route("/sql", asking)]
