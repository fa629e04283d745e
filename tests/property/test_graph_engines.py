"""Whatever is asked of whatever rows: compiled to SQL, worked out in memory, or field by field, the answer is one."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.declare import Entity
from schema.entities import Listing, OnSale, Pharmacy, Product, Region
from tests.lib.databases import Templates
from tests.lib.graph_documents import a_document
from tests.lib.graph_engines import SCHEMA, Engines, Json, compare, engines_over
from tests.lib.graph_rows import rows_of_everything

#: seeds of the rows, each in a database of its own
WORLDS = (1, 2, 3)
relaxed = settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """The loop in which all that these tests ask is answered."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def worlds(
    embedded: str, templates: Templates, loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Engines]]:
    """Engines over rows of each seed."""
    templates.folder(embedded)
    stack = AsyncExitStack()

    async def make(folder: Path) -> list[Engines]:
        return [
            await stack.enter_async_context(engines_over(embedded, rows_of_everything(seed), folder))
            for seed in WORLDS
        ]

    yield loop.run(make(tmp_path_factory.mktemp("landing")))
    loop.run(stack.aclose())


@settings(relaxed, max_examples=250)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 3), world=st.integers(0, len(WORLDS) - 1))
def test_three_ways_give_one_answer(
    worlds: list[Engines], loop: asyncio.Runner, seed: int, size: int, world: int
) -> None:
    """Any document, with two sets of variables, the second through the plan that the first has left."""
    engines = worlds[world]
    document = a_document(Random(seed), size, SCHEMA, engines.rows)
    difference = loop.run(compare(engines, document))
    assert difference is None, difference


ROOTS: dict[str, tuple[type[Entity], str]] = {
    "products": (Product, "DOSAGE_FORM"),
    "listings": (Listing, "PACK_PRICE_YUAN"),
    "pharmacies": (Pharmacy, "CHAIN_NAME"),
    "regions": (Region, "NAME"),
}


@settings(relaxed, max_examples=40)
@given(
    root=st.sampled_from(sorted(ROOTS)),
    direction=st.sampled_from(("ASC", "DESC")),
    size=st.integers(1, 3),
    backward=st.booleans(),
    world=st.integers(0, len(WORLDS) - 1),
)
def test_pages_add_up_to_the_whole(
    worlds: list[Engines],
    loop: asyncio.Runner,
    root: str,
    direction: str,
    size: int,
    backward: bool,
    world: int,
) -> None:
    """Walked forward by `endCursor` or backward by `startCursor`, over ties and nothing: each row once, in order."""
    _, column = ROOTS[root]
    window, turn = ("last", "before") if backward else ("first", "after")
    document = (
        f"query($n: Int, $at: String) {{ {root}({window}: $n, {turn}: $at, orderBy: {{field: {column},"
        f" direction: {direction}}}) {{ totalCount edges {{ cursor }}"
        " pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }"
    )

    def ask(count: int, at: str | None) -> Json:
        found = loop.run(worlds[world].by_sql(document, {"n": count, "at": at}))
        assert isinstance(found, dict)
        page: Json = found["data"][root]
        return page

    whole = ask(100, None)
    cursors: list[str] = []
    at, more = None, True
    while more:
        page = ask(size, at)
        here = [edge["cursor"] for edge in page["edges"]]
        cursors = here + cursors if backward else cursors + here
        at = page["pageInfo"]["startCursor" if backward else "endCursor"]
        more = page["pageInfo"]["hasPreviousPage" if backward else "hasNextPage"]
    assert cursors == [edge["cursor"] for edge in whole["edges"]]
    assert whole["totalCount"] == len(cursors)


def test_rows_are_of_all_kinds(worlds: list[Engines]) -> None:
    """The rows have what the other tests are about: ends, superseded ones, nothing, several periods of a thing."""
    rows = [row for engines in worlds for row in engines.rows[OnSale]]
    assert {row["valid_to"] is None for row in rows} == {True, False}
    assert {row["superseded_at"] is None for row in rows} == {True, False}
    assert {row["retail_price_yuan"] is None for row in rows} == {True, False}
    things = [(row["pharmacy_id"], row["item_id"]) for row in rows]
    assert len(set(things)) < len(things)
