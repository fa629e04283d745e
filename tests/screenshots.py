"""`make screenshots`: pictures of the main pages for docs/, of a running site with the demonstration data."""

import argparse
import re
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from tests.lib.browser import installed_browser

_SIZES = {"wide": (1280, 900), "phone": (390, 844)}
_FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def addresses(base: str) -> dict[str, str]:
    """Name of a picture → the page it is of."""
    found = httpx.get(f"{base}/search", params={"q": "硝普钠"}).text
    (medicine, *_) = re.findall(r'class="name" href="(/medicine/[^"]+)"', found)
    lists = re.findall(r'href="(/list/shortage-[^"/]+)"', httpx.get(f"{base}/lists").text)
    days = sorted(set(re.findall(rf'href="{lists[-1]}/([0-9-]+)"', httpx.get(base + lists[-1]).text)))
    places = httpx.get(f"{base}/sitemap-institutions-1.xml").text
    (institution, *_) = re.findall(r"/institution/\d+", places)
    return {
        "home": "/",
        "medicine": medicine,
        "medicine-en": f"/en{medicine}",
        "difference": f"{lists[-1]}/diff?from={days[0]}&to={days[-1]}",
        "institution": institution,
        "prices": f"{medicine}#price-history",
        "regions": "/regions",
        "downloads": "/downloads",
    }


def take(browser: Browser, base: str) -> None:
    """Take all pictures, the upper part of each page."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in _SIZES.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        for name, address in addresses(base).items():
            page.goto(base + address)
            page.screenshot(path=_FOLDER / f"{name}-{size}.png")
        page.close()


def main() -> None:
    """Take the pictures of the site at an address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8001")
    url = parser.parse_args().url
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_browser(), args=_FLAGS)
        take(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
