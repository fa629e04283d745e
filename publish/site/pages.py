"""The pages of our own: each reads its rows and hands them to a template."""

from typing import Any
from urllib.parse import quote, unquote

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site import queries
from publish.site.about import ABOUT
from publish.site.errors import error_response
from publish.site.reading import (
    Page,
    Row,
    count_matches,
    read_id,
    read_page,
    read_places,
    read_row,
    read_rows,
    region_names,
    region_path,
)
from publish.site.show import address_of
from schema.identifiers import IdentifierError
from schema.names import fold_text, query_tokens
from schema.regions import COUNTRY_CODE, code_range, complete_code

#: longer queries are cut: nobody types more, and the work grows with the length
QUERY_MAX = 100
_DOMESTIC = "国药准字"


async def home(datasette: Datasette, request: Request) -> Response:
    """What is in the release, the newest stock-takes, and where to go on."""
    counts = await read_rows(datasette, queries.COUNTS)
    stock_takes = await read_rows(datasette, queries.NEWEST_STOCK_TAKES, limit=8)
    names = await region_names(datasette, [row["region_code"] for row in stock_takes])
    return await _render(
        datasette,
        request,
        "home.html",
        counts={row["table_name"]: row["row_count"] for row in counts},
        stock_takes=[row | {"region": region_path(row["region_code"], names)} for row in stock_takes],
    )


async def search(datasette: Datasette, request: Request) -> Response:
    """Medicines by name, pinyin, English name or approval number."""
    typed = (request.args.get("q") or "").replace("\0", " ").strip()
    query = typed[:QUERY_MAX]
    match = " AND ".join(f'"{token}"' for token in query_tokens(query))
    found, page = (
        await count_matches(datasette, match) if match else 0,
        Page([], is_first=True, next_after=None),
    )
    if found:
        after = read_id(request.args.get("after"))
        page = await read_page(
            datasette, queries.SEARCH, ("id",), is_first=after is None, match=match, after=after
        )
    context = {"query": query, "found": found, "page": page, "cut_to": QUERY_MAX if typed != query else None}
    return await _render(datasette, request, "search.html", **context)


async def medicine(datasette: Datasette, request: Request) -> Response:
    """One medicine: what it is, whether its production stops, where it is on sale, where that comes from."""
    number = unquote(request.url_vars["number"])
    row, canonical = await _find_medicine(datasette, number)
    if row is None:
        return await error_response(datasette, request, 404, "error.no_medicine", number=number[:QUERY_MAX])
    if canonical != number:
        return Response.redirect(address_of("medicine", canonical))
    region = request.args.get("region") or None
    places = None
    if row["special_control_code"] is None:
        try:
            places = await _places(datasette, request, row["id"], region)
        except IdentifierError:
            return await error_response(datasette, request, 404, "error.no_region", code=(region or "")[:20])
    return await _render(
        datasette,
        request,
        "medicine.html",
        medicine=row,
        standard_codes=await read_rows(datasette, queries.STANDARD_CODES, product_id=row["id"]),
        authorization=await read_row(datasette, queries.AUTHORIZATION, product_id=row["id"]) or {},
        events=await read_rows(datasette, queries.AUTHORIZATION_EVENTS, product_id=row["id"]),
        notices=await read_rows(datasette, queries.SUPPLY_NOTICES, product_id=row["id"]),
        places=places,
    )


async def pharmacy(datasette: Datasette, request: Request) -> Response:
    """One pharmacy and what it has on sale."""
    id_ = read_id(request.url_vars["id"])
    row = await read_row(datasette, queries.PHARMACY, id=id_)
    if row is None:
        return await error_response(datasette, request, 404)
    after = read_id(request.args.get("after"))
    names = await region_names(datasette, [row["region_code"]])
    return await _render(
        datasette,
        request,
        "pharmacy.html",
        pharmacy=row,
        region=region_path(row["region_code"], names),
        count=(await read_rows(datasette, queries.SHELF_COUNT, id=id_))[0]["items"],
        page=await read_page(
            datasette, queries.SHELF, ("item_id",), is_first=after is None, id=id_, after=after
        ),
    )


async def batch(datasette: Datasette, request: Request) -> Response:
    """One batch: the file that came, and the sum of its rows."""
    row = await read_row(datasette, queries.BATCH, id=read_id(request.url_vars["id"]))
    if row is None:
        return await error_response(datasette, request, 404)
    return await _render(datasette, request, "batch.html", batch=row)


async def dictionary(datasette: Datasette, request: Request) -> Response:
    """Every field of every table of the release."""
    tables: dict[str, list[Row]] = {}
    for row in await read_rows(datasette, queries.DICTIONARY):
        tables.setdefault(row["table_name"], []).append(row)
    return await _render(datasette, request, "dictionary.html", tables=tables)


async def about(datasette: Datasette, request: Request) -> Response:
    """What this site is, what it does not publish, how to cite it."""
    return await _render(datasette, request, "about.html", sections=ABOUT)


#: addresses and what answers them; identifiers that are no numbers are answered with our 404
ROUTES = [
    (r"^/$", home),
    (r"^/search$", search),
    (r"^/medicine/(?P<number>[^/]+)$", medicine),
    (r"^/pharmacy/(?P<id>[^/]+)$", pharmacy),
    (r"^/batch/(?P<id>[^/]+)$", batch),
    (r"^/dictionary$", dictionary),
    (r"^/about$", about),
]


async def _render(datasette: Datasette, request: Request, template: str, **context: Any) -> Response:
    return Response.html(await datasette.render_template(template, context, request=request))


async def _find_medicine(datasette: Datasette, number: str) -> tuple[Row | None, str]:
    """The medicine of a number as written, else in capitals, else with the words every domestic one begins with."""
    plain = fold_text(number).upper().replace(" ", "")
    for candidate in dict.fromkeys((number, plain, _DOMESTIC + plain)):
        row = await read_row(datasette, queries.MEDICINE, number=candidate)
        if row is not None:
            return row, candidate
    return None, number


async def _places(datasette: Datasette, request: Request, product_id: int, region: str | None) -> Row:
    """Where a medicine is on sale, within a region; raises IdentifierError for what is no region."""
    chosen = complete_code(region) if region else None
    low, high = code_range(chosen or COUNTRY_CODE)
    after_pharmacy, _, after_item = (request.args.get("after") or "").partition("-")
    after = {"after_pharmacy": read_id(after_pharmacy), "after_item": read_id(after_item)}
    page = await read_page(
        datasette,
        queries.PLACES,
        ("pharmacy_id", "item_id"),
        is_first=after["after_pharmacy"] is None,
        product_id=product_id,
        low=low,
        high=high,
        **after,
    )
    codes = {row["region_code"] for row in page.rows} | {chosen or COUNTRY_CODE}
    names = await region_names(datasette, codes)
    if chosen and chosen not in names:
        raise IdentifierError("region_code.unknown", "没有这个地区。", "There is no such region.")
    return {
        "page": page,
        "groups": _grouped(page.rows, {code: region_path(code, names) for code in codes}),
        "found": await read_places(datasette, product_id, chosen),
        "region": chosen,
        "region_name": region_path(chosen, names) if chosen else None,
        "query": f"region={quote(chosen)}&" if chosen else "",
    }


def _grouped(rows: list[Row], paths: dict[str, str]) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(paths[row["region_code"]], []).append(row)
    return list(groups.items())
