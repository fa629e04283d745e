"""Where a medicine is on sale, within a region: figures, places page by page, regions to choose from."""

from dataclasses import dataclass

from datasette.app import Datasette

from publish.site.reading import Page, Places, Row, read_id, read_page, read_places, region_names, region_path
from publish.site.sql import places as sql
from schema.identifiers import IdentifierError
from schema.regions import COUNTRY_CODE, code_range, complete_code


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What the pages tell of where a medicine is on sale."""

    page: Page
    #: the places of the page by the path of their region
    groups: list[tuple[str, list[Row]]]
    found: Places
    region: str | None
    region_name: str | None


async def read_whereabouts(
    datasette: Datasette, products: str, region: str | None, after: str | None
) -> Whereabouts:
    """Where some products (JSON of their identifiers) are on sale. Raises IdentifierError for what is no region."""
    chosen = complete_code(region) if region else None
    low, high = code_range(chosen or COUNTRY_CODE)
    after_pharmacy, _, after_item = (after or "").partition("-")
    behind = {"after_pharmacy": read_id(after_pharmacy), "after_item": read_id(after_item)}
    page = await read_page(
        datasette,
        sql.PAGE,
        ("pharmacy_id", "item_id"),
        is_first=behind["after_pharmacy"] is None,
        products=products,
        low=low,
        high=high,
        **behind,
    )
    codes = {row["region_code"] for row in page.rows} | {chosen or COUNTRY_CODE}
    names = await region_names(datasette, codes)
    if chosen and chosen not in names:
        raise IdentifierError("region_code.unknown", "没有这个地区。", "There is no such region.")
    return Whereabouts(
        page,
        grouped(page.rows, {code: region_path(code, names) for code in codes}),
        await read_places(datasette, products, chosen),
        chosen,
        region_path(chosen, names) if chosen else None,
    )


def grouped(rows: list[Row], paths: dict[str, str]) -> list[tuple[str, list[Row]]]:
    """Rows by the path of their region, in their order."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(paths[row["region_code"]], []).append(row)
    return list(groups.items())
