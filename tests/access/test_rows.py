"""Whoever asks whatever: the answer is that over the rows they may see; by predicate alone, by policies alone."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.access.seal import Sealer
from hub.access.store import fetch_sealer
from hub.db.reading import ReadingPool, open_reading_pool
from hub.ingest.landing import Landing
from schema.entities import ENTITIES
from schema.graph.errors import ErrorCode
from schema.plan.values import Pass
from schema.policies import GRAPH_ROLE, limited_entities
from schema.reach import COUNTRY, NOWHERE, Owner, OwnerKind, Reach
from tests.access.visible import visible
from tests.lib.databases import TEMPLATE, OwnDatabase, Templates
from tests.lib.graph_documents import a_document
from tests.lib.graph_engines import SCHEMA, Engines, Refused, differs
from tests.lib.graph_rows import (
    COMPANIES,
    DISTRIBUTORS,
    DIVISIONS,
    INSTITUTIONS,
    SENDERS,
    Rows,
    rows_of_everything,
    write_rows,
)

#: seeds of the rows, each in a database of its own
SEEDS = (11, 12)
CODES = {
    OwnerKind.SENDER: SENDERS,
    OwnerKind.INSTITUTION: INSTITUTIONS,
    OwnerKind.DISTRIBUTOR: DISTRIBUTORS,
    OwnerKind.COMPANY: [code for code in COMPANIES if code],
}
OWNERS = [Owner(kind, code) for kind, codes in CODES.items() for code in codes if " " not in code]
EACH_REACH = [
    *(Reach(code) for code in DIVISIONS),
    *(Reach(None, frozenset({owner})) for owner in OWNERS),
    NOWHERE,
]
REACHES = st.one_of(
    st.sampled_from([Reach(code) for code in DIVISIONS]),
    st.frozensets(st.sampled_from(OWNERS), max_size=3).map(lambda owners: Reach(None, owners)),
    st.just(NOWHERE),
)
relaxed = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """Rows in a database, read by its owner, whom no policy holds, and by the graph's role."""

    rows: Rows
    sealer: Sealer
    by_owner: Engines
    by_role: Engines


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """The loop in which all is asked."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module", params=["embedded", "debian"])
def worlds(
    request: pytest.FixtureRequest,
    templates: Templates,
    loop: asyncio.Runner,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[World]]:
    """Worlds of each seed, on each PostgreSQL: policies are a matter of its versions."""
    server = request.getfixturevalue(request.param)
    templates.folder(server)
    folder = tmp_path_factory.mktemp("landing")
    stack = AsyncExitStack()

    async def make() -> list[World]:
        return [await _world(stack, server, seed, folder) for seed in SEEDS]

    yield loop.run(make())
    loop.run(stack.aclose())


async def _world(stack: AsyncExitStack, server: str, seed: int, folder: Path) -> World:
    url = await stack.enter_async_context(OwnDatabase(server, TEMPLATE))
    rows = rows_of_everything(seed, fewest=2, most=10)
    connection = await asyncpg.connect(url)
    await write_rows(connection, rows)
    sealer = await fetch_sealer(connection)
    await connection.close()
    pools = [await open_reading_pool(url, 2, 20, role) for role in (None, GRAPH_ROLE)]
    for pool in pools:
        stack.push_async_callback(pool.close)
    nobody = Pass(NOWHERE, "")
    return World(rows, sealer, *(Engines(pool, Landing(folder), rows, nobody) for pool in pools))


@settings(relaxed, max_examples=80)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 3), world=st.sampled_from((0, 1)), reach=REACHES)
def test_an_answer_is_that_over_the_rows_that_may_be_seen(
    worlds: list[World], loop: asyncio.Runner, seed: int, size: int, world: int, reach: Reach
) -> None:
    """Three ways: with the predicate and policies together, without the policies, without the predicate."""
    here = worlds[world]
    owners = frozenset(map(str, reach.owners or ()))
    seen = visible(here.rows, reach.region_code, owners)
    document = a_document(Random(seed), size, SCHEMA, here.rows)
    caller = here.sealer.pass_of(reach)
    ways = {
        "predicate and policies": replace(here.by_role, caller=caller),
        "predicate alone": replace(here.by_owner, caller=Pass(reach, "of no use to an owner")),
        "policies alone": replace(here.by_role, caller=Pass(COUNTRY, caller.sealed)),
    }
    expected = replace(here.by_owner, rows=seen, caller=Pass(COUNTRY, ""))
    for asked in document.variables:
        for name, engines in ways.items():
            found = loop.run(engines.by_sql(document.text, asked))
            if isinstance(found, Refused) and ErrorCode.TOO_LARGE.value in found.codes:
                break
            place = differs(found, expected.by_memory(document.text, asked))
            assert place is None, f"{name}, {reach}: {place}\n{document.text}\n{asked}"
        else:
            if not isinstance(found, Refused):
                by_resolvers = loop.run(ways["predicate and policies"].by_resolvers(document.text, asked))
                assert differs(found, by_resolvers) is None, f"resolvers, {reach}\n{document.text}\n{asked}"


def test_every_table_is_counted_as_it_may_be_seen(worlds: list[World], loop: asyncio.Runner) -> None:
    """For each division and each organisation of the rows, each of the three ways; and something is hidden of each."""
    hidden = set()
    for here in worlds:
        for reach in EACH_REACH:
            seen = visible(here.rows, reach.region_code, frozenset(map(str, reach.owners or ())))
            hidden |= {entity for entity in ENTITIES if len(seen[entity]) < len(here.rows[entity])}
            counted = loop.run(_counted(here.by_role.pool, here.sealer.pass_of(reach)))
            assert counted == {entity.__name__: len(seen[entity]) for entity in ENTITIES}, reach
    assert hidden == set(limited_entities())


async def _counted(pool: ReadingPool, caller: Pass) -> dict[str, int]:
    """How many rows of each table the graph's role sees, of all periods, by a statement that asks for nothing else."""
    counts = ", ".join(f"(SELECT count(*) FROM {entity.__tablename__})" for entity in ENTITIES)
    row = await pool.fetchrow(
        f"SELECT {counts} FROM (SELECT set_config('hub.reach', $1, true) AS r OFFSET 0) e WHERE e.r IS NOT NULL",
        caller.sealed,
    )
    return dict(zip((entity.__name__ for entity in ENTITIES), row, strict=True))
