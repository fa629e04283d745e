"""The interface: what it answers with, page by page, and that it is what its description says."""

import re
import subprocess
import sys
from urllib.parse import quote

import jsonschema_rs
import pytest

from tests.lib.site import (
    AMOXICILLIN,
    ASPIRIN,
    CONCEPT_ID,
    DIGOXIN,
    DIGOXIN_OTHER,
    LIST_ID,
    MANY,
    METFORMIN,
    product_id,
)
from tests.lib.site_server import Site

#: every endpoint of its own kind, and tables of each kind: the others are made by the same few lines
CHECKED = r"^/api/v1($|/releases|/medicines|/lists|/tables/(product|on_sale|supply_notice|list_change)$)"
REFUSED = [
    ("/api/v1/tables/product?x=1", 400, "unknown-parameter"),
    ("/api/v1/tables/product?limit=0", 400, "parameter"),
    ("/api/v1/tables/product?limit=1001", 400, "parameter"),
    ("/api/v1/tables/product?limit=x", 400, "parameter"),
    ("/api/v1/tables/product?limit=1&limit=2", 400, "parameter"),
    ("/api/v1/tables/product?after=x", 404, "after"),
    ("/api/v1/tables/product?after=WzEsMl0", 404, "after"),
    ("/api/v1/medicines", 400, "parameter"),
    ("/api/v1/medicines/1", 404, "medicine"),
    ("/api/v1/medicines/x", 400, "parameter"),
    (f"/api/v1/medicines/{CONCEPT_ID}/places?region=999999", 404, "region"),
    ("/api/v1/nothing", 404, "address"),
    ("/api/v1/tables/oauth_client", 404, "address"),
]


def test_rows_are_flat_with_iso_dates_and_whole_identifiers(site: Site) -> None:
    """Identifiers are texts, instants UTC, and what is not stated says so."""
    answer = site.get(f"/api/v1/tables/product?approval_number={quote(AMOXICILLIN)}").json()
    (row,) = answer["rows"]
    assert (row["id"], row["approved_on"], row["valid_from"]) == (
        str(product_id(AMOXICILLIN)),
        "2019-03-12",
        "2026-11-20T02:00:00Z",
    )
    assert (row["special_control_code"], row["trade_name_zh"], row["consistency_evaluated"]) == (
        "not_stated",
        None,
        None,
    )
    assert (answer["release"], answer["is_demonstration"], answer["licence"]) == (
        site.release.id,
        True,
        "CC-BY-4.0",
    )


def test_pages_follow_each_other(site: Site) -> None:
    """Following `next`, which is in the Link header too, gives each row once."""
    address, found = "/api/v1/tables/pharmacy?limit=20", list[str]()
    while address:
        response = site.get(address)
        body = response.json()
        found += [row["id"] for row in body["rows"]]
        address = (body["next"] or "").removeprefix(site.base)
        linked = re.findall(r'<([^>]+)>; rel="next"', response.headers.get("link", ""))
        assert linked == ([body["next"]] if body["next"] else [])
    assert (len(found), len(set(found))) == (MANY + 2, MANY + 2)


def test_tables_are_filtered(site: Site) -> None:
    """By what their columns declare."""
    rows = site.get("/api/v1/tables/pharmacy?region_code=430102").json()["rows"]
    assert [row["store_code"] for row in rows] == ["B001"]


def test_medicines_are_found_and_told(site: Site) -> None:
    """Search gives the medicine; the medicine gives status, products and notices; its places are by region."""
    (found,) = site.get("/api/v1/medicines?q=dgxp").json()["rows"]
    assert (found["medicine"], found["product_count"], found["is_on_sale"]) == (str(CONCEPT_ID), 2, True)
    told = site.get(f"/api/v1/medicines/{CONCEPT_ID}").json()
    assert (told["status"], [row["approval_number"] for row in told["products"]]) == (
        "short",
        [DIGOXIN_OTHER, DIGOXIN],
    )
    assert [row["notice_kind_code"] for row in told["notices"]] == ["stop"]
    places = f"/api/v1/medicines/{CONCEPT_ID}/places"
    assert [row["region_code"] for row in site.get(places).json()["rows"]] == ["430102"]
    assert site.get(f"{places}?region=440000").json()["rows"] == []


def test_institutions_that_keep_a_medicine_are_told(site: Site) -> None:
    """Public ones only, in bands, by region."""
    address = f"/api/v1/medicines/{CONCEPT_ID}/institutions"
    rows = {row["name"]: row["stock_band_code"] for row in site.get(address).json()["rows"]}
    assert rows == {"演示第一人民医院": "few", "演示芙蓉区医院": "in_stock"}
    assert ["演示芙蓉区医院"] == [row["name"] for row in site.get(f"{address}?region=430000").json()["rows"]]


def test_prices_are_told_by_period_and_page(site: Site) -> None:
    """Each period of each listing with its row; pages join; nothing of what became confidential."""
    address = f"/api/v1/medicines/{CONCEPT_ID}/prices"
    whole = site.get(address).json()["rows"]
    assert sorted(
        (row["sender_code"], row["unit_price_yuan"], row["valid_from"], row["valid_to"]) for row in whole
    ) == [
        ("demo-gd", 0.85, "2026-11-20T02:00:00Z", None),
        ("demo-gd", 0.92, "2026-02-01T16:00:00Z", "2026-11-20T02:00:00Z"),
        ("demo-hn", 0.7, "2026-02-01T16:00:00Z", "2026-11-20T02:00:00Z"),
    ]
    paged, following = [], f"{address}?limit=2"
    while following:
        page = site.get(following).json()
        paged += page["rows"]
        following = (page["next"] or "").removeprefix(site.base)
    assert paged == whole
    assert site.get(f"/api/v1/tables/listing_price?product_id={product_id(DIGOXIN)}").json()["rows"] == whole


@pytest.mark.parametrize(("address", "status", "code"), REFUSED)
def test_what_is_wrong_is_said_as_a_problem(site: Site, address: str, status: int, code: str) -> None:
    """Problem details, with a status that fits; a misspelt filter gives no rows."""
    response = site.get(address)
    kind = response.headers["content-type"]
    body = response.json()
    assert (response.status_code, kind.partition(";")[0], body["status"], body["type"]) == (
        status,
        "application/problem+json",
        status,
        f"/api#{code}",
    )


def test_answers_are_what_the_description_says(site: Site) -> None:
    """Every endpoint without a path parameter, and one medicine, against its schema in the OpenAPI document."""
    document = site.get("/api/v1/openapi.json").json()
    examples = {"{medicine}": str(CONCEPT_ID), "{list}": str(LIST_ID)}
    problems = []
    for path, item in document["paths"].items():
        address = re.sub(r"\{\w+\}", lambda found: examples[found[0]], path)
        response = site.get(address + ("?q=pian" if path == "/api/v1/medicines" else ""))
        schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        validator = jsonschema_rs.validator_for(schema, validate_formats=True)
        problems += [f"{path}: {error.message}" for error in validator.iter_errors(response.json())]
    assert (document["openapi"], problems) == ("3.1.0", [])


def test_schemathesis_finds_nothing(site: Site) -> None:
    """Whatever is asked, well formed or not, is answered as the description says."""
    document = f"{site.base}/api/v1/openapi.json"
    options = ["--max-examples", "5", "--seed", "1", "--include-path-regex", CHECKED, "--no-color"]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", document, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Tested: 12" in done.stdout) == (0, True), (
        done.stdout[-4000:] + done.stderr[-2000:]
    )


def test_any_page_may_ask_and_what_is_known_is_not_sent_again(site: Site) -> None:
    """CORS is open, and the entity tag of an answer gives 304."""
    first = site.get("/api/v1/tables/feed")
    again = site.get("/api/v1/tables/feed", headers={"if-none-match": first.headers["etag"]})
    assert (first.headers["access-control-allow-origin"], again.status_code) == ("*", 304)


def test_a_list_is_told_as_of_any_day(site: Site) -> None:
    """What it held then, from one address with the day."""
    address = f"/api/v1/lists/{LIST_ID}"
    then, now = site.get(f"{address}?on=2025-06-30").json(), site.get(address).json()
    names = [[row["name_zh"] for row in answer["entries"]] for answer in (then, now)]
    assert (names, then["on"]) == ([["地高辛", "阿司匹林"], ["地高辛", "布地奈德"]], "2025-06-30")
    assert [site.get(f"{address}?on={day}").status_code for day in ("2025-02-31", "yesterday")] == [400, 400]


def test_special_medicines_have_no_places(site: Site) -> None:
    """Nor does any table tell of an item or a place of theirs."""
    numbers = {row["approval_number"] for row in site.get("/api/v1/tables/local_item").json()["rows"]}
    assert numbers == {AMOXICILLIN, ASPIRIN, DIGOXIN_OTHER}
    notices = site.get("/api/v1/tables/supply_notice").json()["rows"]
    assert {row["approval_number"] for row in notices} == {METFORMIN, DIGOXIN}
