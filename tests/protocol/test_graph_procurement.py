"""Procurement in the graph: from a medicine to what platforms list and institutions buy; who may read which price."""

import pytest

from schema.scopes import READ_SCOPES, Scope
from tests.lib.graph import DIGOXIN, GraphCaller, ServedHub, nodes

CONFIDENTIAL = Scope.PROCUREMENT_PRICE_CONFIDENTIAL_READ
#: every way to a confidential price: reading it, on its own and from afar
DOCUMENTS = (
    "{ listings { edges { node { confidentialPackPriceYuan } } } }",
    "{ purchaseLines { edges { node { confidentialAmountYuan } } } }",
    "{ settlements { edges { node { confidentialDueYuan } } } }",
    "{ platformProducts { edges { node { listings { edges { node { confidentialUnitPriceYuan } } } } } } }",
)
ORIGINAL = "{{ {root}(first: 1) {{ edges {{ node {{ provenance {{ rowNumber originalText }} }} }} }} }}"
RELATIONS = """
query ($n: String!) { product(approvalNumber: $n) { platformProducts(first: 5) { edges { node {
  senderCode productCode conversionRatio packName
  listings { edges { node { modeCode priceStateCode packPriceYuan unitPriceYuan platformProduct { productCode } } } }
  purchaseLines(first: 3) { edges { node {
    quantityPacks quantityUnits platformProduct { productCode }
    deliveryLines { edges { node { shippedUnits purchaseLine { orderNumber } } } }
    settlements { edges { node { settlementNumber purchaseLine { lineNumber } } } }
  } } }
} } } } }
"""


async def test_a_medicine_leads_to_platforms_listings_and_purchases(graph: GraphCaller) -> None:
    """Under each platform's own code, and back again."""
    data = await graph.data(RELATIONS, n=DIGOXIN)
    found = nodes(data["product"]["platformProducts"])
    assert len({each["senderCode"] for each in found}) > 1
    for product in found:
        for each in nodes(product["listings"]):
            assert product["productCode"] == each["platformProduct"]["productCode"]
        for line in nodes(product["purchaseLines"]):
            assert product["productCode"] == line["platformProduct"]["productCode"]


@pytest.mark.parametrize("document", DOCUMENTS)
async def test_confidential_prices_need_their_own_scope(sample_hub: ServedHub, document: str) -> None:
    """All other reading scopes together are refused, and nothing runs; with it, they are read."""
    everyone = await sample_hub.caller(*READ_SCOPES)
    answer = await everyone.ask(document)
    assert not answer.get("data")
    [error] = answer["errors"]
    assert "FORBIDDEN_FIELD" == error["extensions"]["code"]
    assert [[CONFIDENTIAL.value]] == error["extensions"]["fields"][0]["requiresScopes"]
    trusted = await sample_hub.caller(*READ_SCOPES, CONFIDENTIAL)
    assert "errors" not in await trusted.ask(document)


async def test_a_client_that_names_no_scope_reads_no_confidential_price(sample_hub: ServedHub) -> None:
    """It has to be asked for by name."""
    assert CONFIDENTIAL not in READ_SCOPES
    assert {"FORBIDDEN_FIELD"} == await (await sample_hub.caller()).codes(DOCUMENTS[0])


async def test_the_original_text_may_hold_a_price(sample_hub: ServedHub) -> None:
    """So the row as received needs the scope of what it may hold; that of a medicine does not."""
    caller = await sample_hub.caller()
    for root in ("listings", "purchaseLines", "settlements"):
        assert {"FORBIDDEN_FIELD"} == await caller.codes(ORIGINAL.format(root=root))
    assert set() == await caller.codes(ORIGINAL.format(root="products"))
    trusted = await sample_hub.caller(*READ_SCOPES, CONFIDENTIAL)
    data = await trusted.data(ORIGINAL.format(root="listings"))
    assert nodes(data["listings"])[0]["provenance"]["originalText"]


async def test_orders_and_settlements_have_scopes_of_their_own(sample_hub: ServedHub) -> None:
    """Whoever may read lists may not read who buys what."""
    caller = await sample_hub.caller(Scope.PROCUREMENT_READ)
    assert set() == await caller.codes("{ listings { edges { node { packPriceYuan } } } }")
    for root in ("purchaseLines", "deliveryLines", "settlements", "filedPurchases"):
        assert {"FORBIDDEN_FIELD"} == await caller.codes(f"{{ {root} {{ totalCount }} }}")
