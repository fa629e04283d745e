"""Lists of medicines: those in force, each with its versions, what a version holds, and the difference of any two."""

from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.errors import error_response
from publish.site.reading import Row, read_rows
from publish.site.render import page
from publish.site.routes import route
from publish.site.sql import lists as sql
from publish.site.sql import medicines

#: changes told on one page
_CHANGES_MAX = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """What is on a list by one version and not by another."""

    came_in: list[Row]
    left_it: list[Row]
    stayed: int


async def all_lists(datasette: Datasette) -> list[Row]:
    """Every list, with the name that its address has: by kind and division, or its identifier where two are alike."""
    rows = await read_rows(datasette, sql.LISTS)
    return [
        row | {"slug": f"{row['kind_code']}-{row['region_code']}" if row["alike"] == 1 else str(row["id"])}
        for row in rows
    ]


async def list_named(datasette: Datasette, slug: str) -> Row | None:
    """The list of an address, by its name there or its identifier."""
    found = await all_lists(datasette)
    return next((row for row in found if slug in (row["slug"], str(row["id"]))), None)


async def with_slugs(datasette: Datasette, rows: list[Row]) -> list[Row]:
    """Rows that name a list by `list_id`, with what its address calls it."""
    slugs = {row["id"]: row["slug"] for row in await all_lists(datasette)}
    return [row | {"slug": slugs[row["list_id"]]} for row in rows]


async def lists(datasette: Datasette, request: Request) -> Response:
    """The lists in force."""
    return await page(datasette, request, "lists.html", lists=await all_lists(datasette))


async def one_list(datasette: Datasette, request: Request) -> Response:
    """One list by the version in force, or by the one that took effect on a day."""
    found = await list_named(datasette, request.url_vars["slug"])
    if found is None:
        return await error_response(datasette, request, 404)
    versions = await read_rows(datasette, sql.VERSIONS, list_id=found["id"])
    day = request.url_vars.get("day") or found["effective_on"]
    version = next((row for row in versions if row["effective_on"] == day), None)
    if version is None:
        return await error_response(datasette, request, 404)
    return await page(
        datasette,
        request,
        "list.html",
        found=found,
        versions=versions,
        version=version,
        entries=await _entries(datasette, found["id"], day),
        is_current=day == found["effective_on"],
    )


async def difference(datasette: Datasette, request: Request) -> Response:
    """What two versions of a list differ in, and why."""
    found = await list_named(datasette, request.url_vars["slug"])
    days = [request.args.get("from") or "", request.args.get("to") or ""]
    versions = await read_rows(datasette, sql.VERSIONS, list_id=found["id"]) if found else []
    known = {row["effective_on"]: row for row in versions}
    if found is None or not all(day in known for day in days):
        return await error_response(datasette, request, 404)
    # however they were chosen, the earlier one comes first
    earlier, later = sorted(days)
    return await page(
        datasette,
        request,
        "difference.html",
        found=found,
        versions=versions,
        earlier=known[earlier],
        later=known[later],
        difference=await _difference(datasette, found["id"], earlier, later),
    )


async def changes(datasette: Datasette, request: Request) -> Response:
    """Why medicines are short: the newest changes of lists with their reasons, and the newest notices."""
    rows = await read_rows(datasette, sql.NEWEST_CHANGES, limit=_CHANGES_MAX)
    return await page(
        datasette,
        request,
        "changes.html",
        changes=await with_slugs(datasette, rows),
        notices=await read_rows(datasette, medicines.NEWEST_NOTICES, limit=_CHANGES_MAX),
    )


_SLUG = "(?P<slug>[a-z_0-9-]+)"
ROUTES = [
    route("/lists", lists),
    route(f"/list/{_SLUG}", one_list),
    route(rf"/list/{_SLUG}/(?P<day>\d{{4}}-\d\d-\d\d)", one_list),
    route(f"/list/{_SLUG}/diff", difference, "from", "to"),
    route("/changes", changes),
]


async def _entries(datasette: Datasette, list_id: int, day: str) -> list[Row]:
    rows = await read_rows(datasette, sql.ON_DAY, list_id=list_id, on_day=day)
    categories = {
        row["id"]: row["category_name"] for row in await read_rows(datasette, sql.CATEGORIES, list_id=list_id)
    }
    return [row | {"category_name": categories.get(row["entry_id"])} for row in rows]


async def _difference(datasette: Datasette, list_id: int, earlier: str, later: str) -> Difference:
    before, after = [
        {row["entry_id"]: row for row in await read_rows(datasette, sql.ON_DAY, list_id=list_id, on_day=day)}
        for day in (earlier, later)
    ]
    reasons = {
        row["entry_id"]: row
        for row in await read_rows(
            datasette, sql.LEFT_BETWEEN, list_id=list_id, after_day=earlier, until_day=later
        )
    }
    return Difference(
        [row for key, row in after.items() if key not in before],
        [{**row, **_why_it_left(reasons.get(key))} for key, row in before.items() if key not in after],
        len(before.keys() & after.keys()),
    )


def _why_it_left(change: Row | None) -> dict[str, Any]:
    names = ("effective_on", "reason_code", "reason_text", "batch_id", "row_number", "id")
    return {name: change[name] for name in names} if change else {}
