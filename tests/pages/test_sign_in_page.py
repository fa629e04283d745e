"""A person signs in on the query page, in a real browser, and asks the graph; on a phone too."""

import asyncio
import json
import os
import re
import time
from pathlib import Path

import pyotp

from hub.clock import system_clock
from hub.config import Settings
from schema.reach import Reach
from schema.scopes import Scope
from tests.lib.browser import Browser, browsing
from tests.lib.graph import ServedHub, served
from tests.lib.people import INITIAL, PASSWORD, add_account

CLIENT = "document.getElementById('client').textContent"
QUESTION = '{ region(code: "440000") { name } }'
#: set to a folder to look at the pages
SHOTS = os.environ.get("SCREENSHOTS")


def shoot(browser: Browser, name: str) -> None:
    """On a phone nothing sticks out; kept, wide and as on a phone, where somebody wants to look."""
    for kind, size in (("wide", (1280, 800)), ("phone", (360, 740))):
        browser.resize(*size)
        assert browser.evaluate("document.documentElement.scrollWidth") <= size[0], name
        if SHOTS is not None:
            time.sleep(0.3)
            browser.screenshot(Path(SHOTS) / f"{name}-{kind}.png")
    browser.resize(1280, 800)


def submit(browser: Browser, **fields: str) -> None:
    """Fill in the form and send it, as somebody at a keyboard does."""
    for name, text in fields.items():
        browser.wait_for(f"document.readyState === 'complete' && !!document.getElementById('{name}')")
        browser.type(f"#{name}", text)
    browser.evaluate("document.querySelector('form button').click()")


def first_sign_in(browser: Browser, url: str) -> tuple[str, list[str]]:
    """From the query page through all pages and back; the second factor's secret and the recovery codes."""
    browser.open(f"{url}/")
    browser.wait_for("!document.getElementById('plain').hidden")
    shoot(browser, "1-signed-out")
    browser.click("#as-person")
    browser.wait_for("!!document.getElementById('user_name')")
    shoot(browser, "2-password")
    submit(browser, user_name="li.hua", password="wrong")
    browser.wait_for("!!document.getElementById('notice')")
    shoot(browser, "3-wrong")
    submit(browser, user_name="li.hua", password=INITIAL)
    browser.wait_for("!!document.getElementById('old')")
    shoot(browser, "4-new-password")
    submit(browser, old=INITIAL, new=PASSWORD, again=PASSWORD)
    browser.wait_for("!!document.querySelector('.qr')")
    shoot(browser, "5-enrol")
    secret = re.findall(r"[A-Z2-7]{32}", browser.evaluate("document.querySelector('figure').innerText"))[0]
    submit(browser, code=pyotp.TOTP(secret).now())
    browser.wait_for("!!document.querySelector('.codes')")
    shoot(browser, "6-recovery")
    codes = browser.evaluate("Array.from(document.querySelectorAll('.codes li'), (one) => one.innerText)")
    submit(browser)
    browser.wait_for(f"document.readyState === 'complete' && !!document.getElementById('client') && {CLIENT}")
    return secret, codes


def ask(browser: Browser) -> str:
    """The answer that the plain form shows."""
    browser.wait_for("!document.getElementById('plain').hidden")
    browser.type("#plain [name=query]", QUESTION)
    browser.type("#plain [name=variables]", "")
    browser.click("#plain button")
    return str(browser.wait_for("document.getElementById('result').textContent"))


def visit(hub: ServedHub, browser: Browser) -> None:
    """The whole of it."""
    url = str(hub.http.base_url).rstrip("/")
    secret, codes = first_sign_in(browser, url)
    assert browser.evaluate(CLIENT) == "李华 li.hua"
    assert "演示市医疗保障局 · 数据范围 Rows: 440000" in browser.evaluate(
        "document.getElementById('reach').textContent"
    )
    assert json.loads(ask(browser)) == {"data": {"region": {"name": "广东省"}}}
    shoot(browser, "7-signed-in")
    kept = browser.evaluate(
        "[location.href, document.cookie, JSON.stringify({...localStorage, ...sessionStorage})].join()"
    )
    assert kept.startswith(f"{url}/,,{{")
    assert [word for word in ("eyJ", "verifier", secret, *codes) if word in kept] == []
    # loaded again, nobody is signed in; the browser's session spares the password, and signing out ends it
    browser.open(f"{url}/")
    browser.click("#as-person")
    browser.wait_for(f"document.readyState === 'complete' && !!document.getElementById('client') && {CLIENT}")
    browser.click("#sign-out")
    browser.wait_for(f"!{CLIENT}")
    time.sleep(0.3)
    browser.click("#as-person")
    browser.wait_for("!!document.getElementById('user_name')")
    submit(browser, user_name="li.hua", password=PASSWORD)
    browser.wait_for("!!document.getElementById('code')")
    shoot(browser, "8-second-factor")
    submit(browser, code=codes[0])
    browser.wait_for(f"document.readyState === 'complete' && !!document.getElementById('client') && {CLIENT}")
    browser.open(f"{url}/oauth/authorize?response_type=code&client_id=nobody")
    browser.wait_for("document.body.innerText.includes('没有这个应用')")
    shoot(browser, "9-error")
    refused = [problem for problem in browser.problems if "status of 40" not in problem]
    assert refused == []
    assert [each for each in browser.requests if not each.startswith((f"{url}/", "about:", "data:"))] == []


async def test_a_person_signs_in_and_asks(settings: Settings, tmp_path: Path) -> None:
    """First and later sign-ins, an answer, signing out; no token in storage or address, nothing asked elsewhere."""
    async with served(settings) as hub:
        await add_account(
            hub.connection, "li.hua", INITIAL, system_clock(), (Scope.REGION_READ,), Reach("440000")
        )
        with browsing(tmp_path) as browser:
            await asyncio.to_thread(visit, hub, browser)
