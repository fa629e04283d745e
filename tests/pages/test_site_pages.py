"""The pages of the public site over HTTP: what they tell, in Chinese and in English."""

import asyncio
import re
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.lib.site import (
    AMOXICILLIN,
    ASPIRIN,
    CONCEPT_ID,
    DIGOXIN,
    DIGOXIN_OTHER,
    IMPORTED,
    LIST_SLUG,
    MANY,
    METFORMIN,
    MORPHINE,
    SHA256,
    build_sample,
    institution_id,
    pharmacy_id,
    product_id,
    sample_store,
)
from tests.lib.site_server import Site, serving, words

PAGES = [
    "/",
    "/search?q=阿莫",
    "/search?q=没有这种药",
    f"/medicine/{AMOXICILLIN}",
    f"/medicine/{MORPHINE}",
    f"/medicine/{CONCEPT_ID}",
    f"/medicine/{ASPIRIN}?region=440100",
    f"/product/{DIGOXIN}",
    f"/pharmacy/{pharmacy_id('A001')}",
    f"/institution/{institution_id('Y1')}",
    "/regions",
    "/region/440000",
    "/region/430102",
    "/downloads",
    "/releases",
    "/api",
    "/sql",
    "/batch/1",
    "/dictionary",
    "/about",
    "/baogong",
    "/baogong/product",
    "/baogong/on_sale?availability_code__exact=in_stock&_sort=item_id",
    f"/baogong/product/{product_id(AMOXICILLIN)}",
    "/baogong/dictionary",
    "/medicine/no-such-number",
    "/baogong/product?_sort=specification",
]
HOSTILE = [
    '"',
    '阿"莫',
    "阿 OR 莫",
    "NEAR(阿 莫)",
    "tokens:阿",
    "-阿",
    "阿*",
    "^阿",
    "'; DROP TABLE product; --",
    "阿\0莫",
    "\0",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "阿" * 3_400,
    "a " * 5_000,
    "%",
    "\ud7ff\U0001f48a\u0301",
    "٣ ½ ² Ⅷ",
    "阿\u19b0莫",
]


@pytest.mark.parametrize("address", PAGES)
def test_pages_name_no_other_host(site: Site, address: str) -> None:
    """Nothing on any page is fetched from another host, and no script or style stands in it."""
    html = site.get(address).text
    inner = re.sub(r'<link rel="(?:alternate|canonical)" [^>]*>', "", html)
    outside = re.findall(r'(?:src|action)="(?:[a-z]+:|//)[^"]*"|<link[^>]*href="(?:[a-z]+:|//)[^"]*"', inner)
    scripts = re.findall(r"<script(?! type=.application/ld.json.| src=./static/suggest)[^>]*>", html)
    assert (outside, scripts, re.findall(r'style="|<style|url\(| on[a-z]+="', html)) == ([], [], [])


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_release_date_licence_and_demonstration(site: Site, address: str) -> None:
    """Release, day and licence stand on every page, on errors too, and that the data are a demonstration's."""
    text = " ".join(site.get(address).text.split())
    expected = [site.release.id, "2026-11-20 10:00", "CC-BY-4.0", "演示数据", "请勿据此购药或用药"]
    assert [part for part in expected if part not in text] == []


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_there_in_english(site: Site, address: str) -> None:
    """Under /en the same page speaks English alone, names and data excepted, and each leads to the other."""
    chinese, english = site.get(address), site.get(f"/en{address}")
    assert (chinese.status_code, english.headers["content-language"]) == (english.status_code, "en")
    assert ('<html lang="en">' in english.text, "Demonstration data" in english.text) == (True, True)
    assert ('hreflang="en">English</a>' in chinese.text, 'hreflang="zh-Hans">中文</a>' in english.text) == (
        True,
        True,
    )
    frame = re.sub(r"(?s)<main.*</main>", "", english.text)
    assert re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<title>.*?</title>|中文", "", frame)) == []


def test_english_stays_english(site: Site) -> None:
    """Every address within a page in English is in English, but files and what is the same in both."""
    html = site.get(f"/en/medicine/{CONCEPT_ID}").text
    inner = re.findall(r'href="(/[^"]*)"', html)
    same = (
        "/en",
        "/static/",
        "/latest/",
        "/releases/",
        "/api/",
        "/opensearch.xml",
        f"/medicine/{CONCEPT_ID}",
    )
    assert [address for address in inner if not address.startswith(same)] == []


def test_home_asks_the_three_questions(site: Site) -> None:
    """Is it short, why, where; with what the release holds and its newest notices."""
    text = site.text("/")
    expected = [
        "我的药短缺吗？",
        "为什么短缺？",
        "哪里能买到？",
        "最近的停复产通知",
        "盐酸二甲双胍片",
        "55 药店",
        "7 药品",
    ]
    assert [part for part in expected if part not in text] == []


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("阿莫", AMOXICILLIN),
        ("林胶", AMOXICILLIN),
        ("amxl", AMOXICILLIN),
        ("ejsg", METFORMIN),
        ("budesonide", IMPORTED),
        ("Metformin Tablets", METFORMIN),
        ("国药准字H20190001", AMOXICILLIN),
        ("H20190001", AMOXICILLIN),
        ("h20190001", AMOXICILLIN),
        ("hj20160123", IMPORTED),
        ("86900001000018", METFORMIN),
        ("erjiashuanggua", METFORMIN),
    ],
)
def test_search_finds(site: Site, query: str, number: str) -> None:
    """Two characters, initials, English and approval numbers in any writing find the one medicine."""
    html = site.get(f"/search?q={quote(query)}").text
    assert re.findall(r'class="name" href="/medicine/([^"]+)"', html) == [quote(number)]


@pytest.mark.parametrize("query", ["地高", "dgxp", "digoxin", "演示乙", "演示丙", DIGOXIN, DIGOXIN_OTHER])
def test_search_finds_a_medicine_once(site: Site, query: str) -> None:
    """Whatever of its makers is typed, brand or number, the medicine is one entry."""
    html = site.get(f"/search?q={quote(query)}").text
    assert re.findall(r'class="name" href="([^"]+)"', html) == [f"/medicine/{CONCEPT_ID}"]


def test_search_shows_short_names_first(site: Site) -> None:
    """One character finds all names with it, the shortest first."""
    html = site.get("/search?q=片").text
    found = re.findall(r'class="name" href="[^"]+">([^<]+)<', html)
    assert [name.strip() for name in found] == [
        "地高辛片",
        "盐酸二甲双胍片",
        "盐酸吗啡缓释片",
        "阿司匹林肠溶片",
    ]


def test_suggestions_are_names(site: Site) -> None:
    """What is typed so far gives names, in the form that browsers know."""
    assert site.get("/suggest?q=amx").json() == ["amx", ["阿莫西林胶囊"]]
    assert site.get("/suggest?q=").json() == ["", []]


def test_empty_search_result_says_what_to_try(site: Site) -> None:
    """Nothing found is no dead end."""
    text = site.text("/search?q=没有这种药")
    assert ("没有找到“没有这种药”" in text, "拼音首字母" in text) == (True, True)


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_search_is_answered(site: Site, query: str) -> None:
    """No query makes the search fail, and none comes back as markup."""
    response = site.get("/search", params={"q": query})
    assert (response.status_code, "<script>" in response.text) == (200, False)


def test_medicine_answers_the_three_questions(site: Site) -> None:
    """Short as the register flags it, why by the holder's notice, where by region; makers, prices and sources."""
    text = site.text(f"/medicine/{CONCEPT_ID}")
    expected = [
        "地高辛片 0.25mg Digoxin Tablets 片剂 · 2 个批准文号",
        "短缺：列入短缺药品清单",
        f"药品注册数据标明：{DIGOXIN} 属国家短缺药品清单药品",
        "停产 非计划 演示制药（乙）有限公司 0.5g 原料药、辅料或包装材料供应 2026-10-08",
        "有 1 家药店在售：有货 1，少量 0，无货 0，不详 0。",
        "演示大药房（B001店）",
        "演示制药（丙）有限公司",
        "挂网 0.85 85.0",
        "保密",
        "药品注册 · nmpa_table.csv",
    ]
    assert [part for part in expected if part not in text] == []


def test_history_on_lists_has_permanent_addresses(site: Site) -> None:
    """What left a list is still told, with the reason and the version that says so; it is no longer short for it."""
    html = site.get(f"/medicine/{ASPIRIN}").text
    text = words(html)
    assert [
        part for part in ("调出 2026-01-01 市场供应充足", "调入 2025-01-01 价格偏低") if part not in text
    ] == []
    assert f'href="/list/{LIST_SLUG}/2025-01-01"' in html
    assert "未见短缺信息" in text


def test_versions_of_a_list_stay_as_they_were(site: Site) -> None:
    """Each version under its day, with what it held; the newest without one; an unknown day is not found."""
    first, now = site.text(f"/list/{LIST_SLUG}/2025-01-01"), site.text(f"/list/{LIST_SLUG}")
    assert ("这是已被取代的版本" in first, "阿司匹林" in first, "布地奈德" in first) == (True, True, False)
    assert ("在列 2 个品种" in now, "布地奈德" in now, "演示公告 2026-01-01" in now) == (True, True, True)
    assert site.get(f"/list/{LIST_SLUG}/2025-06-01").status_code == 404


@pytest.mark.parametrize("days", ["from=2025-01-01&to=2026-01-01", "from=2026-01-01&to=2025-01-01"])
def test_any_two_versions_are_compared(site: Site, days: str) -> None:
    """Whichever is named first: what came in, what left and why, and what stayed."""
    text = site.text(f"/list/{LIST_SLUG}/diff?{days}")
    expected = [
        "调入 1 个，调出 1 个，不变 1 个。",
        "布地奈德 用量小 2026-01-01",
        "阿司匹林 市场供应充足 2026-01-01",
    ]
    assert [part for part in expected if part not in text] == []


def test_substitutes_are_told_with_their_condition(site: Site) -> None:
    """What may be given instead, on which condition, on whose word, and to ask first."""
    text = site.text(f"/medicine/{CONCEPT_ID}")
    assert [
        part for part in ("二甲双胍 演示条件 演示依据 演示药学会", "请先咨询医师或药师") if part not in text
    ] == []


def test_unknown_is_never_shown_as_fine(site: Site) -> None:
    """A medicine that no list and no notice names is not said to be well supplied."""
    text = site.text(f"/medicine/{AMOXICILLIN}")
    assert ("未见短缺信息，供应情况不详" in text, "这不等于供应充足" in text) == (True, True)


def test_a_stop_without_a_list_is_a_risk(site: Site) -> None:
    """A notice that no resumption has ended is said as what it is."""
    assert "有供应风险：列入监测清单，或有未结束的停产、减产通知" in site.text(f"/medicine/{METFORMIN}")


@pytest.mark.parametrize("number", [DIGOXIN, DIGOXIN_OTHER])
def test_an_approval_number_leads_to_its_medicine(site: Site, number: str) -> None:
    """Each maker's number leads to the one page of the medicine."""
    response = site.get(f"/medicine/{quote(number)}")
    assert (response.status_code, response.headers["location"]) == (302, f"/medicine/{CONCEPT_ID}")


def test_prices_are_drawn_and_told(site: Site) -> None:
    """A dot for the stated price, and the same in the table; the confidential one is neither."""
    html = site.get(f"/medicine/{CONCEPT_ID}").text
    assert (html.count("<circle"), "0.85" in html, "7654" in html) == (1, True, False)


def test_prices_over_time_are_drawn_and_told(site: Site) -> None:
    """A line for all and one for each platform, the same in a table; nothing from before a price was confidential."""
    html = site.get(f"/medicine/{CONCEPT_ID}").text
    assert (html.count('class="price-line"'), html.count("<path"), "6543" in html) == (3, 6, False)
    text = words(html)
    expected = [
        "2026-02-02 至 2026-11-20，各平台中位价由 0.81 元到 0.85 元，最低 0.7 元，最高 0.92 元。",
        "全部平台 2026-02-02 0.81 0.85 0.7–0.92 1",
        "demo-gd 2026-02-02 0.92 0.85 0.85–0.92 1",
        "demo-hn 2026-02-02 0.7 无 0.7–0.7 1",
        "此前的价格也不再公布",
    ]
    assert [part for part in expected if part not in text] == []
    assert "Prices over time" in site.text(f"/en/medicine/{CONCEPT_ID}")


def test_a_medicine_without_prices_has_no_chart_of_them(site: Site) -> None:
    """Nothing is drawn of nothing."""
    assert "价格变化" not in site.text(f"/medicine/{AMOXICILLIN}")


def test_medicine_says_where_it_is_on_sale(site: Site) -> None:
    """Places are grouped by region, with availability in words and the store's last confirmation."""
    address = f"/medicine/{AMOXICILLIN}"
    text = site.text(address)
    assert ("有 3 家药店在售：有货 1，少量 0，无货 1，不详 1。" in text, "请先选择省份" in text) == (
        True,
        True,
    )
    place = "湖南省 › 长沙市 › 芙蓉区 演示大药房（B001店） 演示路7号 无货 2026-11-20 09:30"
    assert place in site.text(f"{address}?region=430000")
    assert "广东省 › 广州市 › 天河区 演示大药房" in site.text(f"{address}?region=440000")


def test_product_tells_what_the_register_says(site: Site) -> None:
    """Codes, holder, and the row of the file that it comes from."""
    text = site.text(f"/product/{AMOXICILLIN}")
    expected = [
        "86900001000017 0.25g×24",
        f"来源：药品注册 批次 1，文件 nmpa_table.csv 第 17 行，SHA-256 {SHA256}",
    ]
    assert [part for part in expected if part not in text] == []


def test_whereabouts_of_special_medicines_are_hidden(site: Site) -> None:
    """Although a pharmacy of the store has it, neither its page nor the pharmacy's nor any table tells."""
    page = site.get(f"/medicine/{MORPHINE}").text
    shelf = site.text(f"/pharmacy/{pharmacy_id('A001')}")
    items = site.get("/baogong/local_item.json?_shape=objects").json()["rows"]
    assert (
        "本品属特殊管理药品（麻醉药品），依规不公开在售地点" in page,
        "/pharmacy/" in page,
        "吗啡" in shelf,
        [item for item in items if item["product_id"] == str(product_id(MORPHINE))],
    ) == (True, False, False, [])


def test_medicine_tells_of_stops_with_days_and_cause_in_words(site: Site) -> None:
    """Kind, days, class of the cause, and the row it comes from; not what the holder wrote, nor who supplies it."""
    text = site.text(f"/medicine/{METFORMIN}")
    assert "停产 非计划 演示制药（甲）有限公司 0.5g 原料药、辅料或包装材料供应 2026-10-08 2027-01-15" in text
    assert "批次 1 第 42 行" in text
    assert re.findall("纠纷|演示原料药厂|91999999", text) == []


@pytest.mark.parametrize("number", [AMOXICILLIN, MORPHINE])
def test_medicine_without_a_notice_says_that_this_says_little(site: Site, number: str) -> None:
    """None is known, or none may be told."""
    text = site.text(f"/medicine/{number}")
    assert ("没有通知不等于供应充足" in text, "非计划" in text) == (True, False)


def test_region_narrows_the_places(site: Site) -> None:
    """A division's code keeps its subtree only."""
    text = site.text(f"/medicine/{AMOXICILLIN}?region=430000")
    assert ("B001店" in text, "A001店" in text, "湖南省有 1 家药店在售" in text) == (True, False, True)


@pytest.mark.parametrize("region", ["99", "430199", "天河", "4' OR 1=1", "4" * 40])
def test_unknown_region_is_not_found(site: Site, region: str) -> None:
    """What is no division is said to be none, instead of showing all or nothing."""
    response = site.get(f"/medicine/{AMOXICILLIN}", params={"region": region})
    assert (response.status_code, "没有代码为" in response.text) == (404, True)


def test_places_come_page_by_page(site: Site) -> None:
    """Following the links gives each pharmacy once."""
    address, found = f"/medicine/{quote(ASPIRIN)}?region=440000", list[str]()
    for _ in range(2):
        html = site.get(address).text
        found += re.findall(r'href="/pharmacy/(\d+)"', html)
        address = next(iter(re.findall(r'class="next" rel="next" href="([^"]+)"', html)), "").replace(
            "&amp;", "&"
        )
    assert (len(found), len(set(found)), address) == (MANY, MANY, "")


@pytest.mark.parametrize("written", ["h20190001", "H20190001", "国药准字h20190001", "Ｈ２０１９０００１"])
def test_number_written_otherwise_leads_to_the_medicine(site: Site, written: str) -> None:
    """Letters and widths do not matter in an address."""
    response = site.get(f"/medicine/{quote(written)}")
    assert (response.status_code, response.headers["location"]) == (302, f"/medicine/{quote(AMOXICILLIN)}")


@pytest.mark.parametrize(
    "address",
    [
        "/medicine/H00000000",
        "/medicine/%00",
        "/medicine/..%2f..%2fetc",
        "/pharmacy/1",
        "/pharmacy/x",
        "/pharmacy/9223372036854775808",
        "/pharmacy/" + "9" * 60,
        "/institution/1",
        "/institution/x",
        f"/institution/{institution_id('Y3')}",
        "/sitemap-institutions-2.xml",
        "/batch/0",
        "/product/x",
        "/region/999999",
        "/region/x",
        "/releases/20200101-00000000",
        "/sitemap-999.xml",
        "/nowhere",
        "/baogong/nowhere",
        "/baogong/nowhere/1",
        "/baogong/on_sale/1",
        "/baogong/product/x",
    ],
)
def test_unknown_address_is_not_found_in_chinese(site: Site, address: str) -> None:
    """Every unknown thing gives our 404 page with a search box."""
    response = site.get(address)
    assert (response.status_code, "可以重新查询" in response.text, 'name="q"' in response.text) == (
        404,
        True,
        True,
    )


def test_pharmacy_tells_what_it_has(site: Site) -> None:
    """Chain, region, hours, last confirmation, what it has on sale, and where that comes from."""
    text = site.text(f"/pharmacy/{pharmacy_id('A001')}")
    expected = [
        "演示大药房连锁有限公司",
        "广东省 › 广州市 › 天河区",
        "08:00-22:00",
        "最近确认 2026-11-20 09:30",
        "共 2 种，按名称排列。",
        "阿莫西林胶囊 0.25g*24粒 演示制药（甲）有限公司 有货 批次 2 第 2 行",
        "来源：药店在售 批次 2，文件 on_sale.csv 第 2 行",
    ]
    assert [part for part in expected if part not in text] == []


def test_pharmacy_is_searched(site: Site) -> None:
    """Among what it has, by name or pinyin; what it has not is said to be so."""
    address = f"/pharmacy/{pharmacy_id('A001')}"
    found, none = site.text(f"{address}?q=asp"), site.text(f"{address}?q=地高辛")
    assert ("这家药店有 1 种与“asp”相符" in found, "阿莫西林" in found) == (True, False)
    assert "没有与“地高辛”相符的药品" in none


def test_institution_tells_what_it_keeps(site: Site) -> None:
    """Tier, region, last confirmation, what it keeps in bands, and where that comes from; no narcotic."""
    text = site.text(f"/institution/{institution_id('Y1')}")
    expected = [
        "医疗机构级别 三级",
        "广东省 › 广州市 › 天河区",
        "最近确认 2026-11-20 09:30",
        "共 2 种，按名称排列。",
        "地高辛片 0.25mg 演示制药（乙）有限公司 少量 批次 2 第 2 行",
        "只发布公立医疗机构",
        "文件 on_sale.csv 第 2 行",
    ]
    assert [part for part in expected if part not in text] == []
    assert "吗啡" not in text


def test_institution_is_searched(site: Site) -> None:
    """Among what it keeps, as a pharmacy is."""
    address = f"/institution/{institution_id('Y1')}"
    found, none = site.text(f"{address}?q=dgx"), site.text(f"{address}?q=阿司匹林")
    assert ("这家医疗机构有 1 种与“dgx”相符" in found, "阿莫西林" in found) == (True, False)
    assert "没有与“阿司匹林”相符的药品" in none


def test_medicine_says_which_institutions_keep_it(site: Site) -> None:
    """Beside pharmacies, under a heading of their own; a region narrows both; private ones are not told."""
    address = f"/medicine/{CONCEPT_ID}"
    text = site.text(address)
    assert "全部地区有 2 家公立医疗机构配备：有货 1，少量 1，无货 0，不详 0。" in text
    assert "民营" not in text
    here = site.text(f"{address}?region=440000")
    place = "广东省 › 广州市 › 天河区 演示第一人民医院 演示制药（乙）有限公司 0.25mg 演示医院路2号 少量"
    assert (place in here, "芙蓉区医院" in here) == (True, False)


def test_region_has_its_institutions(site: Site) -> None:
    """With tier and last confirmation; the table of a country counts them beside pharmacies."""
    assert "演示芙蓉区医院 未提供 演示医院路3号 2026-11-20 09:30" in site.text("/region/430102")
    assert "湖南省 1 1 2026-11-20 09:30 1" in site.text("/regions")


def test_institutions_are_found_by_their_names(site: Site) -> None:
    """On the page of the search, and while typing; programs find them in a sitemap."""
    assert "演示芙蓉区医院 湖南省 › 长沙市 › 芙蓉区" in site.text("/search?q=芙蓉区医院")
    assert site.get("/suggest?q=人民医院").json() == ["人民医院", ["演示第一人民医院"]]
    assert f"/institution/{institution_id('Y1')}</loc>" in site.get("/sitemap-institutions-1.xml").text
    assert "/sitemap-institutions-1.xml" in site.get("/sitemap.xml").text


def test_regions_without_data_are_unknown(site: Site) -> None:
    """A province that nobody reports from has its own look and word; those that report have their numbers."""
    html = site.get("/regions").text
    tiles = re.findall(r'<li class="([^"]*)"><a href="/region/(\d+)">.*?class="count">([^<]*)<', html)
    assert {code: (look.split()[-1], count) for look, code, count in tiles} == {
        "430000": ("shade-1", "1"),
        "440000": ("shade-4", "54"),
    }
    cities = site.get("/region/430100").text
    assert ('<li class="unknown">' in cities, "芙蓉区" in cities) == (False, True)


def test_batch_shows_that_its_rows_add_up(site: Site) -> None:
    """The rows of a batch stand as an equation."""
    text = site.text("/batch/1")
    assert "1,234 读到行数 = 1,200 入库行数 + 20 未变行数 + 9 隔离行数 + 5 按规则略过行数" in text


def test_dictionary_explains_open_fields_only(site: Site) -> None:
    """Labels and notes come from the declarations; what is not open is not even named."""
    text = site.text("/dictionary")
    assert (
        "有货情况 availability_code" in text,
        "retail_price" in text,
        "stock_packs" in text,
    ) == (
        True,
        False,
        False,
    )


def test_tables_speak_chinese(site: Site) -> None:
    """Datasette's table has labels, words for codes and times of China; none of its own English is left."""
    text = site.text("/baogong/on_sale?availability_code__exact=in_stock")
    expected = ["在售药品", "有货情况", "有货", "2026-11-20 10:00", "筛选", "本页数据"]
    assert [part for part in expected if part not in text] == []
    assert re.findall("Link|advanced|Powered by|rows where|Data license|View and edit|in_stock", text) == []


def test_every_number_of_a_list_leads_to_its_row(site: Site) -> None:
    """Each line of a page names its batch and row, and leads to the row itself."""
    html = site.get(f"/medicine/{ASPIRIN}?region=440106").text
    rows = re.findall(r'href="(/44/on_sale/[^"]+)"', html)
    assert len(rows) == 27
    assert site.get(rows[0]).status_code == 200


def test_release_without_demo_senders_has_no_banner(tmp_path: Path) -> None:
    """The banner follows the data."""
    store = sample_store(sender="chain", chain_name="某某大药房连锁有限公司")
    asyncio.run(build_sample(tmp_path, store))
    with serving(tmp_path) as base:
        assert "演示数据" not in httpx.get(base).text
