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
    """One query."""

    name: str
    #: SQL that gives the variables of documents, one row each, as columns of their names
    asked: str
    #: what the hand-written statement takes
    values: Callable[[Variables], tuple[Any, ...]]
    #: the case that asks much the same in an ordinary way; then only we and the hand-written statement are asked
    plain: str | None = None

    @property
    def document(self) -> str:
        """As the hub, mercurius and Strawberry are asked."""
        return self._read("graphql")

    @property
    def sql(self) -> str:
        """As one statement, written by hand; it gives the whole answer as one text."""
        return self._read("sql")

    @property
    def postgraphile(self) -> str | None:
        """As PostGraphile is asked, with aliases for the names that differ; None: it is not."""
        return self._read("postgraphile.graphql") if self._path("postgraphile.graphql").exists() else None

    def _read(self, ending: str) -> str:
        return self._path(ending).read_text("utf-8")

    def _path(self, ending: str) -> Path:
        return _FOLDER / f"{self.name}.{ending}"


def past(text: str) -> str:
    """The first text after all that start with this one, in the order of code points."""
    return text[:-1] + chr(ord(text[-1]) + 1)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


_LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"

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
    Case(
        "Q6",
        f"""SELECT approval_number AS number, '2025-03-01T00:00:00Z' AS "asOf", '2026-01-01T00:00:00Z' AS "knownAt"
        FROM product WHERE {_LIVE} ORDER BY id LIMIT 64""",
        lambda asked: (asked["number"], _instant(asked["asOf"]), _instant(asked["knownAt"])),
        plain="Q1",
    ),
)


def case_named(name: str) -> Case:
    """The case of this name; KeyError where there is none."""
    return {case.name: case for case in CASES}[name]
