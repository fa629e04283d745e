"""The public site in a real browser, on a wide screen and on a phone, by keyboard and for screen readers."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.lib.browser import installed_browser
from tests.lib.npm import npm_folder
from tests.lib.site import AMOXICILLIN, CONCEPT_ID, DIGOXIN, LIST_SLUG, MORPHINE, pharmacy_id
from tests.lib.site_server import Site

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SIZES = [pytest.param(WIDE, id="wide"), pytest.param(PHONE, id="phone")]
ADDRESSES = [
    "/",
    "/en/",
    "/search?q=片",
    "/search?q=没有这种药",
    f"/medicine/{CONCEPT_ID}",
    f"/en/medicine/{CONCEPT_ID}",
    f"/medicine/{AMOXICILLIN}",
    f"/medicine/{MORPHINE}",
    f"/product/{DIGOXIN}",
    f"/pharmacy/{pharmacy_id('A001')}",
    "/lists",
    f"/list/{LIST_SLUG}",
    f"/list/{LIST_SLUG}/diff?from=2025-01-01&to=2026-01-01",
    "/changes",
    "/regions",
    "/region/440000",
    "/downloads",
    "/releases",
    "/api",
    "/sql",
    "/batch/1",
    "/dictionary",
    "/about",
    "/baogong",
    "/baogong/on_sale?availability_code__exact=in_stock",
    "/nowhere",
]
AXE = "axe-core@4.14.1"
FLAGS = (
    "--no-sandbox",  # tests may run as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class Watched:
    """A page, with what it asked for and what went wrong since it was opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.problems: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def open(self, url: str) -> None:
        """Go to an address in a wide window."""
        self.requests.clear()
        self.problems.clear()
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        self.page.goto(url)

    def serious(self) -> list[tuple[str, list[str]]]:
        """What axe-core, which must have been loaded, finds serious: the rule, and where."""
        found = self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(all => all.violations)"
        )
        return [
            (each["id"], [str(node["target"]) for node in each["nodes"]][:3])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.problems.append(text)


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    """The machine's own browser; whatever a page might ask for elsewhere finds no address.

    No longer than this module: while it is open the thread has a running loop, where no other test can have one.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_browser(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A new window of one of the sizes."""
    context = chromium.new_context(viewport=request.param, accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core."""
    folder = npm_folder(tmp_path_factory.mktemp("axe"), AXE)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def test_is_it_short_why_and_where(page: Page, site: Site) -> None:
    """From the first page by three letters of pinyin to the answers: short, since when and why, and a pharmacy."""
    page.goto(site.base)
    page.locator("#q").fill("dgx")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="地高辛片").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("地高辛片")
    expect(page.get_by_text("短缺：列入短缺药品清单")).to_be_visible()
    expect(page.get_by_role("link", name="演示短缺药品清单").first).to_be_visible()
    expect(page.get_by_text("原料药、辅料或包装材料供应")).to_be_visible()
    page.get_by_label("地区").select_option("430000")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name="演示大药房（B001店）").click()
    expect(page.get_by_text("最近确认")).to_be_visible()
    page.get_by_label("在这家药店里找药").fill("阿莫")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("这家药店有 1 种与“阿莫”相符")).to_be_visible()


def test_suggestions_come_while_typing(page: Page, site: Site) -> None:
    """A letter or two give names to choose from."""
    page.goto(site.base)
    with page.expect_response("**/suggest?q=amx"):
        page.locator("#q").press_sequentially("amx")
    page.wait_for_selector("datalist option", state="attached")
    assert page.eval_on_selector_all("datalist option", "all => all.map(each => each.value)") == [
        "阿莫西林胶囊"
    ]


def test_search_works_without_scripts(chromium: Browser, site: Site) -> None:
    """All of the site is links and forms."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.base)
    page.locator("#q").fill("amx")
    page.locator("#q").press("Enter")
    assert page.get_by_role("link", name="阿莫西林胶囊").count() == 1
    context.close()


def test_language_is_switched_and_stays(page: Page, site: Site) -> None:
    """The switch leads to the same page; from there on all is in English, and back."""
    page.goto(f"{site.base}/medicine/{CONCEPT_ID}")
    page.get_by_role("link", name="English").click()
    assert page.url == f"{site.base}/en/medicine/{CONCEPT_ID}"
    expect(page.get_by_role("heading", name="Is it short?")).to_be_visible()
    page.get_by_role("link", name="Shortage lists").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Shortage and monitoring lists in force")
    page.get_by_role("link", name="中文").click()
    assert page.url == f"{site.base}/lists"


def test_versions_of_a_list_are_compared(page: Page, site: Site) -> None:
    """Two versions are chosen; what came in and left is told with its reason, under an address of its own."""
    page.goto(f"{site.base}/lists")
    page.get_by_role("link", name="演示短缺药品清单").click()
    page.get_by_label("比较").select_option("2025-01-01")
    page.get_by_label("和", exact=True).select_option("2026-01-01")
    page.get_by_role("button", name="看差别").click()
    expect(page.get_by_role("status")).to_have_text("调入 1 个，调出 1 个，不变 1 个。")
    expect(page.get_by_text("市场供应充足")).to_be_visible()
    assert page.url.endswith(f"/list/{LIST_SLUG}/diff?from=2025-01-01&to=2026-01-01")


def test_a_file_is_downloaded(page: Page, site: Site, tmp_path: Path) -> None:
    """From the page of downloads, with a name that says its release."""
    page.goto(f"{site.base}/downloads")
    with page.expect_download() as waiting:
        page.locator("#pharmacy").get_by_role("link", name="CSV · 中文表头").click()
    download = waiting.value
    download.save_as(tmp_path / "file")
    (file,) = [each for each in site.release.files if each.path == "csv/zh/pharmacy.csv.gz"]
    assert (download.suggested_filename, (tmp_path / "file").stat().st_size) == (
        f"baogong-{site.release.id}-csv-zh-pharmacy.csv.gz",
        file.bytes,
    )


@pytest.fixture(scope="module")
def watched(chromium: Browser) -> Iterator[Watched]:
    """A window for all addresses in turn."""
    context = chromium.new_context(viewport=WIDE)  # type: ignore[arg-type]
    yield Watched(context.new_page())
    context.close()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_whole_and_can_be_heard(watched: Watched, site: Site, axe: str, address: str) -> None:
    """No request elsewhere, no message in the console, nothing wider than the window, wide and on a phone.

    And axe finds nothing serious: names, roles, contrast, order of headings, labels.
    """
    watched.open(site.base + quote(address, safe="/?=&%"))
    watched.page.evaluate(axe)
    for size in (WIDE, PHONE):
        watched.page.set_viewport_size(size)  # type: ignore[arg-type]
        beyond = watched.page.evaluate(
            "(root => root.scrollWidth - root.clientWidth)(document.documentElement)"
        )
        assert (size, beyond, watched.serious()) == (size, 0, [])
    elsewhere = [url for url in watched.requests if not url.startswith(f"{site.base}/")]
    assert (elsewhere, [text for text in watched.problems if "404" not in text]) == ([], [])


def test_the_keyboard_is_enough(chromium: Browser, site: Site) -> None:
    """The first stop leads past the navigation; each stop can be seen; Enter opens what has the focus."""
    page = chromium.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    page.goto(f"{site.base}/medicine/{CONCEPT_ID}")
    page.keyboard.press("Tab")
    assert page.evaluate(
        "[document.activeElement.hash, document.activeElement.getBoundingClientRect().x >= 0]"
    ) == [
        "#content",
        True,
    ]
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
    page.context.close()


def test_fields_are_large_enough_to_touch(page: Page, site: Site) -> None:
    """Fields and buttons are at least 44 pixels high, the least for a finger."""
    page.goto(f"{site.base}/medicine/{AMOXICILLIN}")
    heights = page.eval_on_selector_all(
        "main input, main select, main button", "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert [height for height in heights if height < 44] == []


def test_phone_turns_tables_into_cards(chromium: Browser, site: Site) -> None:
    """On a phone each cell stands on its own line with the name of its column before it."""
    page = chromium.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    page.goto(f"{site.base}/medicine/{CONCEPT_ID}")
    shown = page.evaluate(
        "(cell => [getComputedStyle(cell).display, getComputedStyle(cell, '::before').content])"
        "(document.querySelector('.places td'))"
    )
    page.context.close()
    assert shown == ["flex", '"门店地址"']


def test_it_prints_without_its_frame(chromium: Browser, site: Site) -> None:
    """On paper there is no navigation and no form, and what the page says stays."""
    page = chromium.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    page.emulate_media(media="print")
    page.goto(f"{site.base}/medicine/{CONCEPT_ID}")
    hidden = [page.locator(selector).first.is_visible() for selector in (".top nav", ".region", ".jumps")]
    assert (hidden, page.locator(".verdict").is_visible()) == ([False, False, False], True)
    page.context.close()
