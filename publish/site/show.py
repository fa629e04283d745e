"""How values are shown: times of China, links, labels of columns; and the cells of Datasette's own tables."""

from datetime import UTC, datetime, timedelta, timezone
from functools import cache, lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from publish.site.codes import code_label
from publish.site.strings import catalogue, here, say, text
from publish.tables import public_tables
from schema.declare import EntityField, Label

#: China has one zone and no summer time
_CHINA = timezone(timedelta(hours=8))
#: columns that lead to a page of ours, wherever they stand
_PAGES = {
    "approval_number": "product",
    "concept_id": "medicine",
    "match_concept_id": "medicine",
    "pharmacy_id": "pharmacy",
    "institution_id": "institution",
    "batch_id": "batch",
    "region_code": "region",
    "list_id": "list",
}
#: columns that lead to a row of another table
_ROWS = {
    "product_id": "product",
    "item_id": "local_item",
    "medicine_id": "essential_medicine",
    "partner_pharmacy_id": "partner_pharmacy",
    "authorization_id": "product_authorization",
    "site_id": "manufacturing_site",
    "substance_id": "substance",
    "organization_id": "organization",
    "name_id": "organization_name",
    "holder_name_id": "organization_name",
    "company_name_id": "organization_name",
    "parent_code": "region",
    "feed_code": "feed",
    "platform_product_id": "platform_product",
    "version_id": "drug_list_version",
    "entry_id": "drug_list_entry",
    "substitution_id": "substitution",
}
#: the same of columns that lead elsewhere in one table than in others
_ROWS_OF = {("institution_medicine", "item_id"): "institution_item"}
#: tables whose `id` or `code` is shown on a page of ours
_OWN_PAGES = {
    "pharmacy": "pharmacy",
    "institution": "institution",
    "batch": "batch",
    "drug_concept": "medicine",
    "drug_list": "list",
}
#: tables of a release that no entity declares
_UNDECLARED = ("dictionary", "table_count")
#: instants whose text is kept: the rows of a page mostly share theirs
_INSTANTS = 4096


@lru_cache(_INSTANTS)
def china_time(instant: str | None) -> str:
    """An ISO instant as date and minute in China: 2025-03-01T00:00:00Z → 2025-03-01 08:00; empty for None."""
    if not instant:
        return ""
    moment = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    return f"{moment.astimezone(_CHINA):%Y-%m-%d %H:%M}"


def yuan(price: float | None) -> str:
    """A price as people write it: at most four decimals, no idle zeros; “not stated” for none."""
    return text("word.none") if price is None else f"{price:.4f}".rstrip("0").rstrip(".")


def path_of(page: str, name: object) -> str:
    """Path of a page of ours: `product` and an approval number, `pharmacy` or `batch` and an identifier."""
    return f"/{page}/{quote(str(name), safe='')}"


def address_of(page: str, name: object) -> str:
    """The same, in the language of the request."""
    return here(path_of(page, name))


@cache
def open_fields() -> dict[tuple[str, str], EntityField]:
    """(table, column) → its declaration, for every column of a release."""
    return {(table.name, column.name): column for table in public_tables() for column in table.columns}


@cache
def table_labels() -> dict[str, Label]:
    """Table → its name, for every table a visitor can open."""
    declared = {table.name: table.entity.about.label for table in public_tables()}
    return declared | {name: catalogue()[f"table.{name}"] for name in _UNDECLARED}


def column_label(table: str, column: str) -> str:
    """The declared name of a column; its bare name for the columns that no entity declares."""
    field = open_fields().get((table, column))
    return say(field.label) if field else column


def table_label(table: str) -> str:
    """The declared name of a table; its bare name where it has none."""
    return say(table_labels()[table]) if table in table_labels() else table


def coded(column: str, value: object) -> str:
    """A coded value in words; the code itself where it is not known, “not stated” where there is none."""
    if value in (None, ""):
        return text("word.not_stated")
    label = code_label(column, value)
    return say(label) if label else str(value)


def cell(database: str, table: str, column: str, value: object) -> Markup | None:
    """How Datasette's own pages show one cell; None leaves an empty one to Datasette.

    Everything is handled here, because Datasette would turn a text that looks like a web address into a link.
    """
    if value in (None, ""):
        return None
    link = _link(database, table, column, value)
    if link:
        return _html(f'<a href="{escape(here(link))}">{escape(value)}</a>')
    field = open_fields().get((table, column))
    if field and field.python_type is datetime:
        return _html(f'<time datetime="{escape(value)}">{china_time(str(value))}</time>')
    if field and field.python_type is bool:
        return escape(text("word.yes" if value else "word.no"))
    label = code_label(column, value)
    return escape(say(label) if label else value)


def plain(value: object) -> Markup | None:
    """A value as it is; None leaves an empty one to Datasette."""
    return None if value in (None, "") else escape(value)


def _html(made: str) -> Markup:
    """What was put together here of escaped parts. `Markup.format` takes ten times as long, for each cell."""
    return Markup(made)  # noqa: S704


def _link(database: str, table: str, column: str, value: object) -> str | None:
    if column == "approval_number" and table != "product":
        # A chain may write a number that is not registered.
        return f"/search?q={quote(str(value), safe='')}"
    page = _PAGES.get(column) or (_OWN_PAGES.get(table) if column == "id" else None)
    if page:
        return path_of(page, value)
    rows = _ROWS_OF.get((table, column)) or _ROWS.get(column)
    return f"/{database}/{rows}/{quote(str(value), safe='')}" if rows else None
