"""Our plugin of Datasette: pages, frame, cells and errors. Uses only hooks that 0.65 and 1.0 share."""

import sqlite3
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup
from pluggy import HookimplMarker

from publish.site import show, strings
from publish.site.errors import error_response, exception_response
from publish.site.limits import limit
from publish.site.pages import ROUTES, SQL_ROUTES
from publish.site.reading import read_rows
from publish.site.served import served_by
from publish.site.sql import common

hookimpl = HookimplMarker("datasette")


class SitePlugin:
    """The plugin, once for the process."""

    #: Datasette lists plugins by this name
    __name__ = "baogong_site"

    @hookimpl
    def startup(self, datasette: Datasette) -> Callable[[], Awaitable[None]]:
        """Look once whether the release comes from demonstration senders: it cannot change while we serve it."""

        async def look() -> None:
            (row,) = await read_rows(datasette, common.DEMO)
            served_by(datasette).is_demo = bool(row["is_demo"])

        return look

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection, datasette: Datasette, database: str) -> None:
        """Limit what may be done over a connection to the release."""
        if database == datasette.get_database().name:
            limit(conn, is_sql=served_by(datasette).settings.is_sql)

    @hookimpl
    def register_routes(self, datasette: Datasette) -> list[tuple[str, Any]]:
        """The pages of our own."""
        routes = SQL_ROUTES if served_by(datasette).settings.is_sql else ROUTES
        return [(f"^{route.pattern}$", route.view) for route in routes]

    @hookimpl
    def render_cell(
        self, value: object, column: str, table: str | None, database: str, datasette: Datasette
    ) -> Markup | None:
        """Cells of Datasette's tables as our pages show them; the process of SQL has no other pages to lead to."""
        is_sql = served_by(datasette).settings.is_sql
        return show.plain(value) if is_sql else show.cell(database, table or "", column, value)

    @hookimpl
    def extra_template_vars(self, datasette: Datasette) -> dict[str, Any]:
        """What every template may use: texts, labels, forms of values, and the release it belongs to."""
        served = served_by(datasette)
        return _ALWAYS | {
            "is_english": strings.is_english(),
            "release": served.release,
            "site_version": served.site_version,
            "site_url": served.settings.url,
            "sql_url": served.settings.sql_url,
            "models_url": served.settings.models_url,
            "is_sql": served.settings.is_sql,
            "is_demo": served.is_demo,
            "database_name": datasette.get_database().name,
        }

    @hookimpl
    def forbidden(self, datasette: Datasette, request: Request) -> Callable[[], Awaitable[Response]]:
        """Whatever Datasette refuses, in our frame."""

        async def answer() -> Response:
            return await error_response(datasette, request, 403)

        return answer

    @hookimpl(wrapper=True)
    def handle_exception(
        self, datasette: Datasette, request: Request, exception: Exception
    ) -> Generator[None, list[Any], list[Any]]:
        """Replace Datasette's handler, which prints every local variable of each error, 404s included."""
        yield

        async def answer() -> Response:
            return await exception_response(datasette, request, exception)

        return [answer]


PLUGIN = SitePlugin()

_ALWAYS: dict[str, Any] = {
    "t": strings.text,
    "say": strings.say,
    "u": strings.here,
    "texts": strings.branch,
    "coded": show.coded,
    "china_time": show.china_time,
    "yuan": show.yuan,
    "address_of": show.address_of,
    "path_of": show.path_of,
    "column_label": show.column_label,
    "table_label": show.table_label,
    "table_labels": show.table_labels,
}
