"""The search: whatever of a medicine, organisation or place people type, the best comes first."""

from hub.ingest.search import rebuild
from schema.plan.search import After
from schema.search_rules import Kind
from tests.lib.hub import TestHub
from tests.lib.samples import HOLDER
from tests.lib.searching import bound, find, find_all
from tests.store.test_production import document, report

REGISTER = (
    "批准文号,产品名称,英文名称,商品名,规格\n"
    "国药准字H20059001,注射用硝普钠,Sodium Nitroprusside for Injection,,50mg\n"
    "国药准字H11029007,地高辛片,Digoxin Tablets,,0.25mg\n"
    "国药准字H20013062,阿司匹林肠溶片,Aspirin Enteric-coated Tablets,,0.1g\n"
    "国药准字H13023635,阿司匹林片,Aspirin Tablets,,0.5g\n"
    "国药准字H44021139,阿司匹林片,Aspirin Tablets,,0.3g\n"
    "H20140210,利伐沙班片,Rivaroxaban Tablets,拜瑞妥,10mg\n"
)
DOCUMENTS = "SELECT kind_code, names, rules_code, lexemes::text FROM search_document ORDER BY id"
CODES = "SELECT kind_code, thing_id, code FROM search_code ORDER BY 1, 2, 3"
THINGS = "SELECT kind_code, thing_id, document_id FROM search_thing ORDER BY 1, 2"


async def labels(hub: TestHub, text: str, **how: object) -> list[str]:
    """The first names of what a text finds."""
    return [hit.label for hit in await find(hub.connection, text, **how)]  # type: ignore[arg-type]


TYPED = {
    "阿司匹林片": "aspl、阿司、asipilin、阿司匹林 h4402",
    "注射用硝普钠": "硝普、国药准字H20059001、xpn",
    "利伐沙班片": "H20140210、h2014、rivarox、拜瑞妥、brt",
    "广东省": "44、广东、guangdong",
    "广州市": "4401",
    "地高辛片": "地高辛 tablets",
    "天河区": "天河",
}


async def test_what_people_type_finds_what_they_mean(hub: TestHub) -> None:
    """Chinese, pinyin, initials, English, trade names and codes."""
    await hub.take("registration", REGISTER)
    for first, texts in TYPED.items():
        for text in texts.split("、"):
            assert (text, first) == (text, (await labels(hub, text))[0])


async def test_the_best_comes_first(hub: TestHub) -> None:
    """The name itself, names that begin so, initials, then what has it inside; the shorter before the longer."""
    rows = ("阿司匹林", "阿司匹林片", "阿司匹林肠溶片", "复方阿司匹林片", "注射用赖氨酸阿司匹林")
    numbered = "".join(f"国药准字H2005900{number},{name}\n" for number, name in enumerate(rows, 1))
    await hub.take("registration", f"批准文号,产品名称\n{numbered}")
    assert list(rows) == await labels(hub, "阿司匹林")
    found = await find(hub.connection, "阿司匹林")
    assert ["1", "2", "2", "4", "4"] == [hit.rank[0] for hit in found]
    assert ["3", "4"] == [hit.rank[0] for hit in await find(hub.connection, "asplp")]


async def test_the_shortest_code_that_begins_so_comes_first(hub: TestHub) -> None:
    """Then in the order of codes; a code keeps the names of its kind out."""
    await hub.take("registration", REGISTER)
    places = await find(hub.connection, "4401", kinds=[Kind.PLACE])
    assert [440100, 440103, 440104] == [hit.id for hit in places][:3]
    assert ["0440100", "0440103"] == [hit.rank for hit in places][:2]


async def test_only_the_kinds_that_are_asked_for(hub: TestHub) -> None:
    """The same text, other kinds."""
    await hub.take("registration", REGISTER)
    assert {Kind.PLACE} == {hit.kind for hit in await find(hub.connection, "a", kinds=[Kind.PLACE])}
    assert [] == await find(hub.connection, "阿司匹林", kinds=[Kind.ORGANIZATION, Kind.PLACE])
    assert [] == await find(hub.connection, "阿司匹林", kinds=[])


async def test_organisations_are_found_by_each_of_their_names_and_by_their_code(hub: TestHub) -> None:
    """What is shown is the present name."""
    await hub.take("production", document(report(持有人="演示制药（甲）有限公司")))
    await hub.take(
        "registration",
        f"统一社会信用代码,原名称,现名称,变更日期\n{HOLDER},样板药厂,演示制药（甲）有限公司,2019-05-06\n",
    )
    for text in ("样板药厂", "ybyc", "演示制药", "演示 公司", HOLDER, HOLDER[:10].lower()):
        assert ["演示制药（甲）有限公司"] == await labels(hub, text, kinds=[Kind.ORGANIZATION])


async def test_a_medicine_is_found_by_its_former_number_and_standard_code(hub: TestHub) -> None:
    """Codes that the register states beside the number."""
    await hub.take(
        "registration",
        "批准文号,原批准文号,药品本位码,产品名称\n"
        "国药准字H20059001,国药准字X20000123,86900001000019,注射用硝普钠\n",
    )
    codes = await hub.rows("SELECT standard_code FROM standard_code")
    for text in ("X20000123", *(code[:10] for (code,) in codes)):
        assert ["注射用硝普钠"] == await labels(hub, text)


HOSTILE = (
    "", " ", "\0", "，。！", "%", "_", "%_%", "\\", "'", "''; DROP TABLE product; --", "🙂", "🙂🙂 💊", "&", "|", "!",
    ":*", "<->", "(", "\ud800", "\u202e", "﷽" * 200, "阿" * 10_000, "a" * 10_000, "1" * 10_000, "国药准字", "~", "^",
    "#5", "m#5",
)  # fmt: skip


async def test_hostile_text_finds_nothing(hub: TestHub) -> None:
    """Nothing is asked for, or nothing there is; no error, and no wildcard."""
    await hub.take("registration", REGISTER)
    for text in HOSTILE:
        assert (text, []) == (text, await find(hub.connection, text, kinds=[Kind.MEDICINE]))
        assert [] == await find(hub.connection, text, kinds=[Kind.MEDICINE], after=After("4" + "0" * 19, 0))


async def test_hostile_text_around_a_name_does_not_hide_it(hub: TestHub) -> None:
    """Marks carry no meaning."""
    await hub.take("registration", REGISTER)
    for text in ("'硝普'", "%硝普%", "硝普\0", "(硝普)", "硝 普", "🙂硝普", "硝普:*", "!硝普"):
        assert ["注射用硝普钠"] == await labels(hub, text)


async def test_pages_join_without_gap_or_repeat(hub: TestHub) -> None:
    """Page by page is all at once, however small the pages."""
    await hub.take("registration", REGISTER)
    for text in ("a", "片", "44", "阿司匹林", "h", "区"):
        whole = await find(hub.connection, text, limit=10_000)
        assert len(whole) > 1
        assert len(whole) == len({(hit.kind, hit.id) for hit in whole})
        assert whole == sorted(whole, key=lambda hit: (hit.rank, hit.id))
        assert whole == await find_all(hub.connection, text, page=len(whole) // 3 + 1)
        assert whole[:40] == await find_all(hub.connection, text, page=1, enough=40)


async def test_renaming_and_ending_are_followed(hub: TestHub) -> None:
    """A new name finds, the old one does not; what is gone is not found, and leaves no document."""
    await hub.take("registration", REGISTER)
    await hub.take("registration", "批准文号,产品名称\n国药准字H11029007,去乙酰毛花苷注射液\n")
    assert [] == await labels(hub, "地高辛")
    assert ["去乙酰毛花苷注射液"] == await labels(hub, "毛花苷")
    assert 0 == await hub.value("SELECT count(*) FROM search_document WHERE '地高辛片' = ANY(names)")
    await hub.connection.execute("DELETE FROM product WHERE approval_number = '国药准字H11029007'")
    await rebuild(hub.connection)
    assert [] == await labels(hub, "毛花苷")


async def test_the_order_of_files_does_not_matter(hub: TestHub, other_hub: TestHub) -> None:
    """The same documents, whichever file came first."""
    first, second = REGISTER, "批准文号,产品名称\n国药准字H20059009,地高辛片\n"
    names = f"统一社会信用代码,原名称,现名称,变更日期\n{HOLDER},样板药厂,演示制药（甲）有限公司,2019-05-06\n"
    for content in (first, second, names):
        await hub.take("registration", content)
    for content in (names, second, first):
        await other_hub.take("registration", content)
    assert await hub.rows(DOCUMENTS) == await other_hub.rows(DOCUMENTS)
    assert await hub.rows(THINGS) == await other_hub.rows(THINGS)


async def test_an_upgrade_fills_the_search(hub: TestHub) -> None:
    """From the facts alone; documents made by older rules are made anew."""
    await hub.take("registration", REGISTER)
    documents, things = await hub.rows(DOCUMENTS), await hub.rows(THINGS)
    await hub.connection.execute("DELETE FROM search_thing; DELETE FROM search_document")
    await rebuild(hub.connection)
    assert (documents, things) == (await hub.rows(DOCUMENTS), await hub.rows(THINGS))
    await hub.connection.execute("UPDATE search_document SET rules_code = '0', lexemes = ''")
    await rebuild(hub.connection)
    assert (documents, things) == (await hub.rows(DOCUMENTS), await hub.rows(THINGS))


async def test_a_batch_that_comes_to_nothing_leaves_the_search_alone(hub: TestHub) -> None:
    """Same transaction: facts and search stand or fall together."""
    await hub.take("registration", REGISTER)
    before = await hub.rows(DOCUMENTS)
    await hub.take("registration", "药品\n\n")
    assert before == await hub.rows(DOCUMENTS)


async def test_one_statement_serves_every_text(hub: TestHub) -> None:
    """The text of the statement hangs on the page's size and on whether it goes on, not on what is searched for."""
    texts = {bound(text, kinds=kinds)[0] for text in ("", "a", "H20140210") for kinds in ([], [Kind.PLACE])}
    assert 1 == len(texts)
    assert bound("a", after=After("4", 1))[0] not in texts
