"""Two callers on one connection: whatever is cancelled or fails in between, neither gets a row of the other."""

import asyncio
from collections import Counter
from random import Random

import asyncpg
import orjson
import pytest

from hub.access.store import fetch_sealer
from hub.config import Settings
from hub.db.pool import SESSION
from hub.db.reading import ReadingPool, open_reading_pool
from schema.graph.prepared import Plan
from schema.plan.values import Pass, Variables
from schema.policies import GRAPH_ROLE
from schema.reach import COUNTRY, NOWHERE, Owner, OwnerKind, Reach
from tests.lib.graph_engines import DOCUMENTS

REQUESTS = 10_000
CHAINS = ("chain-a", "chain-b")
#: what is asked: pages, counts, and a statement that fails half way through
TEXTS = (
    "{ pharmacies(first: 3) { totalCount nodes { senderCode onSale { totalCount } } } }",
    "{ onSale(first: 5) { nodes { pharmacy { senderCode } item { senderCode } } } }",
    "{ changes(of: [PHARMACY], first: 5) { nodes { fact { ... on Pharmacy { senderCode } } } } }",
)
_FAILS = "SELECT 1 / (SELECT count(*) FROM pharmacy WHERE sender_code = 'nobody')"
_FILL = """
INSERT INTO pharmacy (id, sender_code, store_code, name, region_code, valid_from, valid_to, recorded_at,
  superseded_at, batch_id, row_number)
SELECT n, 'chain-' || chr(97 + n % 2), 'S' || n, 'store', '440106', now(), 'infinity', now(), 'infinity', 1, n
FROM generate_series(1, 40) n;
INSERT INTO on_sale (pharmacy_id, item_id, province_code, availability_code, valid_from, valid_to, recorded_at,
  superseded_at, batch_id, row_number)
SELECT id, id % 2, '44', 'in_stock', now(), 'infinity', now(), 'infinity', 1, 1 FROM pharmacy;
INSERT INTO local_item (id, sender_code, item_code, name_zh, match_code, valid_from, valid_to, recorded_at,
  superseded_at, batch_id, row_number)
SELECT n, 'chain-' || chr(97 + n), 'I', 'item', 'linked', now(), 'infinity', now(), 'infinity', 1, 1
FROM generate_series(0, 1) n;
"""


@pytest.fixture
async def pool(settings: Settings) -> ReadingPool:
    """One connection for all, over stores of two chains."""
    assert settings.database_url is not None
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(_FILL)
    await connection.close()
    return await open_reading_pool(settings.database_url, 1, 20, GRAPH_ROLE)


def planned(text: str, caller: Pass) -> tuple[Plan, Variables]:
    """The plan of a document for a caller."""
    return DOCUMENTS.plan(DOCUMENTS.prepared(text, {}).operation(None), {}, caller)


def chains_in(answer: object) -> set[str]:
    """The chains that an answer names."""
    if isinstance(answer, dict):
        named = {answer["senderCode"]} if "senderCode" in answer else set()
        return named.union(*map(chains_in, answer.values()))
    return set().union(*map(chains_in, answer)) if isinstance(answer, list) else set()


async def test_ten_thousand_requests_in_turns(settings: Settings, pool: ReadingPool) -> None:
    """With cancels and time-outs at random moments, and errors; by the database alone, for it is the net."""
    assert settings.database_url is not None
    connection = await asyncpg.connect(settings.database_url, server_settings=SESSION)
    sealer = await fetch_sealer(connection)
    await connection.close()
    random, became = Random(5), Counter[str]()
    callers = {
        chain: sealer.pass_of(Reach(None, frozenset({Owner(OwnerKind.SENDER, chain)}))) for chain in CHAINS
    }

    async def ask(number: int) -> None:
        chain = random.choice(CHAINS)
        text, with_predicate = random.choice(TEXTS), random.random() < 0.5
        caller = callers[chain] if with_predicate else Pass(COUNTRY, callers[chain].sealed)
        plan, variables = planned(text, caller)
        assert plan.statement is not None
        try:
            if number % 10 == 0:
                await pool.fetchval(_FAILS)
            async with asyncio.timeout(random.choice((None, None, None, random.random() * 0.004))):
                body = await pool.fetchval(plan.statement.text, *plan.statement.bind(variables))
        except (TimeoutError, asyncpg.DivisionByZeroError) as error:
            became[type(error).__name__] += 1
            return
        found = chains_in(orjson.loads(body))
        assert found == {chain}, (chain, text, body)
        became["answered"] += 1

    for begun in range(0, REQUESTS, 50):
        tasks = [asyncio.create_task(ask(number)) for number in range(begun, begun + 50)]
        await asyncio.sleep(0)
        for task in random.sample(tasks, 3):
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, asyncio.CancelledError):
                became["cancelled"] += 1
            elif isinstance(result, BaseException):
                raise result
    await pool.close()
    assert became.total() == REQUESTS
    assert min(became[each] for each in ("cancelled", "TimeoutError", "DivisionByZeroError")) > 50, became
    assert became["answered"] > REQUESTS / 2


async def test_who_says_nothing_sees_nothing(pool: ReadingPool) -> None:
    """Right after somebody who saw everything; and whoever says what the hub has not sealed is told so."""
    text = "SELECT count(*) FROM pharmacy"
    assert 0 == await pool.fetchval(text)
    entered = (
        "SELECT (SELECT count(*) FROM pharmacy)"
        " FROM (SELECT set_config('hub.reach', $1, true) AS reach OFFSET 0) e WHERE e.reach IS NOT NULL"
    )
    for forged in ('{"sight": "country"}', f'{"0" * 64} {{"sight": "country"}}', " ", "0"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.fetchval(entered, forged)
    assert 0 == await pool.fetchval(entered, "")
    assert 0 == await pool.fetchval(text)
    await pool.close()


async def test_a_seal_is_good_for_what_it_was_made_for(settings: Settings, pool: ReadingPool) -> None:
    """What is sealed cannot be changed by a letter, the seal neither."""
    assert settings.database_url is not None
    connection = await asyncpg.connect(settings.database_url)
    sealer = await fetch_sealer(connection)
    await connection.close()
    sealed = sealer.pass_of(Reach("440000")).sealed
    for place in range(0, len(sealed), 7):
        other = sealed[:place] + ("0" if sealed[place] != "0" else "1") + sealed[place + 1 :]
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.fetchval(
                "SELECT reach_low() FROM (SELECT set_config('hub.reach', $1, true) AS r OFFSET 0) e WHERE r <> ''",
                other,
            )
    assert sealer.pass_of(NOWHERE).sealed != sealed
    await pool.close()
