"""The public site over HTTP, from a release made by the real build, served in its own process."""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from publish.release import Release
from publish.site.command import site_environment
from tests.lib.site import (
    AMOXICILLIN,
    ASPIRIN,
    IMPORTED,
    MANY,
    METFORMIN,
    MORPHINE,
    SHA256,
    build_sample,
    pharmacy_id,
    product_id,
    sample_store,
    serving,
)

PAGES = [
    "/",
    "/search?q=阿莫",
    "/search?q=没有这种药",
    f"/medicine/{AMOXICILLIN}",
    f"/medicine/{MORPHINE}",
    f"/medicine/{ASPIRIN}?region=440100",
    f"/pharmacy/{pharmacy_id('A001')}",
    "/batch/1",
    "/dictionary",
    "/about",
    "/baogong",
    "/baogong/product",
    "/baogong/on_sale?availability_code__exact=in_stock&_sort=item_id",
    f"/baogong/product/{product_id(AMOXICILLIN)}",
    "/baogong/dictionary",
    "/medicine/no-such-number",
]
INSIDES = [
    *(
        f"/-/{name}"
        for name in ("threads", "actor", "allow-debug", "patterns", "logout", "plugins", "versions")
    ),
    *(f"/-/{name}.json" for name in ("databases", "metadata", "settings", "threads", "plugins")),
    "/-/databases",
    "/-/permissions",
    "/-/messages",
    "/-/auth-token",
    "/-/static/app.css",
    "/_internal",
    "/baogong/product_search",
    "/baogong/product_search_data.json",
    "//-/threads",
    "/-/../-/threads",
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


class Site:
    """The served sample and its release."""

    def __init__(self, base: str, release: Release, folder: Path) -> None:
        self.release = release
        self.folder = folder
        self._client = httpx.Client(base_url=base)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, address: str, **options: dict[str, str]) -> httpx.Response:
        """An answer, redirects not followed."""
        return self._client.get(address, **options)  # type: ignore[arg-type]

    def request(self, method: str, address: str) -> httpx.Response:
        """An answer to another method."""
        return self._client.request(method, address)

    def text(self, address: str) -> str:
        """The text of a page that must be there, without its tags."""
        response = self.get(address)
        assert response.status_code == 200, response.text
        return words(response.text)


def words(html: str) -> str:
    """What a reader sees of a page, with single blanks."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of the sample."""
    folder = tmp_path_factory.mktemp("releases")
    release = asyncio.run(build_sample(folder, sample_store()))
    with serving(folder) as base, closing(Site(base, release, folder)) as served:
        yield served


def test_home_says_what_the_release_holds(site: Site) -> None:
    """Title, counts, release and the day of the data stand on the first page."""
    text = site.text("/")
    assert [
        part
        for part in ("短缺药品保供稳价公开数据", "55 药店", "5 药品", site.release.id, "2026-11-20 10:00")
        if part not in text
    ] == []


@pytest.mark.parametrize("address", PAGES)
def test_pages_name_no_other_host(site: Site, address: str) -> None:
    """Nothing on any page is fetched from or leads to another host, and nothing is run."""
    html = site.get(address).text
    assert re.findall(r'(?:href|src|action)="(?:[a-z]+:|//)[^"]*"|<script|style="|url\(', html) == []


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_demo_data_says_so(site: Site, address: str) -> None:
    """The banner stands on every page, on errors too, when a sender is a demonstration."""
    assert "演示数据：本站内容为演示用虚构数据" in site.get(address).text


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
    ],
)
def test_search_finds(site: Site, query: str, number: str) -> None:
    """Two characters, initials, English and approval numbers in any writing find the one medicine."""
    html = site.get(f"/search?q={quote(query)}").text
    assert re.findall(r'class="name" href="/medicine/([^"]+)"', html) == [quote(number)]


def test_search_shows_short_names_first(site: Site) -> None:
    """One character finds all names with it, the shortest first."""
    html = site.get("/search?q=片").text
    assert re.findall(r'class="name" href="[^"]+">([^<]+)<', html) == [
        "盐酸二甲双胍片",
        "盐酸吗啡缓释片",
        "阿司匹林肠溶片",
    ]


def test_empty_search_result_says_what_to_try(site: Site) -> None:
    """Nothing found is no dead end."""
    text = site.text("/search?q=没有这种药")
    assert ("没有找到“没有这种药”" in text, "拼音首字母" in text) == (True, True)


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_search_is_answered(site: Site, query: str) -> None:
    """No query makes the search fail, and none comes back as markup."""
    response = site.get("/search", params={"q": query})
    assert (response.status_code, "<script" in response.text) == (200, False)


def test_medicine_says_where_it_is_on_sale(site: Site) -> None:
    """Places are grouped by region, with availability in words and the store's last confirmation."""
    text = site.text(f"/medicine/{AMOXICILLIN}")
    assert [
        part
        for part in (
            "阿莫西林胶囊 Amoxicillin Capsules 国药准字H20190001",
            "有 3 家药店在售：有货 1，无货 1，不详 1。",
            "湖南省 › 长沙市 › 芙蓉区 演示大药房（B001店） 演示路7号 无货 Out of stock 2026-11-20 09:30",
            "广东省 › 广州市 › 天河区 演示大药房",
            "86900001000017 0.25g×24",
        )
        if part not in text
    ] == []


def test_medicine_says_where_it_comes_from(site: Site) -> None:
    """Feed, batch, file, row and checksum of the medicine's own row."""
    expected = f"来源：药品注册 批次 1，文件 nmpa_table.csv 第 17 行，SHA-256 {SHA256}"
    assert expected in site.text(f"/medicine/{AMOXICILLIN}")


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
    assert "停复产通知 Supply notices" in text
    assert "停产 Production stops 非计划 Not planned 0.5g 2026-10-08 2027-01-15" in text
    assert "原料药、辅料或包装材料供应 Supply of substances or materials 批次 1 第 42 行" in text
    assert re.findall("纠纷|演示原料药厂|91999999", text) == []


@pytest.mark.parametrize("number", [AMOXICILLIN, MORPHINE])
def test_medicine_without_a_notice_says_nothing_of_stops(site: Site, number: str) -> None:
    """None is known, or none may be told."""
    assert "停复产通知" not in site.text(f"/medicine/{number}")


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
    address, found = f"/medicine/{quote(ASPIRIN)}", list[str]()
    for _ in range(2):
        html = site.get(address).text
        found += re.findall(r'href="/pharmacy/(\d+)"', html)
        address = next(iter(re.findall(r'class="next" rel="next" href="([^"]+)"', html)), "")
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
        "/batch/0",
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
    assert [
        part
        for part in (
            "演示大药房连锁有限公司",
            "广东省 › 广州市 › 天河区",
            "08:00-22:00",
            "最近确认 Last confirmed 2026-11-20 09:30",
            "共 2 种，按名称排列。",
            "阿莫西林胶囊 0.25g*24粒 演示制药（甲）有限公司 有货 In stock 批次 2 第 2 行",
            "来源：药店在售 批次 2，文件 on_sale.csv 第 2 行",
        )
        if part not in text
    ] == []


def test_batch_shows_that_its_rows_add_up(site: Site) -> None:
    """The rows of a batch stand as an equation."""
    text = re.sub(r"[A-Za-z ]+", " ", site.text("/batch/1"))
    assert "1,234 读到行数 = 1,200 入库行数 + 20 未变行数 + 9 隔离行数 + 5 按规则略过行数" in text


def test_dictionary_explains_open_fields_only(site: Site) -> None:
    """Labels and notes come from the declarations; what is not open is not even named."""
    text = site.text("/dictionary")
    assert (
        "有货情况 Availability availability_code" in text,
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
    assert [
        part
        for part in ("在售药品", "有货情况 Availability", "有货 In stock", "2026-11-20 10:00")
        if part not in text
    ] == []
    assert re.findall("Link|advanced|Powered by|rows where|Data license|View and edit|in_stock", text) == []


def test_prices_and_stock_appear_nowhere(site: Site) -> None:
    """The store's price and count are in no table of the release as served."""
    rows = site.get("/baogong/on_sale.json?_size=max").text + site.get("/baogong/on_sale.csv?_size=max").text
    assert ("987.65" in rows, "4321" in rows, "price" in rows) == (False, False, False)


@pytest.mark.parametrize("address", INSIDES)
def test_insides_are_not_found(site: Site, address: str) -> None:
    """Nothing of Datasette's own inner pages, nor of the search index, can be opened."""
    assert site.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/baogong?sql=select+1", 403),
        ("/baogong.json?sql=select+1", 403),
        ("/baogong.db", 403),
        ("/baogong/product?approved_on__in=[", 400),
        ("/baogong/product?_sort=specification", 400),
        ("/baogong/product?_size=100000", 400),
    ],
)
def test_refusals_are_calm(site: Site, address: str, status: int) -> None:
    """What cannot be had is refused without a trace of the insides."""
    response = site.get(address)
    assert (response.status_code, "Traceback" in response.text, str(site.folder) in response.text) == (
        status,
        False,
        False,
    )


@pytest.mark.parametrize(
    "argument",
    [
        "_where=1=1",
        "_facet=name_zh",
        "_timelimit=x",
        "_through=[",
        "_trace=1",
        "_context=1",
        "_search=x",
        "_ttl=0",
    ],
)
def test_other_arguments_of_datasette_have_no_effect(site: Site, argument: str) -> None:
    """Arguments that name SQL or run costly paths are as if they were not there."""
    assert site.get(f"/baogong/feed.csv?{argument}").text == site.get("/baogong/feed.csv").text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_site_is_read_only(site: Site, method: str) -> None:
    """Other methods than GET and HEAD are not allowed."""
    assert site.request(method, "/").status_code == 405


@pytest.mark.parametrize("address", PAGES[:-1])
def test_head_has_the_headers_of_get(site: Site, address: str) -> None:
    """HEAD answers like GET, without a body."""
    head, get = site.request("HEAD", address), site.get(address)
    assert (head.status_code, head.headers["etag"], head.content) == (200, get.headers["etag"], b"")


def test_known_release_is_not_sent_again(site: Site) -> None:
    """The entity tag names the release; who has it gets 304 without a body."""
    tag = site.get("/").headers["etag"]
    again = site.get("/", headers={"if-none-match": f'"other", {tag}'})
    assert (site.release.id in tag, again.status_code, again.content) == (True, 304, b"")


def test_pages_may_be_cached_and_errors_not(site: Site) -> None:
    """Between two releases nothing changes; an unknown address may be known tomorrow."""
    found, unknown = site.get("/").headers, site.get("/nowhere").headers
    assert (found["cache-control"], unknown["cache-control"], "etag" in unknown) == (
        "public, max-age=300",
        "no-cache",
        False,
    )


def test_cookies_and_hosts_change_nothing(site: Site) -> None:
    """A visitor's cookie or a faked host changes nothing, so that a shared cache cannot be poisoned."""
    plain = site.get("/baogong/on_sale")
    headers = {"cookie": "ds_actor=x", "authorization": "Bearer x", "host": "evil.example"}
    faked = site.get("/baogong/on_sale", headers=headers)
    assert (faked.text, faked.headers["cache-control"]) == (plain.text, plain.headers["cache-control"])


@pytest.mark.parametrize(
    "address", ["/", "/nowhere", "/-/threads", "/baogong/product.json", "/static/site.css"]
)
def test_answers_carry_the_security_headers(site: Site, address: str) -> None:
    """Only our own files may be loaded, nothing is sniffed or framed, no address is passed on, no cookie set."""
    headers = site.get(address).headers
    policy = headers["content-security-policy"]
    assert (
        "default-src 'none'" in policy,
        "frame-ancestors 'none'" in policy,
        headers["x-content-type-options"],
        headers["referrer-policy"],
        "set-cookie" in headers,
        "server" in headers,
    ) == (True, True, "nosniff", "no-referrer", False, False)


def test_json_keeps_identifiers_whole(site: Site) -> None:
    """Identifiers of 63 bits are texts in JSON, so that JavaScript does not round them."""
    row = site.get(f"/baogong/product/{product_id(AMOXICILLIN)}.json?_shape=objects").json()["rows"][0]
    assert (row["id"], row["row_number"]) == (str(product_id(AMOXICILLIN)), 17)


def test_errors_in_json_are_json(site: Site) -> None:
    """An address ending in .json gives its errors in JSON."""
    response = site.get("/baogong/nowhere.json")
    assert (response.status_code, json.loads(response.text)["status"]) == (404, 404)


def test_csv_opens_in_excel(site: Site) -> None:
    """The file begins with the mark by which Excel knows UTF-8."""
    response = site.get("/baogong/feed.csv?_dl=on")
    assert (response.content[:3], response.content.decode("utf-8-sig").splitlines()[0]) == (
        b"\xef\xbb\xbf",
        "code,name_zh,name_en,cadence",
    )


def test_environment_has_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the hub's environment only what Python needs reaches the public process."""
    for name in ("HUB_DATABASE_URL", "HUB_SIGNING_KEY", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "secret")
    environment = site_environment()
    known = {"PATH", "LANG", "LC_ALL"}
    assert [name for name in environment if name not in known and not name.startswith("PYTHON")] == []
    assert "secret" not in environment.values()


def test_release_without_demo_senders_has_no_banner(tmp_path: Path) -> None:
    """The banner follows the data."""
    store = sample_store(sender="chain", chain_name="某某大药房连锁有限公司")
    asyncio.run(build_sample(tmp_path, store))
    with serving(tmp_path) as base:
        assert "本站内容为演示用虚构数据" not in httpx.get(base).text
