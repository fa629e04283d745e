"""The site's texts, all from strings.yaml, in the language of the request."""

from collections.abc import Iterator
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from publish.identity import PUBLISHER, TITLE
from schema.declare import Label

_FILE = Path(__file__).parent / "strings.yaml"


class Language(StrEnum):
    """A language of the site; the value is what `lang` says in HTML."""

    CHINESE = "zh-Hans"
    ENGLISH = "en"


#: Set for each request. Datasette asks for the look of a cell without saying for which request, so that no argument
#: could carry it.
LANGUAGE: ContextVar[Language] = ContextVar("language", default=Language.CHINESE)

#: what an address in English begins with; the same address without it is in Chinese
ENGLISH_PREFIX = "/en"


#: texts that are not the site's alone
_ELSEWHERE = {"site.title": TITLE, "site.publisher": PUBLISHER}


@cache
def catalogue() -> dict[str, Label]:
    """Every text by its key, such as `home.lead`."""
    read = yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)
    return dict(_labels(read, "")) | _ELSEWHERE


def _labels(branch: dict[str, Any], path: str) -> Iterator[tuple[str, Label]]:
    for name, value in branch.items():
        if set(value) == {"zh", "en"}:
            yield f"{path}{name}", Label(value["zh"], value["en"])
        else:
            yield from _labels(value, f"{path}{name}.")


@cache
def branch(path: str) -> dict[str, Label]:
    """The texts whose keys begin with this path, by the rest of their key, in the order of the file."""
    return {
        key.removeprefix(f"{path}."): label
        for key, label in catalogue().items()
        if key.startswith(f"{path}.")
    }


def text(key: str, **values: object) -> str:
    """The text under a key in the language of the request, its places filled; KeyError when there is none."""
    return say(catalogue()[key]).format(**values)


def say(label: Label) -> str:
    """A label in the language of the request; in Chinese where it has no English."""
    return label.en or label.zh if is_english() else label.zh


def is_english() -> bool:
    """Whether the request is for a page in English."""
    return LANGUAGE.get() is Language.ENGLISH


def here(address: str) -> str:
    """An address of the site (`/search?q=…`) in the language of the request."""
    return f"{ENGLISH_PREFIX}{address}".removesuffix("/") if is_english() else address
