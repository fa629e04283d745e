"""Organisations: a name and a code that belong together become one; what contradicts itself stays apart."""

import json
from datetime import UTC, datetime

from publish.tables import public_tables
from tests.lib.hub import TestHub
from tests.lib.samples import HOLDER as CODE
from tests.store.test_production import document, notice, report

NAME, FORMER = "演示制药（甲）有限公司", "演示制药厂"
OTHER_CODE = "91440101MA5D00003F"
NUMBER = "国药准字H20059001"
APPROVAL = f"批准文号,产品名称,规格,上市许可持有人,生产单位\n{NUMBER},注射用硝普钠,50mg,{NAME},{FORMER}\n"
CHANGES = "统一社会信用代码,原名称,现名称,变更日期\n"
NAMES = (
    "SELECT n.name, n.name_state_code, o.uscc, o.name FROM organization_name n"
    ' LEFT JOIN organization o ON o.id = n.organization_id ORDER BY n.name COLLATE "C" DESC'
)


async def test_a_name_without_a_code_is_an_organisation_of_its_own(hub: TestHub) -> None:
    """With the roles that the register gives it."""
    await hub.take("registration", APPROVAL)
    assert [(NAME, "uncoded", None, NAME), (FORMER, "uncoded", None, FORMER)] == await hub.rows(NAMES)
    assert [(NAME, "holder"), (FORMER, "manufacturer")] == await hub.rows(
        "SELECT o.name, r.role_code FROM organization_role r JOIN organization o ON o.id = r.organization_id"
        " ORDER BY r.role_code"
    )


async def test_a_code_that_becomes_known_makes_one_organisation(hub: TestHub) -> None:
    """Whatever brackets the report writes; before or after the register."""
    await hub.take("production", document(report(持有人=NAME.replace("（", "(").replace("）", ")"))))
    assert [(CODE, "identified")] == [(row[2], row[1]) for row in await hub.rows(NAMES)]
    await hub.take("registration", APPROVAL)
    assert [(NAME, "identified", CODE, NAME), (FORMER, "uncoded", None, FORMER)] == await hub.rows(NAMES)
    assert 2 == await hub.value("SELECT count(*) FROM organization")


async def test_a_stated_former_name_leads_to_the_same_organisation(hub: TestHub) -> None:
    """Both names, each with its days."""
    await hub.take("registration", APPROVAL)
    await hub.take("registration", f"{CHANGES}{CODE},{FORMER},{NAME},2019-05-06\n")
    assert [(NAME, "identified", CODE, NAME), (FORMER, "identified", CODE, NAME)] == await hub.rows(NAMES)
    assert [(NAME, "2019-05-06", None), (FORMER, None, "2019-05-06")] == await hub.rows(
        "SELECT name, from_on::text, to_on::text FROM organization_alias WHERE method_code = 'name_change'"
        " ORDER BY from_on"
    )
    assert 1 == await hub.value("SELECT count(*) FROM organization")


async def test_two_codes_with_one_name_are_a_conflict(hub: TestHub) -> None:
    """The name means neither; both organisations stand."""
    await hub.take("registration", APPROVAL)
    await hub.take("production", document(report(), report(统一社会信用代码=OTHER_CODE)))
    assert (NAME, "conflict", None, None) == (await hub.rows(NAMES))[0]
    assert 2 == await hub.value("SELECT count(*) FROM organization WHERE uscc IS NOT NULL")


async def test_a_transfer_makes_no_alias(hub: TestHub) -> None:
    """The buyer is another company."""
    await hub.take("registration", APPROVAL)
    header = "批准文号,事项类型,事项日期,变更后持有人,原持有人\n"
    await hub.take(
        "registration", f"{header}{NUMBER},持有人变更,2026-01-10,演示医药科技（癸）有限公司,{NAME}\n"
    )
    assert [] == await hub.rows("SELECT * FROM organization_alias")
    assert 3 == await hub.value("SELECT count(*) FROM organization")


async def test_a_wrong_code_or_the_same_name_twice_is_a_fault(hub: TestHub) -> None:
    """Nothing is linked by it."""
    wrong = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")
    outcome = await hub.take(
        "registration", f"{CHANGES}{wrong},{FORMER},{NAME},2019-05-06\n{CODE},{NAME},{NAME},2019-05-06\n"
    )
    assert outcome.books is not None
    assert 2 == outcome.books.quarantined
    assert [("uscc.check",), ("cell.same_name",)] == await hub.rows(
        "SELECT code FROM fault ORDER BY row_number"
    )


async def test_the_order_of_files_does_not_matter(hub: TestHub) -> None:
    """The register last, and about an earlier day."""
    await hub.take("registration", f"{CHANGES}{CODE},{FORMER},{NAME},2019-05-06\n")
    await hub.take("production", document(report()))
    await hub.take("registration", APPROVAL, as_of=datetime(2025, 1, 1, tzinfo=UTC))
    assert [(NAME, "identified", CODE, NAME), (FORMER, "identified", CODE, NAME)] == await hub.rows(NAMES)


async def test_the_open_data_has_no_names_from_reports_alone(hub: TestHub) -> None:
    """Who reports is restricted; who stands in the register is open."""
    await hub.take("production", document(report(持有人="演示未注册有限公司")))
    await hub.take("production", json.dumps(notice(持有人="演示未注册有限公司"), ensure_ascii=False))
    shown = {
        table.name: await hub.value(f"SELECT count(*) FROM ({table.select()}) t")
        for table in public_tables()
        if table.name.startswith("organization")
    }
    assert {0} == set(shown.values())
    assert 1 == await hub.value("SELECT count(*) FROM organization")


async def test_substances_are_linked_where_that_is_certain(hub: TestHub) -> None:
    """By a stated number, or a name equal to the letter; a salt is another substance."""
    await hub.take(
        "registration",
        "批准文号,产品名称\n国药准字H20059001,注射用硝普钠\n国药准字H20059002,苯磺酸氨氯地平片\n国药准字H20059003,复方硝普钠片\n",
    )
    await hub.take(
        "registration",
        "登记号,品种名称,企业名称,与制剂共同审评审批结果,登记状态,关联制剂批准文号\n"
        "Y20179000101,硝普钠,演示原料药有限公司,A,正常,\n"
        "Y20179000102,氨氯地平,演示原料药有限公司,I,注销,\n"
        "Y20179000103,某原料,演示原料药有限公司,A,,国药准字H20059003；国药准字H20059009\n",
    )
    assert [
        ("国药准字H20059001", "硝普钠", "name"),
        ("国药准字H20059003", "某原料", "stated"),
    ] == await hub.rows(
        "SELECT p.approval_number, s.name_zh, l.method_code FROM substance_product l"
        " JOIN product p ON p.id = l.product_id JOIN substance s ON s.id = l.substance_id ORDER BY 1"
    )
    assert [("valid",), ("cancelled",), (None,)] == await hub.rows(
        "SELECT status_code FROM substance ORDER BY registration_number"
    )
