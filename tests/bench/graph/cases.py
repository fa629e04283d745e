"""The queries: each as a document, as one hand-written statement, and as PostGraphile's document."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "cases"

#: variables of a document
Variables = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One query. Its texts are files of its name; those that are not there are not asked."""

    name: str
    #: SQL that gives the variables of documents, one row each, as columns of their names
    asked: str
    #: what the hand-written statement takes
    values: Callable[[Variables], tuple[Any, ...]]
    #: whether the hub alone can answer the document
    only_ours: bool = False

    @property
    def document(self) -> str:
        """As the hub is asked, and mercurius and Strawberry where it is not `only_ours`."""
        return self._path("graphql").read_text("utf-8")

    @property
    def plain(self) -> str | None:
        """A document that asks the hub for much the same in an ordinary way."""
        return self._read("plain.graphql")

    @property
    def sql(self) -> str | None:
        """As one statement, written by hand; it gives the whole answer as one text."""
        return self._read("sql")

    @property
    def postgraphile(self) -> str | None:
        """As PostGraphile is asked, with aliases for the names that differ."""
        return self._read("postgraphile.graphql")

    def _read(self, ending: str) -> str | None:
        path = self._path(ending)
        return path.read_text("utf-8") if path.exists() else None

    def _path(self, ending: str) -> Path:
        return _FOLDER / f"{self.name}.{ending}"


def past(text: str) -> str:
    """The first text after all that start with this one, in the order of code points."""
    return text[:-1] + chr(ord(text[-1]) + 1)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


_LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"

#: what people type, and the beginning of the names that they mean
_SEARCHED = ", ".join(
    f"('{text}', '{prefix}')"
    for text, prefix in (
        ("阿司", "阿司"),
        ("aspl", "阿司匹林"),
        ("硝普钠", "硝普钠"),
        ("toubaokewo", "头孢克肟"),
        ("tbkw", "头孢克肟"),
        ("缓释片 美托", "美托洛尔"),
        ("zuoyangfusha", "左氧氟沙星"),
        ("地高辛注射", "地高辛注射"),
    )
)

CASES: tuple[Case, ...] = (
    Case(
        "Q1",
        f"SELECT approval_number AS number FROM product WHERE {_LIVE} ORDER BY id LIMIT 64",
        lambda asked: (asked["number"],),
    ),
    Case(
        "Q2",
        f"SELECT DISTINCT left(name_zh, 2) AS prefix FROM product WHERE {_LIVE} ORDER BY prefix LIMIT 64",
        lambda asked: (asked["prefix"], past(asked["prefix"])),
    ),
    Case(
        "Q3",
        f"""SELECT city || '00' AS city, (city::int + 1) || '00' AS past FROM (
          SELECT left(region_code, 4) AS city, count(*) AS n FROM pharmacy WHERE {_LIVE} GROUP BY 1) c
        WHERE n >= 100 ORDER BY city LIMIT 64""",
        lambda asked: (asked["city"].removesuffix("00"), past(asked["city"].removesuffix("00"))),
    ),
    Case(
        "Q4",
        f"SELECT id::text AS product FROM product WHERE {_LIVE} ORDER BY id LIMIT 64",
        lambda asked: (int(asked["product"]),),
    ),
    Case("Q5", f"SELECT * FROM (VALUES {_SEARCHED}) asked (text, prefix)", lambda _asked: (), only_ours=True),
    Case(
        "Q6",
        f"""SELECT approval_number AS number, '2025-03-01T00:00:00Z' AS "asOf", '2026-01-01T00:00:00Z' AS "knownAt"
        FROM product WHERE {_LIVE} ORDER BY id LIMIT 64""",
        lambda asked: (asked["number"], _instant(asked["asOf"]), _instant(asked["knownAt"])),
        only_ours=True,
    ),
)
