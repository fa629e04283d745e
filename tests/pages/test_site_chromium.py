"""The public site in a real browser, on a wide screen and on a phone."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.lib.browser import Browser, browsing
from tests.lib.site import AMOXICILLIN, MORPHINE, build_sample, pharmacy_id, sample_store, serving

ADDRESSES = [
    "/",
    "/search?q=阿莫",
    "/search?q=没有这种药",
    f"/medicine/{AMOXICILLIN}",
    f"/medicine/{MORPHINE}",
    f"/pharmacy/{pharmacy_id('A001')}",
    "/batch/1",
    "/dictionary",
    "/about",
    "/baogong/on_sale",
    "/baogong/on_sale?availability_code__exact=in_stock&_sort=item_id",
]
SIZES = [(1280, 900), (390, 844)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served sample."""
    folder = tmp_path_factory.mktemp("releases")
    asyncio.run(build_sample(folder, sample_store()))
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A new browser."""
    with browsing(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def visit(browser: Browser, address: str, size: tuple[int, int]) -> None:
    """Open an address in a window of this size."""
    browser.resize(*size)
    browser.open(address)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_quiet_and_fits(base: str, browser: Browser, address: str, size: tuple[int, int]) -> None:
    """No console message or policy violation, no request elsewhere, nothing wider than the window."""
    browser.requests.clear()
    browser.problems.clear()
    visit(browser, base + address, size)
    elsewhere = [request for request in browser.requests if not request.startswith((f"{base}/", "about:"))]
    beyond = browser.evaluate("(root => root.scrollWidth - root.clientWidth)(document.documentElement)")
    assert (browser.problems, elsewhere, beyond) == ([], [], 0)


@pytest.mark.parametrize("size", SIZES)
def test_fields_are_large_enough_to_touch(base: str, browser: Browser, size: tuple[int, int]) -> None:
    """Fields and buttons are at least 44 pixels high, the least for a finger."""
    visit(browser, f"{base}/medicine/{AMOXICILLIN}", size)
    heights = browser.evaluate(
        "[...document.querySelectorAll('main input, main select, main button')]"
        ".map(field => field.getBoundingClientRect().height)"
    )
    assert [height for height in heights if height < 44] == []


def test_first_tab_leads_past_the_navigation(base: str, browser: Browser) -> None:
    """With the keyboard the first stop is the link to the content, and it can be seen."""
    visit(browser, f"{base}/medicine/{AMOXICILLIN}", SIZES[0])
    browser.evaluate("document.querySelector('a, button, input, select').focus()")
    focused = browser.evaluate(
        "[document.activeElement.hash, document.activeElement.getBoundingClientRect().x >= 0]"
    )
    assert focused == ["#content", True]


@pytest.mark.parametrize("address", ADDRESSES)
def test_structure_can_be_heard(base: str, browser: Browser, address: str) -> None:
    """One main heading, no skipped level, and a label for each field: what a screen reader goes by."""
    visit(browser, base + address, SIZES[0])
    levels = browser.evaluate(
        "[...document.querySelectorAll('h1,h2,h3')].map(heading => +heading.tagName[1])"
    )
    unlabelled = browser.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]), select')]"
        ".filter(field => !field.labels.length && !field.ariaLabel).length"
    )
    skipped = [pair for pair in zip([1, *levels], levels, strict=False) if pair[1] > pair[0] + 1]
    assert (levels.count(1), skipped, unlabelled) == (1, [], 0)


def test_phone_turns_tables_into_cards(base: str, browser: Browser) -> None:
    """On a phone each cell stands on its own line with the name of its column before it."""
    visit(browser, f"{base}/medicine/{AMOXICILLIN}", SIZES[1])
    shown = browser.evaluate(
        "(cell => [getComputedStyle(cell).display, getComputedStyle(cell, '::before').content])"
        "(document.querySelector('.cards td'))"
    )
    assert shown == ["flex", '"门店地址"']
