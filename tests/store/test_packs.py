"""Packs under their insurance codes: the list whole, printed codes, concepts shared with registration."""

from decimal import Decimal

from hub.ingest.batches import BatchState, Books
from schema.concepts import concept_of
from schema.entities.fact import live_now
from tests.lib.hub import START, TestHub
from tests.lib.samples import APPROVALS

LIVE = live_now()
HEADER = (
    "药品代码,注册名称,药品名称,商品名称,注册剂型,注册规格,"
    "最小包装数量,最小制剂单位,最小包装单位,药品企业,批准文号,药品本位码"
)
DIGOXIN = "XC01AAD148A001010199001,地高辛片,地高辛,,片剂,0.25mg,30,片,瓶,演示制药,国药准字H11029007,"
NITROPRUSSIDE = "XC02DDX165B001010199001,注射用硝普钠,硝普钠,,注射剂,50mg,1,支,支,演示制药,国药准字H20059001,"


def pack(number: int, rest: str = "某药片,某药,,片剂,10mg,10,片,盒,演示制药,,") -> str:
    """A row of a pack that is in no other list."""
    return f"XA01AAA001A0010101{number:05d},{rest}"


def code_list(*rows: str) -> str:
    """A list of twenty packs, and these."""
    return "\n".join((HEADER, *(pack(number) for number in range(1, 21)), *rows)) + "\n"


async def test_a_row_becomes_a_pack(hub: TestHub) -> None:
    """With what it holds and who makes it."""
    await hub.take("medicine_codes", code_list(DIGOXIN))
    assert [
        ("地高辛", "地高辛片", Decimal(30), "片", "瓶", "演示制药", "国药准字H11029007")
    ] == await hub.rows(
        "SELECT generic_name, name_zh, conversion_ratio, min_unit, pack_unit, holder_name, approval_number"
        " FROM packaged_product WHERE nhsa_code = 'XC01AAD148A001010199001'"
    )


async def test_a_pack_is_linked_to_its_medicine(hub: TestHub) -> None:
    """By approval number, name and strength, like any source's item."""
    await hub.take("registration", APPROVALS)
    await hub.take("medicine_codes", code_list(DIGOXIN))
    assert [("linked", "approval_number", "地高辛片")] == await hub.rows(
        "SELECT k.match_code, k.match_method_code, p.name_zh FROM packaged_product k"
        " JOIN product p ON p.id = k.product_id"
    )


async def test_a_pack_waits_until_its_medicine_is_registered(hub: TestHub) -> None:
    """The list before the register: the link is made when the medicine comes."""
    await hub.take("medicine_codes", code_list(DIGOXIN))
    await hub.take("registration", APPROVALS)
    assert ["linked"] == [
        state
        for (state,) in await hub.rows(
            "SELECT match_code FROM packaged_product WHERE superseded_at = 'infinity'"
            " AND nhsa_code = 'XC01AAD148A001010199001'"
        )
    ]


async def test_product_and_pack_share_a_concept(hub: TestHub) -> None:
    """One row of it, whichever of the two feeds said it first and as of when."""
    expected = concept_of("地高辛片", "片剂", "0.25mg")
    assert expected is not None
    await hub.take("registration", APPROVALS, as_of=START)
    await hub.take("medicine_codes", code_list(DIGOXIN), as_of=START.replace(day=2, month=2))
    assert [(expected.id, "地高辛", "片剂", "0.25mg")] == await hub.rows(
        f"SELECT id, generic_name, form_group, strength FROM drug_concept WHERE generic_name = '地高辛' AND {LIVE}"
    )
    assert [(expected.id, expected.id)] == await hub.rows(
        "SELECT p.concept_id, k.concept_id FROM packaged_product k JOIN product p ON p.id = k.product_id"
    )


async def test_the_same_list_in_another_order_changes_nothing(hub: TestHub) -> None:
    """Every row is unchanged."""
    await hub.take("medicine_codes", code_list(DIGOXIN, NITROPRUSSIDE))
    outcome = await hub.take("medicine_codes", code_list(NITROPRUSSIDE, DIGOXIN))
    assert Books(read=22, promoted=0, unchanged=22, quarantined=0, skipped=0, closed=0) == outcome.books


async def test_a_pack_that_the_newest_list_leaves_out_has_left_it(hub: TestHub) -> None:
    """Its concept stays: registration may state it too."""
    await hub.take("medicine_codes", code_list(DIGOXIN))
    outcome = await hub.take("medicine_codes", code_list())
    assert outcome.books is not None
    assert 1 == outcome.books.closed
    assert 0 == await hub.value(
        f"SELECT count(*) FROM packaged_product WHERE generic_name = '地高辛' AND {LIVE}"
    )
    assert 1 == await hub.value(f"SELECT count(*) FROM drug_concept WHERE generic_name = '地高辛' AND {LIVE}")


async def test_a_list_cut_off_is_held(hub: TestHub) -> None:
    """More than a fifth is missing: a person has to look."""
    await hub.take("medicine_codes", code_list(DIGOXIN))
    outcome = await hub.take("medicine_codes", f"{HEADER}\n{pack(1)}\n")
    assert BatchState.HELD is outcome.state


async def test_a_wrong_code_keeps_its_row_out(hub: TestHub) -> None:
    """And while nobody knows which pack that row is, none leaves the list."""
    await hub.take("medicine_codes", code_list(DIGOXIN))
    outcome = await hub.take("medicine_codes", code_list(DIGOXIN.replace("XC01AAD148", "XC01AAD14B")))
    assert Books(read=21, promoted=0, unchanged=20, quarantined=1, skipped=0, closed=0) == outcome.books
    assert {"nhsa_code.character", "batch.nothing_closed"} == {
        code for (code,) in await hub.rows("SELECT code FROM fault")
    }


async def test_other_cells_that_are_not_understood_leave_the_pack_in(hub: TestHub) -> None:
    """They are empty then, and told of; several approval numbers stay as they are written."""
    odd = "某药片,某药,,片剂,10mg,约十,片,盒,演示制药,H10940250/H10940251,86900000000000"
    outcome = await hub.take("medicine_codes", code_list(pack(99, odd)))
    assert Books(read=21, promoted=21, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [(None, None, "H10940250/H10940251")] == await hub.rows(
        "SELECT conversion_ratio, standard_code, approval_number FROM packaged_product"
        " WHERE approval_number IS NOT NULL"
    )
    assert [
        ("approval_number.several", True),
        ("cell.number", True),
        ("standard_code.check", True),
    ] == await hub.rows("SELECT code, is_notice FROM fault ORDER BY 1")


async def test_a_registered_name_stands_for_a_generic_one(hub: TestHub) -> None:
    """In a list that has no column of generic names."""
    outcome = await hub.take(
        "medicine_codes", "药品代码,注册名称,剂型\nXC01AAD148A001010199001,地高辛片,片剂\n"
    )
    assert BatchState.PROMOTED is outcome.state
    assert [("地高辛片", "地高辛片")] == await hub.rows("SELECT generic_name, name_zh FROM packaged_product")


async def test_a_register_of_printed_codes(hub: TestHub) -> None:
    """A bar code, and of a trace code the digits that name the kind of pack, never the single one."""
    text = "医保药品代码,69码,追溯码\nXC01AAD148A001010199001,6999000000018,81234560000000000001\n"
    outcome = await hub.take("medicine_codes", text)
    assert BatchState.PROMOTED is outcome.state
    assert [("ean13", "6999000000018"), ("trace_prefix", "8123456")] == await hub.rows(
        "SELECT kind_code, code FROM pack_code ORDER BY 1"
    )


async def test_a_row_with_two_codes_is_one_row_in_the_books(hub: TestHub) -> None:
    """However many facts a row makes, it is promoted once."""
    text = "医保药品代码,69码,追溯码\nXC01AAD148A001010199001,6999000000018,81234560000000000001\n"
    outcome = await hub.take("medicine_codes", text)
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books


async def test_a_code_used_again_stands_once_for_each_pack(hub: TestHub) -> None:
    """Both stay on record, so that whoever resolves the code sees that it names neither."""
    text = "医保药品代码,条码\nXC01AAD148A001010199001,6999000000018\nXC02DDX165B001010199001,6999000000018\n"
    await hub.take("medicine_codes", text)
    assert 2 == await hub.value(
        "SELECT count(DISTINCT nhsa_code) FROM pack_code WHERE code = '6999000000018'"
    )


async def test_a_register_with_names_is_no_list(hub: TestHub) -> None:
    """The list of packs loses nothing by it."""
    await hub.take("medicine_codes", code_list(DIGOXIN))
    outcome = await hub.take(
        "medicine_codes", "医保药品代码,药品名称,条码\nXC01AAD148A001010199001,地高辛,6999000000018\n"
    )
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books


async def test_a_code_of_nothing_is_a_fault(hub: TestHub) -> None:
    """Neither NHSA code nor approval number, or neither bar code nor trace code."""
    text = (
        "医保药品代码,批准文号,条码,追溯码\n,,6999000000018,\nXC01AAD148A001010199001,,,\n"
        ",国药准字H11029007,,8123456\n"
    )
    outcome = await hub.take("medicine_codes", text)
    assert Books(read=3, promoted=1, unchanged=0, quarantined=2, skipped=0, closed=0) == outcome.books
    assert [(2, "row.code_of_nothing"), (3, "cell.missing")] == await hub.rows(
        "SELECT row_number, code FROM fault ORDER BY 1"
    )


async def test_a_pack_linked_by_its_words_is_no_witness_for_itself(hub: TestHub) -> None:
    """No approval number: name, strength and company link it, at the score of a pack that nobody else knows."""
    await hub.take(
        "registration",
        "批准文号,产品名称,规格,上市许可持有人\n国药准字H20059001,演示片,50mg,演示制药（甲）有限公司\n",
    )
    outcome = await hub.take(
        "medicine_codes",
        "医保药品代码,通用名,注册名称,规格,转换比,药品企业\n"
        "XA02AXX095A001010103357,演示,演示片,50mg,10,演示制药（甲）有限公司\n",
    )
    assert outcome.stop is None
    assert [("fingerprint", "0.90")] == await hub.rows(
        "SELECT match_method_code, match_score::text FROM packaged_product WHERE superseded_at = 'infinity'"
    )
