"""The state's lists and the active substances, as the graph shows them."""

import pytest

from schema.scopes import Scope
from tests.lib.graph import GraphCaller, ServedHub, nodes


async def test_an_essential_medicine_is_found_by_part_of_its_name(graph: GraphCaller) -> None:
    """With its forms in the order of the list, and the text beside them."""
    data = await graph.data(
        '{ essentialMedicines(filter: {nameZh: {contains: "硝普"}}) { edges { node { nameZh nameEn formsText isRepeat'
        " forms(orderBy: [{field: ORDINAL}]) { edges { node { dosageForm strengthText strength } } } } } } }"
    )
    [found] = nodes(data["essentialMedicines"])
    forms = nodes(found.pop("forms"))
    assert {
        "nameZh": "硝普钠",
        "nameEn": "Sodium Nitroprusside",
        "formsText": "注射用无菌粉末：50mg",
        "isRepeat": False,
    } == found
    assert [{"dosageForm": "注射用无菌粉末", "strengthText": "50mg", "strength": "50mg"}] == forms


async def test_repeated_lines_can_be_asked_for(graph: GraphCaller) -> None:
    """The same medicine under further classes."""
    data = await graph.data(
        '{ essentialMedicines(filter: {nameZh: {eq: "甲硝唑"}, isRepeat: {eq: true}}) { totalCount } }'
    )
    assert 2 == data["essentialMedicines"]["totalCount"]


async def test_a_confidential_price_has_a_state_and_no_number(graph: GraphCaller) -> None:
    """No entry whose price is confidential shows one."""
    data = await graph.data(
        '{ insuranceEntries(filter: {paymentStandardCode: {eq: "confidential"}}, first: 50)'
        " { edges { node { paymentStandardText prices { edges { node { priceYuan } } } } } } }"
    )
    found = nodes(data["insuranceEntries"])
    assert found
    assert {("*", ())} == {(each["paymentStandardText"], tuple(nodes(each["prices"]))) for each in found}


async def test_an_entry_shows_its_prices(graph: GraphCaller) -> None:
    """Yuan, what for, and how much that is."""
    data = await graph.data(
        '{ insuranceEntries(filter: {name: {contains: "多拉司琼"}}) { edges { node {'
        " prices(orderBy: [{field: ORDINAL}]) { edges { node { priceYuan perText strength unit } } } } } } }"
    )
    [entry] = nodes(data["insuranceEntries"])
    assert [
        ("1ml:12.5mg/支", "1ml:12.5mg", "支"),
        ("5ml:100mg/支", "5ml:100mg", "支"),
    ] == [(each["perText"], each["strength"], each["unit"]) for each in nodes(entry["prices"])]
    assert [13.6, 66.82] == [float(each["priceYuan"]) for each in nodes(entry["prices"])]


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2024-06-30", {"2024-01-01"}),
        ("2025-01-01", {"2024-01-01", "2025-01-01"}),
        ("2026-12-31", {"2025-01-01"}),
        ("2027-01-01", set()),
    ],
)
async def test_entries_whose_agreement_holds_on_a_day(graph: GraphCaller, day: str, names: set[str]) -> None:
    """Both ends count; entries without an agreement are not among them."""
    data = await graph.data(
        f'{{ insuranceEntries(filter: {{agreementStartsOn: {{lte: "{day}"}}, agreementEndsOn: {{gte: "{day}"}}}},'
        f" first: 100) {{ edges {{ node {{ agreementStartsOn }} }} }} }}"
    )
    assert names == {each["agreementStartsOn"] for each in nodes(data["insuranceEntries"])}


async def test_entries_of_a_class(graph: GraphCaller) -> None:
    """All codes below a prefix."""
    data = await graph.data(
        '{ insuranceEntries(filter: {classCode: {startsWith: "XJ01C"}}, first: 100)'
        " { totalCount edges { node { classCode } } } }"
    )
    assert {"XJ01CA", "XJ01CR"} == {each["classCode"] for each in nodes(data["insuranceEntries"])}


async def test_substances_show_their_status(graph: GraphCaller) -> None:
    """Two suppliers of one substance, one of them not yet passed."""
    data = await graph.data(
        '{ substances(filter: {nameZh: {eq: "硝普钠"}}) { edges { node { registrationNumber reviewStatusCode } } } }'
    )
    assert {("Y20179000101", "A"), ("Y20199000102", "I")} == {
        (each["registrationNumber"], each["reviewStatusCode"]) for each in nodes(data["substances"])
    }


@pytest.mark.parametrize(
    ("scope", "refused"),
    [
        (Scope.REFERENCE_READ, "{ substances { totalCount } }"),
        (Scope.REGISTRATION_READ, "{ essentialMedicines { totalCount } }"),
        (Scope.REGISTRATION_READ, "{ insuranceEntries { totalCount } }"),
    ],
)
async def test_each_needs_its_scope(sample_hub: ServedHub, scope: Scope, refused: str) -> None:
    """Lists are reference data, substances belong to registration."""
    caller = await sample_hub.caller(scope)
    assert {"FORBIDDEN_FIELD"} == await caller.codes(refused)


async def test_an_approval_leads_to_its_events_holder_and_sites(graph: GraphCaller) -> None:
    """From a medicine to all that the register says of it, and from its holder back."""
    data = await graph.data(
        '{ authorizationEvents(filter: {eventKindCode: {eq: "holder_transfer"}}, first: 1) { edges { node {'
        " formerHolderName authorization { statusCode holder { name nameStateCode organization { uscc"
        " roles { edges { node { roleCode } } } } authorizations { totalCount } }"
        " product { nameZh sites { edges { node { site { region { name } manufacturer { name } } } } } } } } } } }"
    )
    [event] = nodes(data["authorizationEvents"])
    approval = event["authorization"]
    holder, [made, *_] = approval["holder"], nodes(approval["product"]["sites"])
    assert "valid" == approval["statusCode"]
    assert ("演示医药科技（癸）有限公司", {"roleCode": "holder"}) == (
        holder["name"],
        nodes(holder["organization"]["roles"])[0],
    )
    assert holder["authorizations"]["totalCount"] > 1
    assert event["formerHolderName"] == made["site"]["manufacturer"]["name"]
    assert made["site"]["region"]["name"].endswith("市")


async def test_an_event_of_an_unknown_approval_stands_alone(graph: GraphCaller) -> None:
    """It is there, and leads to nothing yet."""
    data = await graph.data(
        '{ authorizationEvents(filter: {approvalNumber: {eq: "国药准字H20249901"}}) { edges { node {'
        " eventKindCode authorization { id } } } }"
        " formerNumbers { edges { node { formerNumber product { approvalNumber } } } }"
        " organizations(filter: {uscc: {isNull: false}}) { edges { node { uscc names { totalCount }"
        " productionReports { totalCount } nameChanges { edges { node { formerName changedOn } } } } } }"
        ' manufacturingSites(filter: {regionCode: {within: "43"}}) { edges { node { regionCode } } } }'
    )
    assert [{"eventKindCode": "issue", "authorization": None}] == nodes(data["authorizationEvents"])
    assert all(each["product"] for each in nodes(data["formerNumbers"]))
    assert any(each["productionReports"]["totalCount"] for each in nodes(data["organizations"]))
    assert any(nodes(each["nameChanges"]) for each in nodes(data["organizations"]))
    assert {"430100"} == {each["regionCode"] for each in nodes(data["manufacturingSites"])}
