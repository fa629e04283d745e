"""Search, and suggestions while typing: medicines, and medical institutions by their names."""

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.reading import (
    Page,
    Row,
    count_matches,
    match_of,
    read_id,
    read_matches,
    read_page,
    read_rows,
    region_names,
    region_path,
)
from publish.site.render import page
from publish.site.routes import route
from publish.site.sql import places
from publish.site.sql import search as sql

#: longer queries are cut: nobody types more, and the work grows with the length
QUERY_MAX = 100
#: characters that a name is looked for by, at least; institutions shown, and names suggested, at most
_NAME_MIN, _NAMED, _SUGGESTED = 2, 10, 10


def typed(request: Request) -> str:
    """What was typed, without what nobody types."""
    return (request.args.get("q") or "").replace("\0", " ").strip()


async def search(datasette: Datasette, request: Request) -> Response:
    """Medicines by name, brand, pinyin, English name, holder or a code."""
    query = typed(request)[:QUERY_MAX]
    match = match_of(query)
    found = await count_matches(datasette, match) if match else 0
    rows = Page([], is_first=True, next_after=None)
    if found:
        after = read_id(request.args.get("after"))
        rows = await read_page(
            datasette, sql.FOUND, ("rank",), is_first=after is None, match=match, after=after
        )
    return await page(
        datasette,
        request,
        "search.html",
        query=query,
        found=found,
        counted_max=sql.COUNTED_MAX,
        rows=rows,
        institutions=await _institutions(datasette, query),
        cut_to=QUERY_MAX if typed(request) != query else None,
    )


async def suggest(datasette: Datasette, request: Request) -> Response:
    """Names for what was typed so far, in the form of OpenSearch suggestions: `["阿莫", ["阿莫西林片", …]]`.

    Medicines first, then institutions.
    """
    query = typed(request)[:QUERY_MAX]
    match = match_of(query)
    rows = await read_matches(datasette, sql.SUGGESTED, match) if match else []
    names = [row["name_zh"] for row in rows]
    names += [row["name"] for row in await _institutions(datasette, query)]
    return Response.json([query, names[:_SUGGESTED]])


async def _institutions(datasette: Datasette, query: str) -> list[Row]:
    """The institutions whose names hold what was typed, with where they are; one character is too little."""
    if len(query) < _NAME_MIN:
        return []
    rows = await read_rows(datasette, places.INSTITUTIONS_NAMED, text=query, limit=_NAMED)
    names = await region_names(datasette, {row["region_code"] for row in rows})
    return [row | {"region": region_path(row["region_code"], names)} for row in rows]


ROUTES = [route("/search", search, "q", "after"), route("/suggest", suggest, "q")]
