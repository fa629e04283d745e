"""What the graph answers over HTTP on the sample feeds; where it can, the test asks the tables themselves too."""

from typing import Any

import pytest

from hub.web.examples import Example, shipped_examples
from schema.scopes import Scope
from tests.lib.graph import DIGOXIN, GraphCaller, ServedHub, nodes

LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"
#: roots of examples that are there to show that nothing was known
NOTHING_KNOWN = {"knownThen"}


def told(value: Any) -> bool:
    """Whether an answer tells anything: a text, a number other than zero, anywhere in it."""
    if isinstance(value, dict):
        return any(told(each) for key, each in value.items() if key != "pageInfo")
    if isinstance(value, list):
        return any(map(told, value))
    return bool(value)


@pytest.mark.parametrize("example", shipped_examples(), ids=lambda example: example.name)
async def test_every_example_answers(graph: GraphCaller, example: Example) -> None:
    """Asked for as the trusted document that it is: no errors, and each of its roots finds something."""
    asked = {"documentId": f"sha256:{example.sha256}", "variables": example.variables}
    answer = (await graph.post(asked)).json()
    assert "errors" not in answer, answer
    assert NOTHING_KNOWN.issuperset(key for key, found in answer["data"].items() if not told(found))


@pytest.mark.parametrize(
    "written",
    [
        DIGOXIN,
        "国药准字h20099007",
        "国药准字Ｈ２００９９００７",
        " 国药准字 H20099007 ",
        "批准文号：国药准字H20099007",
    ],
)
async def test_a_product_is_found_however_its_number_is_written(graph: GraphCaller, written: str) -> None:
    """Lower case, full width, blanks and a label do no harm."""
    data = await graph.data(
        "query ($n: String!) { product(approvalNumber: $n) { approvalNumber nameZh } }", n=written
    )
    assert {"product": {"approvalNumber": DIGOXIN, "nameZh": "地高辛片"}} == data


async def test_a_medicine_leads_to_the_institutions_that_keep_it_and_back(graph: GraphCaller) -> None:
    """By the item that it was recognised as; an institution leads on to what it bought and to its organisation."""
    data = await graph.data(
        "query ($n: String!) { product(approvalNumber: $n) { institutionItems(first: 2) { edges { node {"
        " kept(first: 20) { edges { node {"
        " institution { name organization { name } region { name } purchaseLines { totalCount }"
        " medicines(filter: {item: {product: {approvalNumber: {eq: $n}}}}) { totalCount } } } } } } } } } }",
        n="国药准字H44029001",
    )
    (item,) = nodes(data["product"]["institutionItems"])
    (first,) = (
        kept["institution"] for kept in nodes(item["kept"]) if kept["institution"]["name"] == "演示市第一医院"
    )
    assert ("演示市第一医院", "天河区") == (first["organization"]["name"], first["region"]["name"])
    assert (True, 1) == (first["purchaseLines"]["totalCount"] > 0, first["medicines"]["totalCount"])


async def test_an_import_certificate_has_no_prefix(graph: GraphCaller) -> None:
    """An older certificate number, in lower case."""
    data = await graph.data('{ product(approvalNumber: "h20171323") { approvalNumber approvalOriginCode } }')
    assert {"product": {"approvalNumber": "H20171323", "approvalOriginCode": "imported"}} == data


async def test_a_number_nobody_has_is_nothing(graph: GraphCaller) -> None:
    """Well formed, but of no medicine: null, and no error."""
    assert {"product": None} == await graph.data('{ product(approvalNumber: "国药准字H19990000") { id } }')


async def test_a_number_that_cannot_be_is_told_of(graph: GraphCaller) -> None:
    """Seven digits: the hint says how many there should be."""
    [error] = (await graph.ask('{ product(approvalNumber: "国药准字H2009900") { id } }'))["errors"]
    assert "BAD_ARGUMENT" == error["extensions"]["code"]
    assert "8" in error["message"]
    assert "7" in error["message"]
    assert "。。" not in error["message"]


FILTERS = [
    ("products", f'approvalNumber: {{eq: "{DIGOXIN}"}}', f"product WHERE approval_number = '{DIGOXIN}'"),
    ("products", 'dosageForm: {in: ["片剂", "丸剂"]}', "product WHERE dosage_form IN ('片剂', '丸剂')"),
    ("products", 'nameZh: {contains: "地"}', "product WHERE position('地' in name_zh) > 0"),
    ("products", 'nameEn: {contains: "TABLETS"}', "product WHERE lower(name_en) LIKE '%tablets%'"),
    ("products", 'specification: {contains: "0%"}', "product WHERE position('0%' in specification) > 0"),
    ("products", 'nameZh: {startsWith: "注射用"}', "product WHERE starts_with(name_zh, '注射用')"),
    ("products", "tradeNameZh: {isNull: true}", "product WHERE trade_name_zh IS NULL"),
    ("products", "tradeNameZh: {isNull: false}", "product WHERE trade_name_zh IS NOT NULL"),
    ("products", 'approvedOn: {gte: "2018-01-01"}', "product WHERE approved_on >= '2018-01-01'"),
    ("products", 'approvedOn: {lte: "2017-12-31"}', "product WHERE approved_on <= '2017-12-31'"),
    ("products", "approvedOn: {isNull: true}", "product WHERE approved_on IS NULL"),
    (
        "products",
        'nameZh: {contains: "注射"}, specification: {contains: "mg", startsWith: "50"}',
        "product WHERE name_zh LIKE '%注射%' AND specification LIKE '50%' AND specification LIKE '%mg%'",
    ),
    ("localItems", "productId: {isNull: true}", "local_item WHERE product_id IS NULL"),
    ("localItems", "productId: {isNull: false}", "local_item WHERE product_id IS NOT NULL"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "given", "same"), FILTERS, ids=[given for _, given, _ in FILTERS])
async def test_filters_count_what_the_table_holds(
    graph: GraphCaller, sample_hub: ServedHub, field: str, given: str, same: str
) -> None:
    """Each operator: some rows, not all, and as many as the same condition in SQL."""
    data = await graph.data(
        f"{{ some: {field}(filter: {{{given}}}) {{ totalCount }} all: {field} {{ totalCount }} }}"
    )
    expected = await sample_hub.connection.fetchval(f"SELECT count(*) FROM {same} AND {LIVE}")
    assert expected == data["some"]["totalCount"]
    assert 0 < expected < data["all"]["totalCount"]


@pytest.mark.parametrize("text", ["_", "\\", "%%", "\\%"])
async def test_patterns_of_like_are_plain_characters(graph: GraphCaller, text: str) -> None:
    """No name has them, so that nothing is found."""
    data = await graph.data(
        "query ($t: String) { a: products(filter: {nameZh: {contains: $t}}) { totalCount }"
        " b: products(filter: {nameZh: {startsWith: $t}}) { totalCount } }",
        t=text,
    )
    assert {"a": {"totalCount": 0}, "b": {"totalCount": 0}} == data


async def test_identifiers_filter_by_eq_and_in(graph: GraphCaller) -> None:
    """The items of one medicine, asked for from both sides."""
    found = await graph.data(
        f'{{ product(approvalNumber: "{DIGOXIN}") {{ id localItems {{ edges {{ node {{ id }} }} }} }} }}'
    )
    items, product = nodes(found["product"]["localItems"]), found["product"]["id"]
    data = await graph.data(
        "query ($p: ID!) { a: localItems(filter: {productId: {eq: $p}}) { edges { node { id } } }"
        " b: localItems(filter: {productId: {in: [$p]}}) { edges { node { id } } } }",
        p=product,
    )
    assert items
    assert (items, items) == (nodes(data["a"]), nodes(data["b"]))


async def test_numbers_and_codes_filter_what_is_on_sale(graph: GraphCaller, sample_hub: ServedHub) -> None:
    """Price from, price to and availability, within one store."""
    data = await graph.data(
        '{ pharmacies(filter: {storeCode: {eq: "A001"}}) { edges { node { onSale(filter: {retailPriceYuan:'
        ' {gte: "10", lte: "30.5"}, availabilityCode: {eq: "in_stock"}}) { totalCount } } } } }'
    )
    expected = await sample_hub.connection.fetchval(
        "SELECT count(*) FROM on_sale o JOIN pharmacy p ON p.id = o.pharmacy_id WHERE p.store_code = 'A001'"
        " AND o.retail_price_yuan BETWEEN 10 AND 30.5 AND o.availability_code = 'in_stock' AND o.valid_to = 'infinity'"
    )
    assert [{"onSale": {"totalCount": expected}}] == nodes(data["pharmacies"])
    assert expected > 0


async def test_faults_filter_by_yes_or_no(graph: GraphCaller, sample_hub: ServedHub) -> None:
    """The faults that are only notices, of all batches."""
    data = await graph.data(
        "{ batches(first: 100) { edges { node { faults(filter: {isNotice: {eq: false}}) { totalCount } } } } }"
    )
    expected = await sample_hub.connection.fetchval("SELECT count(*) FROM fault WHERE NOT is_notice")
    assert expected == sum(batch["faults"]["totalCount"] for batch in nodes(data["batches"]))
    assert expected > 0


@pytest.mark.parametrize(
    ("region", "prefix"),
    [
        ("440106", "440106"),
        ("440100", "4401"),
        ("440000", "44"),
        ("44", "44"),
        ("441900", "4419"),
        ("433100", "4331"),
        ("110000", "11"),
        ("000000", ""),
    ],
)
async def test_pharmacies_of_a_region_are_those_of_its_subtree(
    graph: GraphCaller, sample_hub: ServedHub, region: str, prefix: str
) -> None:
    """County, city, province, a city without counties, and the whole country."""
    data = await graph.data(
        "query ($r: String!) { pharmacies(filter: {regionCode: {within: $r}}, first: 100)"
        " { edges { node { storeCode } } } }",
        r=region,
    )
    rows = await sample_hub.connection.fetch(
        f"SELECT store_code FROM pharmacy WHERE region_code LIKE $1 AND {LIVE}", f"{prefix}%"
    )
    found = [node["storeCode"] for node in nodes(data["pharmacies"])]
    assert sorted(row["store_code"] for row in rows) == sorted(found)
    assert found


async def test_what_a_store_has_on_sale_leads_to_registered_medicines(
    graph: GraphCaller, sample_hub: ServedHub
) -> None:
    """Store → what is on sale → the chain's item → the medicine, as the tables have it."""
    data = await graph.data(
        '{ pharmacies(filter: {storeCode: {eq: "A001"}}) { edges { node { onSale(first: 100) { edges { node {'
        " stockPacks item { itemCode product { approvalNumber } } } } } } } } }"
    )
    [store] = nodes(data["pharmacies"])
    found = {
        (
            sale["item"]["itemCode"],
            float(sale["stockPacks"]),
            (sale["item"]["product"] or {}).get("approvalNumber"),
        )
        for sale in nodes(store["onSale"])
        if sale["stockPacks"] is not None
    }
    rows = await sample_hub.connection.fetch(
        "SELECT i.item_code, o.stock_packs::float, m.approval_number FROM on_sale o"
        " JOIN pharmacy p ON p.id = o.pharmacy_id JOIN local_item i ON i.id = o.item_id"
        " LEFT JOIN product m ON m.id = i.product_id WHERE p.store_code = 'A001' AND o.stock_packs IS NOT NULL"
        " AND o.valid_to = 'infinity' AND i.superseded_at = 'infinity' AND i.valid_to = 'infinity'"
    )
    assert {tuple(row) for row in rows} == found
    assert len(found) > 10


async def test_a_store_says_when_it_last_confirmed(graph: GraphCaller, sample_hub: ServedHub) -> None:
    """The instant of its chain's stock-take, in UTC."""
    data = await graph.data("{ pharmacies(first: 1) { edges { node { stockTake { confirmedAt } } } } }")
    as_of = await sample_hub.connection.fetchval("SELECT as_of FROM batch WHERE file_name = 'on_sale.csv'")
    assert [{"stockTake": {"confirmedAt": as_of.isoformat()}}] == nodes(data["pharmacies"])


async def test_items_that_wait_have_no_medicine_and_say_why(graph: GraphCaller) -> None:
    """Each waits with its evidence."""
    data = await graph.data(
        '{ localItems(filter: {matchCode: {eq: "waiting"}}) { edges { node { matchEvidence product { id } } } } }'
    )
    waiting = nodes(data["localItems"])
    assert waiting
    assert [None] * len(waiting) == [item["product"] for item in waiting]
    assert all(item["matchEvidence"] for item in waiting)


async def test_regions_know_what_is_above_and_below(graph: GraphCaller) -> None:
    """Tianhe is below Guangzhou, and Guangzhou's children lead back to it."""
    data = await graph.data(
        '{ region(code: "440106") { name parent { code children(first: 100) { edges { node { code } } } } } }'
    )
    parent = data["region"]["parent"]
    assert ("天河区", "440100") == (data["region"]["name"], parent["code"])
    assert {"code": "440106"} in nodes(parent["children"])
    assert {"4401"} == {child["code"][:4] for child in nodes(parent["children"])}


async def test_a_division_knows_all_above_and_all_below(graph: GraphCaller) -> None:
    """From the country down to itself, and below it to the last county; neither way it is its own."""
    data = await graph.data(
        '{ region(code: "440100") { ancestors { edges { node { code } } } descendants(first: 100) { edges { node {'
        " code ancestors { edges { node { code } } } } } } } }"
    )
    assert [{"code": "000000"}, {"code": "440000"}] == nodes(data["region"]["ancestors"])
    below = nodes(data["region"]["descendants"])
    assert below
    for each in below:
        assert each["code"] != "440100"
        assert {"code": "440100"} in nodes(each["ancestors"])


async def test_a_province_knows_what_stands_in_all_its_divisions(
    graph: GraphCaller, sample_hub: ServedHub
) -> None:
    """Pharmacies have the code of a county."""
    [[province, count]] = await sample_hub.connection.fetch(
        f"SELECT left(region_code, 2), count(*) FROM pharmacy WHERE {LIVE} GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )
    data = await graph.data(
        "query ($code: String!) { region(code: $code) {"
        " pharmacies { totalCount edges { node { region { code } } } } } }",
        code=f"{province}0000",
    )
    assert count == data["region"]["pharmacies"]["totalCount"]
    assert all(each["region"]["code"].startswith(province) for each in nodes(data["region"]["pharmacies"]))


async def test_a_medicine_leads_to_its_reports_and_notices_and_back(graph: GraphCaller) -> None:
    """Digoxin was cut from November on; quantities are in tablets."""
    data = await graph.data(
        f'{{ product(approvalNumber: "{DIGOXIN}") {{ supplyNotices {{ edges {{ node {{ noticeKindCode stopOn'
        " causeCode causeText product { nameZh } } } } productionReports(orderBy: [{field: REPORT_MONTH}]) { edges {"
        " node { reportMonth supplyStatusCode unitReceived unit unitFactor actualQuantity } } } } }"
    )
    [notice] = nodes(data["product"]["supplyNotices"])
    assert ("reduce", "2025-11-01", "equipment", "地高辛片") == (
        notice["noticeKindCode"],
        notice["stopOn"],
        notice["causeCode"],
        notice["product"]["nameZh"],
    )
    reports = nodes(data["product"]["productionReports"])
    assert [("2025-11-01", "reduced"), ("2025-12-01", "reduced")] == [
        (each["reportMonth"], each["supplyStatusCode"]) for each in reports
    ]
    assert {("万片", "片", 10_000.0)} == {
        (each["unitReceived"], each["unit"], float(each["unitFactor"])) for each in reports
    }
    assert all(float(each["actualQuantity"]) > 10_000 for each in reports)


async def test_reports_filter_by_month(graph: GraphCaller, sample_hub: ServedHub) -> None:
    """From a month, to a month; the roots count what the tables hold."""
    data = await graph.data(
        '{ some: productionReports(filter: {reportMonth: {gte: "2025-12-01", lte: "2025-12-31"}}) { totalCount }'
        " all: productionReports { totalCount } supplyNotices { totalCount } }"
    )
    count = sample_hub.connection.fetchval
    some = await count(f"SELECT count(*) FROM production_report WHERE report_month = '2025-12-01' AND {LIVE}")
    assert {"some": some, "all": await count(f"SELECT count(*) FROM production_report WHERE {LIVE}")} == {
        key: data[key]["totalCount"] for key in ("some", "all")
    }
    assert (
        await count(f"SELECT count(*) FROM supply_notice WHERE {LIVE}") == data["supplyNotices"]["totalCount"]
    )


async def test_quantities_of_production_have_their_own_scope(sample_hub: ServedHub) -> None:
    """Who may read reports may not read what was made, nor filter by it."""
    reader = await sample_hub.caller(Scope.PRODUCTION_READ)
    assert await reader.data("{ productionReports { edges { node { reportMonth supplyStatusCode } } } }")
    for field in ("actualQuantity", "plannedReceived", "stockQuantity", "unit", "unitReceived"):
        document = f"{{ productionReports {{ edges {{ node {{ {field} }} }} }} }}"
        assert {"FORBIDDEN_FIELD"} == await reader.codes(document)


async def test_the_books_of_every_batch_balance(graph: GraphCaller) -> None:
    """Rows read = promoted + unchanged + quarantined + skipped, in each of the feeds."""
    data = await graph.data(
        "{ feeds { edges { node { code batches { edges { node { stateCode rowsRead rowsPromoted rowsUnchanged"
        " rowsQuarantined rowsSkipped } } } } } } }"
    )
    feeds = {feed["code"]: nodes(feed["batches"]) for feed in nodes(data["feeds"])}
    counts = {
        "divisions": 1,
        "drug_lists": 11,
        "essential_medicines": 1,
        "hospital": 2,
        "insurance_list": 1,
        "medicine_codes": 0,
        "pharmacy": 2,
        "postal": 4,
        "procurement": 15,
        "production": 3,
        "registration": 6,
        "reserve_lists": 1,
    }
    assert counts == {code: len(each) for code, each in feeds.items()}
    for batch in (batch for each in feeds.values() for batch in each):
        state, read, *parts = batch.values()
        assert ("promoted", read) == (state, sum(parts))


async def test_a_caller_learns_who_it_is(sample_hub_with_little: GraphCaller) -> None:
    """And what its token opens, beside what is compiled elsewhere and in the past too."""
    data = await sample_hub_with_little.data(
        '{ me { clientId scopes } region(code: "440100") { name }'
        ' at(asOf: "2026-11-01T00:00:00Z") { me { scopes } } }'
    )
    assert ("test-", ["region:read"]) == (data["me"]["clientId"][:5], data["me"]["scopes"])
    assert ("广州市", data["me"]["scopes"]) == (data["region"]["name"], data["at"]["me"]["scopes"])
