"""`identify`: what a text is, over HTTP, as `baogong identity inspect` tells it."""

from typing import Any

import pytest

from hub.ingest.inspection import inspect
from schema.scopes import READ_SCOPES, Scope
from tests.lib.graph import DIGOXIN, GraphCaller, Json, ServedHub

CODES = """query ($text: String!) { identify(text: $text) { text codes {
  kindCode label isRight normal errorCode hint meant parts { label value }
  products { id approvalNumber nameZh } packs { nhsaCode } organizations { uscc name } regions { code name }
  items { __typename ... on LocalItem { senderCode itemCode matchCode } ... on PlatformProduct { productCode } } }
  items { ... on LocalItem { senderCode itemCode product { approvalNumber } } }
  organizations { name aliases { edges { node { name } } } }
  label { nameZh specification holderName approvalNumber strengths packCount packUnit notUnderstood
    finding { stateCode methodCode score evidence product { approvalNumber } concept { id } }
    rungs { methodCode label code approvalNumbers }
    candidates { isFound compared product { approvalNumber } } } } }"""


async def identify(caller: GraphCaller, text: str) -> Json:
    """All that is told of a text."""
    found: Json = (await caller.data(CODES, text=text))["identify"]
    return found


async def test_a_number_leads_to_its_medicine_and_who_sells_it(
    sample_hub: ServedHub, graph: GraphCaller
) -> None:
    """Kind, parts, the medicine as an object of the graph, and items of several kinds in one list."""
    found = await identify(graph, DIGOXIN)
    [code] = found["codes"]
    assert ("approval_number", True, DIGOXIN, []) == (
        code["kindCode"],
        code["isRight"],
        code["normal"],
        code["meant"],
    )
    assert {"label": "年份 Year", "value": "2009"} in code["parts"]
    assert [DIGOXIN] == [each["approvalNumber"] for each in code["products"]]
    assert "LocalItem" in {each["__typename"] for each in code["items"]}
    assert (None, []) == (found["label"], found["organizations"])


async def test_letters_for_digits_are_understood(graph: GraphCaller) -> None:
    """It is no number as it stands; what it may be meant for is, and that leads on."""
    [code] = (await identify(graph, DIGOXIN.replace("00", "OO")))["codes"]
    assert (False, None, [DIGOXIN]) == (code["isRight"], code["normal"], code["meant"])
    assert code["errorCode"].startswith("approval_number.")
    assert code["hint"]
    assert [DIGOXIN] == [each["approvalNumber"] for each in code["products"]]


async def test_a_wrong_check_digit_is_told(graph: GraphCaller) -> None:
    """With the code of the fault; nobody has such a code."""
    codes = (await identify(graph, "86902551000258"))["codes"]
    [standard] = [each for each in codes if each["kindCode"] == "standard_code"]
    assert (False, "standard_code.check", []) == (
        standard["isRight"],
        standard["errorCode"],
        standard["products"],
    )


async def test_a_division_is_an_object_of_the_graph(graph: GraphCaller) -> None:
    """By its code."""
    codes = (await identify(graph, "440106"))["codes"]
    assert [{"code": "440106", "name": "天河区"}] in [each["regions"] for each in codes]


async def test_a_label_is_told_with_rungs_finding_and_candidates(graph: GraphCaller) -> None:
    """What it says, the codes looked at, what is found, and each medicine of that name with why it is it or not."""
    label = (await identify(graph, f"地高辛片 0.25mg*30片 {DIGOXIN}"))["label"]
    assert ("地高辛片", ["0.25mg"], 30) == (label["nameZh"], label["strengths"], label["packCount"])
    assert ("approval_number", DIGOXIN, [DIGOXIN]) == (
        label["rungs"][0]["methodCode"],
        label["rungs"][0]["code"],
        label["rungs"][0]["approvalNumbers"],
    )
    finding = label["finding"]
    assert ("linked", "approval_number", {"approvalNumber": DIGOXIN}) == (
        finding["stateCode"],
        finding["methodCode"],
        finding["product"],
    )
    assert [DIGOXIN] == [each["product"]["approvalNumber"] for each in label["candidates"] if each["isFound"]]
    unknown = (await identify(graph, "地高辛片 0.25mg 国药准字H20999999"))["label"]
    assert ("国药准字H20999999", []) == (
        unknown["rungs"][0]["code"],
        unknown["rungs"][0]["approvalNumbers"],
    )


@pytest.mark.parametrize("kind", ["item", "organisation"])
async def test_own_codes_and_names_are_told(sample_hub: ServedHub, graph: GraphCaller, kind: str) -> None:
    """A sender's own code, and the name of an organisation."""
    if kind == "item":
        text = await sample_hub.connection.fetchval("SELECT item_code FROM local_item ORDER BY id LIMIT 1")
        assert text in {each.get("itemCode") for each in (await identify(graph, text))["items"]}
    else:
        text = await sample_hub.connection.fetchval("SELECT name FROM organization ORDER BY id LIMIT 1")
        assert text in {each["name"] for each in (await identify(graph, text))["organizations"]}


@pytest.mark.parametrize("text", [DIGOXIN, "440106", "地高辛片 0.25mg*30片", "演示", "6901234567892", "A1"])
async def test_the_graph_tells_what_the_command_tells(
    sample_hub: ServedHub, graph: GraphCaller, text: str
) -> None:
    """Same codes, same medicines, packs and items, same finding."""
    told, found = await inspect(sample_hub.connection, text), await identify(graph, text)
    assert [code["kind"] for code in told["codes"]] == [code["kindCode"] for code in found["codes"]]
    for ours, theirs in zip(told["codes"], found["codes"], strict=True):
        assert [row["approval_number"] for row in ours.get("products", [])] == [
            each["approvalNumber"] for each in theirs["products"]
        ]
        assert len(ours.get("items", [])) == len(theirs["items"])
        assert len(ours.get("packs", [])) == len(theirs["packs"])
    label: Any = told.get("label")
    assert (label and label["finding"]["evidence"]) == (
        found["label"] and found["label"]["finding"]["evidence"]
    )


async def test_linked_things_need_the_scopes_of_what_they_are(sample_hub: ServedHub) -> None:
    """Which kind of code a text is tells nothing that its sender did not know; all else is guarded."""
    caller = await sample_hub.caller(Scope.REGION_READ)
    plain = '{ identify(text: "%s") { codes { kindCode isRight parts { value } %s } } }'
    assert set() == await caller.codes(plain % (DIGOXIN, ""))
    for closed in ("products { id }", "packs { id }", "items { __typename }", "organizations { id }"):
        assert {"FORBIDDEN_FIELD"} == await caller.codes(plain % (DIGOXIN, closed))
    for closed in ("label { nameZh }", "items { __typename }", "organizations { name }"):
        assert {"FORBIDDEN_FIELD"} == await caller.codes(f'{{ identify(text: "地高辛片") {{ {closed} }} }}')


async def test_items_of_kinds_that_the_token_does_not_open_are_left_out(sample_hub: ServedHub) -> None:
    """Not even that there are any is told."""
    document = f'{{ identify(text: "{DIGOXIN}") {{ codes {{ items {{ __typename }} }} }} }}'

    async def kinds(*scopes: Scope) -> set[str]:
        caller = await sample_hub.caller(*scopes)
        [code] = (await caller.data(document))["identify"]["codes"]
        return {each["__typename"] for each in code["items"]}

    assert {"LocalItem"} == await kinds(Scope.IDENTITY_READ, Scope.PHARMACY_READ)
    assert set() == await kinds(Scope.IDENTITY_READ)
    assert {"LocalItem"} < await kinds(*READ_SCOPES)


@pytest.mark.parametrize("text", ["", "  ", "国" * 1001])
async def test_a_text_of_no_or_too_many_characters_is_refused(graph: GraphCaller, text: str) -> None:
    """As the command refuses it."""
    assert {"BAD_ARGUMENT"} == await graph.codes(
        "query ($t: String!) { identify(text: $t) { text } }", t=text
    )


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE product; --",
        "\u202e国药准字",
        "%_%",
        "👩‍⚕️" * 100,
        "1e400",
        "８６９" * 300,
        "\ufeff",
        "(" * 900,
    ],
)
async def test_hostile_texts_are_answered(graph: GraphCaller, text: str) -> None:
    """Told as what they are: mostly nothing."""
    assert text == (await identify(graph, text))["text"]


async def test_nul_is_a_wrong_argument(graph: GraphCaller) -> None:
    """No text of the store can hold it."""
    document = "query ($t: String!) { identify(text: $t) { items { __typename } } }"
    assert {"BAD_ARGUMENT"} == await graph.codes(document, t="A\x001")


async def test_lists_are_pages(graph: GraphCaller) -> None:
    """As many as are asked for; more than a page cannot be."""
    document = 'query ($n: Int!) { identify(text: "%s") { codes { items(first: $n) { __typename } } } }'
    [code] = (await graph.data(document % DIGOXIN, n=1))["identify"]["codes"]
    assert 1 == len(code["items"])
    for size in (-1, 101):
        assert {"BAD_ARGUMENT"} == await graph.codes(document % DIGOXIN, n=size)
