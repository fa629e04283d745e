"""Our plugin of Datasette: pages, frame, cells and gate. Uses only hooks that 0.65 and 1.0 share."""

import sqlite3
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup
from pluggy import HookimplMarker

from publish.release import Release
from publish.site import queries, show
from publish.site.codes import code_label
from publish.site.errors import error_response, exception_response
from publish.site.gate import App, Gate
from publish.site.labels import CONDITIONS, text_en, text_zh
from publish.site.pages import ROUTES
from publish.site.reading import read_rows
from schema.declare import Label

hookimpl = HookimplMarker("datasette")

#: no single value of a release is longer; stops SQL functions that build huge texts
_VALUE_BYTES_MAX = 5_000_000
#: as much as SQLite maps at most; larger files are read in the ordinary way beyond it
_MAPPED_BYTES_MAX = 2**31 - 2**16


class SitePlugin:
    """The plugin for one release."""

    #: Datasette lists plugins by this name
    __name__ = "baogong_site"

    def __init__(self, release: Release, site_version: str) -> None:
        self._release = release
        self._site_version = site_version
        self._is_demo = False

    @hookimpl
    def startup(self, datasette: Datasette) -> Callable[[], Awaitable[None]]:
        """Look once whether the release comes from demonstration senders: it cannot change while we serve it."""

        async def look() -> None:
            (row,) = await read_rows(datasette, queries.DEMO)
            self._is_demo = bool(row["is_demo"])

        return look

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        """Limit what one value may take, and read the file through memory: a sealed one never changes."""
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _VALUE_BYTES_MAX)
        conn.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES_MAX}")

    @hookimpl
    def asgi_wrapper(self) -> Callable[[App], App]:
        """Put the gate before everything."""
        return lambda app: Gate(app, f"{self._release.id}.{self._site_version}")

    @hookimpl
    def register_routes(self) -> list[tuple[str, Any]]:
        """The pages of our own."""
        return ROUTES

    @hookimpl
    def render_cell(self, value: object, column: str, table: str | None, database: str) -> Markup | None:
        """Cells of Datasette's tables as our pages show them."""
        return show.cell(database, table or "", column, value)

    @hookimpl
    def extra_template_vars(self, datasette: Datasette) -> dict[str, Any]:
        """What every template may use: texts, labels, forms of values, and the release it belongs to."""
        return {
            "t": text_zh,
            "t_en": text_en,
            "both": _both,
            "coded": show.coded,
            "code_zh": _code_zh,
            "code_en": _code_en,
            "china_time": show.china_time,
            "address_of": show.address_of,
            "column_label": show.column_label,
            "show_label": show.both,
            "table_labels": show.table_labels(),
            "conditions": CONDITIONS,
            "release": self._release,
            "site_version": self._site_version,
            "is_demo": self._is_demo,
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


def _both(key: str, **values: object) -> Markup:
    return show.both(Label(text_zh(key, **values), text_en(key, **values)))


def _code_zh(column: str, value: object) -> str:
    label = code_label(column, value)
    return label.zh if label else str(value)


def _code_en(column: str, value: object) -> str:
    label = code_label(column, value)
    return label.en if label else str(value)
