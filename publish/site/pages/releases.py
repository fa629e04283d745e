"""Releases: all that were published, what one holds, and its files to download."""

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.layout import MANIFEST_NAME
from publish.manifest import File, Release
from publish.site.downloads import all_releases, release_named
from publish.site.errors import error_response
from publish.site.linked_data import dataset
from publish.site.render import page
from publish.site.routes import route
from publish.site.served import served_by
from publish.site.show import table_labels


async def downloads(datasette: Datasette, request: Request) -> Response:
    """The files of the release that is served."""
    site = served_by(datasette)
    return await page(
        datasette, request, "downloads.html", **_told(site.release), is_latest=True,
        json_ld=dataset(site.release, site.settings.url),
    )  # fmt: skip


async def releases(datasette: Datasette, request: Request) -> Response:
    """Every release, the newest first."""
    found = all_releases(served_by(datasette).settings.releases)
    return await page(datasette, request, "releases.html", releases=found)


async def release(datasette: Datasette, request: Request) -> Response:
    """One release: what it was made from, how its checks went, its files."""
    site = served_by(datasette)
    named = release_named(site.settings.releases, request.url_vars["id"])
    if named is None:
        return await error_response(datasette, request, 404)
    return await page(
        datasette, request, "downloads.html", **_told(named), is_latest=False,
        json_ld=dataset(named, site.settings.url),
    )  # fmt: skip


ROUTES = [
    route("/downloads", downloads),
    route("/releases", releases),
    route(r"/releases/(?P<id>\d{8}-[0-9a-f]{8})", release),
]


def _told(release: Release) -> dict[str, Any]:
    """A release with its files by table, and those that are of all of it."""
    by_table: dict[str, list[File]] = {name: [] for name in table_labels() if name in release.row_counts}
    whole: list[File] = []
    for file in release.files:
        (whole if file.table is None else by_table.setdefault(file.table, [])).append(file)
    return {
        "shown": release,
        "whole": whole,
        "by_table": {table: files for table, files in by_table.items() if files},
        "manifest_name": MANIFEST_NAME,
    }
