"""A medicine: is it short, why, where can it be had; and the registered products that it is."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site import charts
from publish.site.errors import error_response
from publish.site.linked_data import drug
from publish.site.pages.lists import with_slugs
from publish.site.pages.search import QUERY_MAX
from publish.site.places import AFTER, Whereabouts, read_whereabouts
from publish.site.price_chart import price_chart
from publish.site.price_lines import lines_of
from publish.site.reading import Row, read_id, read_row, read_rows
from publish.site.render import page
from publish.site.routes import route
from publish.site.served import served_by
from publish.site.show import address_of, path_of
from publish.site.sql import lists, medicines
from publish.site.status import status_of
from publish.site.strings import here
from schema.identifiers import IdentifierError
from schema.names import fold_text

_DOMESTIC = "国药准字"


@dataclass(frozen=True, slots=True)
class Medicine:
    """What people mean by a medicine: a concept with all who make it, or one product that has none."""

    #: what it is called; the shortest of its products' names
    name: str
    name_en: str | None
    form: str | None
    strength: str | None
    concept: Row | None
    products: list[Row]

    @property
    def key(self) -> str:
        """What its address names it by: the concept, or the one product's number."""
        return str(self.concept["id"] if self.concept else self.products[0]["approval_number"])

    @property
    def path(self) -> str:
        """Where its page is."""
        return path_of("medicine", self.key)

    @property
    def product_ids(self) -> str:
        """Its products, as JSON for a query."""
        return json.dumps([row["id"] for row in self.products])

    @property
    def special_control(self) -> str | None:
        """Under which special control it is, if any of its products is."""
        return next(
            (row["special_control_code"] for row in self.products if row["special_control_code"]), None
        )


async def medicine(datasette: Datasette, request: Request) -> Response:
    """The page of a medicine. An approval number leads to the medicine that it is of."""
    key = unquote(request.url_vars["key"])
    found = await _find(datasette, key)
    if found is None:
        return await error_response(datasette, request, 404, "error.no_medicine", number=key[:QUERY_MAX])
    if key != found.key:
        return Response.redirect(address_of("medicine", found.key))
    region = request.args.get("region") or None
    try:
        where = await _whereabouts(datasette, request, found, region)
    except IdentifierError:
        return await error_response(datasette, request, 404, "error.no_region", code=(region or "")[:20])
    url = served_by(datasette).settings.url + here(found.path)
    return await page(
        datasette,
        request,
        "medicine.html",
        **await _told(datasette, found),
        where=where,
        json_ld=drug(found.name, found.form, found.products, url),
    )


async def product(datasette: Datasette, request: Request) -> Response:
    """One registered product: what the register says of it, its packs, its history."""
    number = unquote(request.url_vars["number"])
    row, canonical = await _find_product(datasette, number)
    if row is None:
        return await error_response(datasette, request, 404, "error.no_medicine", number=number[:QUERY_MAX])
    if canonical != number:
        return Response.redirect(address_of("product", canonical))
    id_ = row["id"]
    return await page(
        datasette,
        request,
        "product.html",
        product=row,
        standard_codes=await read_rows(datasette, medicines.STANDARD_CODES, product_id=id_),
        packs=await read_rows(datasette, medicines.PACKS, product_id=id_),
        events=await read_rows(datasette, medicines.AUTHORIZATION_EVENTS, product_id=id_),
        notices=await read_rows(datasette, medicines.SUPPLY_NOTICES, products=json.dumps([id_])),
    )


ROUTES = [
    route("/medicine/(?P<key>[^/]+)", medicine, "region", *AFTER.values()),
    route("/product/(?P<number>[^/]+)", product),
]


async def _told(datasette: Datasette, found: Medicine) -> dict[str, Any]:
    products = found.product_ids
    notices = await read_rows(datasette, medicines.SUPPLY_NOTICES, products=products)
    listings = await read_rows(datasette, medicines.LISTINGS, products=products)
    standing = await with_slugs(datasette, await read_rows(datasette, lists.STANDING, products=products))
    history = await with_slugs(datasette, await read_rows(datasette, lists.OF_PRODUCTS, products=products))
    substitutes = await read_rows(datasette, lists.SUBSTITUTES, products=products)
    price_lines = lines_of(await read_rows(datasette, medicines.PRICE_PERIODS, products=products))
    shown = (found.products, notices, listings, standing, history, substitutes)
    batches = sorted({row["batch_id"] for rows in shown for row in rows})
    return {
        "medicine": found,
        "status": status_of(found.products, standing, notices),
        "notices": notices,
        "listings": listings,
        "chart": charts.prices(listings),
        "price_lines": price_lines,
        "price_chart": price_chart(price_lines, served_by(datasette).release.data_as_of),
        "history": history,
        "substitutes": substitutes,
        "essential": await read_rows(datasette, medicines.ESSENTIAL, products=products),
        "sources": await read_rows(datasette, medicines.SOURCES, batches=json.dumps(batches)),
    }


async def _whereabouts(
    datasette: Datasette, request: Request, found: Medicine, region: str | None
) -> Whereabouts | None:
    """Where it is on sale and kept; None for what nobody may be told the whereabouts of."""
    if found.special_control is not None:
        return None
    after = {kind: request.args.get(name) for kind, name in AFTER.items()}
    return await read_whereabouts(datasette, found.product_ids, region, after)


async def _find(datasette: Datasette, key: str) -> Medicine | None:
    concept_id = read_id(key)
    if concept_id is None:
        row, _ = await _find_product(datasette, key)
        if row is None:
            return None
        if row["concept_id"] is None:
            return _of_product(row)
        concept_id = row["concept_id"]
    return await medicine_of_concept(datasette, concept_id)


async def medicine_of_concept(datasette: Datasette, concept_id: int | None) -> Medicine | None:
    """The medicine that a concept is; None where there is none of this identifier."""
    concept = await read_row(datasette, medicines.CONCEPT, id=concept_id)
    products = await read_rows(datasette, medicines.PRODUCTS, concept_id=concept_id) if concept else []
    return _of_concept(concept, products) if concept and products else None


def _of_product(row: Row) -> Medicine:
    return Medicine(row["name_zh"], row["name_en"], row["dosage_form"], row["specification"], None, [row])


def _of_concept(concept: Row, products: list[Row]) -> Medicine:
    shortest = min(products, key=lambda row: (len(row["name_zh"]), row["name_zh"], row["id"]))
    name_en = next((row["name_en"] for row in (shortest, *products) if row["name_en"]), None)
    return Medicine(
        shortest["name_zh"], name_en, concept["form_group"], concept["strength"], concept, products
    )


async def _find_product(datasette: Datasette, number: str) -> tuple[Row | None, str]:
    """The product of a number as written, else in capitals, else with the words every domestic one begins with."""
    plain = fold_text(number).upper().replace(" ", "")
    for candidate in dict.fromkeys((number, plain, _DOMESTIC + plain)):
        row = await read_row(datasette, medicines.PRODUCT, number=candidate)
        if row is not None:
            return row, candidate
    return None, number
