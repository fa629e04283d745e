"""What programs read of the site: robots, sitemaps, search from a browser's bar, a guide for language models."""

from collections.abc import Iterable

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.errors import error_response
from publish.site.reading import read_rows
from publish.site.routes import route
from publish.site.served import served_by
from publish.site.show import path_of
from publish.site.sql import machines as sql

#: addresses in one sitemap, at most: the protocol allows 50,000
_SITEMAP_MAX = 20_000
#: pages that are not of a thing
_FIXED = ("/", "/lists", "/regions", "/downloads", "/dictionary", "/api", "/about")


async def robots(datasette: Datasette, request: Request) -> Response:
    """Everything may be indexed but searches and the single rows of tables, of which there are millions."""
    site = served_by(datasette)
    lines = ["User-agent: *"]
    if site.settings.is_sql:
        lines.append("Disallow: /")
    else:
        database = datasette.get_database().name
        lines += [
            f"Disallow: {path}" for path in ("/search", "/suggest", f"/{database}/", f"/en/{database}/")
        ]
        lines.append(f"Sitemap: {site.settings.url}/sitemap.xml")
    return Response.text("\n".join(lines) + "\n")


async def sitemap_index(datasette: Datasette, request: Request) -> Response:
    """The sitemaps of the release: fixed pages with medicines by ranges of their rank, and institutions."""
    (row,) = await read_rows(datasette, sql.ENTRY_COUNT)
    names = [str(number) for number in range(1, 2 + max(0, row["entries"] - 1) // _SITEMAP_MAX)]
    names += [f"institutions-{number}" for number in range(1, 1 + -(-row["institutions"] // _SITEMAP_MAX))]
    url = served_by(datasette).settings.url
    day = served_by(datasette).release.data_as_of[:10]
    parts = [
        f"<sitemap><loc>{url}/sitemap-{name}.xml</loc><lastmod>{day}</lastmod></sitemap>" for name in names
    ]
    return _xml(f'<sitemapindex xmlns="{_SITEMAPS}">{"".join(parts)}</sitemapindex>')


async def sitemap(datasette: Datasette, request: Request) -> Response:
    """One sitemap."""
    number = int(request.url_vars["number"])
    low = (number - 1) * _SITEMAP_MAX
    rows = await read_rows(datasette, sql.ENTRIES, low=low, high=low + _SITEMAP_MAX)
    if not rows and number > 1:
        return await error_response(datasette, request, 404)
    paths = [f"/medicine/{row['concept_id'] or row['approval_number']}" for row in rows]
    return _sitemap(datasette, (*_FIXED, *paths) if number == 1 else paths)


async def sitemap_of_institutions(datasette: Datasette, request: Request) -> Response:
    """One sitemap of institutions."""
    start = (int(request.url_vars["number"]) - 1) * _SITEMAP_MAX
    rows = await read_rows(datasette, sql.INSTITUTIONS, start=start, limit=_SITEMAP_MAX)
    if not rows:
        return await error_response(datasette, request, 404)
    return _sitemap(datasette, [path_of("institution", row["id"]) for row in rows])


async def opensearch(datasette: Datasette, request: Request) -> Response:
    """How a browser's bar asks this site."""
    body = await datasette.render_template("opensearch.xml")
    return Response(body, content_type="application/opensearchdescription+xml; charset=utf-8")


async def llms(datasette: Datasette, request: Request) -> Response:
    """What a language model should know before it reads or cites this site."""
    return Response.text(await datasette.render_template("llms.txt"))


_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"

ROUTES = [
    route(r"/robots\.txt", robots),
    route(r"/sitemap\.xml", sitemap_index),
    route(r"/sitemap-(?P<number>[1-9][0-9]{0,5})\.xml", sitemap),
    route(r"/sitemap-institutions-(?P<number>[1-9][0-9]{0,5})\.xml", sitemap_of_institutions),
    route(r"/opensearch\.xml", opensearch),
    route(r"/llms\.txt", llms),
]

#: of the process that answers SQL
SQL_ROUTES = ROUTES[:1]


def _sitemap(datasette: Datasette, paths: Iterable[str]) -> Response:
    url = served_by(datasette).settings.url
    urls = "".join(f"<url><loc>{url}{path}</loc></url>" for path in paths)
    return _xml(f'<urlset xmlns="{_SITEMAPS}">{urls}</urlset>')


def _xml(body: str) -> Response:
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', content_type="application/xml; charset=utf-8"
    )
