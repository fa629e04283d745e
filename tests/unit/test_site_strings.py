"""The texts of the site: one catalogue, both languages, every key used and every used key there."""

import re
from itertools import chain
from pathlib import Path
from string import Formatter

import publish.site
from publish.site.strings import LANGUAGE, Language, branch, catalogue, here, text

_SITE = Path(publish.site.__file__).parent
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: what a template or a module asks for by a whole key
_KEY = re.compile(r"""(?:\bt|text|catalogue\(\)|t_)[\(\[]\s*f?"([a-z_]+\.[a-z_0-9.]*[a-z0-9])["(]""")
#: branches whose keys are put together where they are asked for
_BUILT: tuple[str, ...] = (
    "code.",
    "condition.",
    "province.",
    "about.",
    "error.",
    "status.",
    "downloads.",
    "releases.check_",
)
_BUILT += (
    "nav.",
    "home.",
    "search.try",
    "dictionary.",
    "medicine.h_",
    "api.rule_",
    "sql.",
    "word.",
    "table.",
    "footer.",
    # of each kind of places
    "pharmacy.",
    "institution.",
)


def places(template: str) -> set[str]:
    """The places in a text that are filled."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_both_languages_are_there_with_the_same_places() -> None:
    """No text lacks a language, and what is filled into one is filled into the other."""
    uneven = [
        key
        for key, label in catalogue().items()
        if not label.zh or not label.en or not places(label.en) <= places(label.zh)
    ]
    assert uneven == []


def test_every_text_that_is_asked_for_is_there() -> None:
    """A misspelt key would be an error page."""
    asked = chain.from_iterable(
        _KEY.findall(path.read_text("utf-8"))
        for path in _SITE.rglob("*")
        if path.suffix in (".py", ".html", ".txt", ".xml")
    )
    assert sorted(set(asked) - catalogue().keys()) == []


def test_no_text_is_left_over() -> None:
    """Every key stands somewhere in the code, or in a branch whose keys are put together."""
    code = "".join(
        path.read_text("utf-8")
        for path in _SITE.rglob("*")
        if path.suffix in (".py", ".html", ".txt", ".xml")
    )
    unused = [key for key in catalogue() if f'"{key}"' not in code and not key.startswith(_BUILT)]
    assert unused == []


def test_templates_hold_no_text_of_their_own() -> None:
    """What a reader reads comes from the catalogue: no template has a Chinese word, but the name of the language."""
    found = {
        path.name: _CHINESE.findall(path.read_text("utf-8").replace(">中文<", ""))
        for path in (_SITE / "templates").iterdir()
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_language_follows_the_request() -> None:
    """The same key and address in either language."""
    assert (text("nav.home"), here("/search?q=x"), here("/")) == ("首页", "/search?q=x", "/")
    token = LANGUAGE.set(Language.ENGLISH)
    try:
        assert (text("nav.home"), here("/search?q=x"), here("/")) == ("Home", "/en/search?q=x", "/en")
    finally:
        LANGUAGE.reset(token)


def test_branches_keep_the_order_of_the_file() -> None:
    """The page about the site is in the order in which it was written."""
    assert list(branch("about"))[:2] == ["what.heading", "what.p1"]
