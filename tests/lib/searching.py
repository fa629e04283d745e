"""Asking the search of a database."""

from collections.abc import Collection
from math import inf
from typing import Any

import asyncpg

from schema.plan.search import After, understand, values
from schema.plan.search_plain import Hit
from schema.plan.search_sql import hits
from schema.search_rules import Kind


async def find(
    connection: asyncpg.Connection,
    text: str,
    *,
    kinds: Collection[Kind] = tuple(Kind),
    limit: int = 20,
    after: After | None = None,
) -> list[Hit]:
    """The hits of a text."""
    statement, given = bound(text, kinds=kinds, limit=limit, after=after)
    rows = await connection.fetch(statement, *given)
    return [Hit(Kind(row["kind"]), row["id"], row["rank"], row["label"]) for row in rows]


async def find_all(connection: asyncpg.Connection, text: str, *, page: int, enough: float = inf) -> list[Hit]:
    """All hits of a text, or the first pages of them until there are enough, page by page."""
    found = some = await find(connection, text, limit=page)
    while len(some) == page and len(found) < enough:
        some = await find(connection, text, limit=page, after=After(some[-1].rank, some[-1].id))
        found = found + some
    return found


def bound(
    text: str, *, kinds: Collection[Kind] = tuple(Kind), limit: int = 20, after: After | None = None
) -> tuple[str, list[Any]]:
    """The statement of a text, and the values of its parameters."""
    given = values(understand(text, kinds), after)
    names = list(given)
    statement = hits(lambda name: f"${names.index(name) + 1}", limit, goes_on=after is not None)
    return statement, list(given.values())
