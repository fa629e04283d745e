"""A held batch waits for a person, who releases or rejects it by name and with a reason."""

import asyncio

import asyncpg
import pytest

from hub.errors import NotHeldError
from hub.ingest import batch_store
from hub.ingest.batches import BatchState, Books, Decision, Verdict
from hub.ingest.run import Ingest, Outcome
from tests.lib.hub import TestHub
from tests.lib.samples import APPROVALS, stock_take, stores

ITEMS = [f"S1,A{n},注射用硝普钠,50mg,国药准字H20059001,12.50,3" for n in range(10)]
ON_SALE = "SELECT count(*) FROM on_sale WHERE valid_to = 'infinity' AND superseded_at = 'infinity'"


async def held(hub: TestHub) -> Outcome:
    """A full file in which half of what was on sale is gone."""
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    await hub.take("pharmacy", stock_take(*ITEMS), sender="chain-a")
    outcome = await hub.take("pharmacy", stock_take(*ITEMS[:5]), sender="chain-a")
    assert BatchState.HELD is outcome.state
    return outcome


async def decide(hub: TestHub, batch_id: int, verdict: Verdict) -> Outcome:
    """A person's decision."""
    hub.clock.turn(minutes=1)
    decision = Decision(verdict, "值班员甲", "已电话核实", hub.clock())
    return await Ingest(hub.connection, hub.landing, hub.clock).decide(batch_id, decision)


async def test_a_released_batch_is_promoted(hub: TestHub) -> None:
    """The guard no longer holds it: what vanished has ended, and the books say so."""
    waiting = await held(hub)
    outcome = await decide(hub, waiting.batch.id, Verdict.RELEASE)
    assert Books(read=5, promoted=0, unchanged=5, quarantined=0, skipped=0, closed=5) == outcome.books
    assert 5 == await hub.value(ON_SALE)


async def test_a_rejected_batch_stays_out(hub: TestHub) -> None:
    """Nothing of it is promoted; the same bytes again are a repeat of the rejected ones."""
    waiting = await held(hub)
    outcome = await decide(hub, waiting.batch.id, Verdict.REJECT)
    assert (BatchState.REJECTED, 10) == (outcome.state, await hub.value(ON_SALE))
    again = await hub.take("pharmacy", stock_take(*ITEMS[:5]), sender="chain-a")
    assert (True, BatchState.REJECTED) == (again.is_repeat, again.state)


async def test_the_decision_is_kept_with_name_and_reason(hub: TestHub) -> None:
    """Who, what, why and when."""
    waiting = await held(hub)
    await decide(hub, waiting.batch.id, Verdict.RELEASE)
    assert [(waiting.batch.id, "release", "值班员甲", "已电话核实", hub.clock())] == await hub.rows(
        "SELECT batch_id, verdict_code, decided_by, reason, decided_at FROM batch_decision"
    )


@pytest.mark.parametrize("number", [2, 999])
async def test_only_a_held_batch_can_be_decided(hub: TestHub, number: int) -> None:
    """A promoted batch and one that does not exist."""
    await held(hub)
    with pytest.raises(NotHeldError):
        await decide(hub, number, Verdict.REJECT)


async def test_a_release_that_is_cut_off_leaves_no_decision(hub: TestHub) -> None:
    """Its connection is ended while it promotes: the batch is held as before, and may be rejected instead."""
    waiting = await held(hub)
    other = await asyncpg.connect(str(hub.settings.database_url))
    victim = await asyncpg.connect(str(hub.settings.database_url))
    try:
        decision = Decision(Verdict.RELEASE, "值班员甲", "已电话核实", hub.clock())
        async with other.transaction():
            await other.execute("LOCK TABLE on_sale IN EXCLUSIVE MODE")
            asked = asyncio.create_task(
                Ingest(victim, hub.landing, hub.clock).decide(waiting.batch.id, decision)
            )
            while not await other.fetchval(_WAITS, victim.get_server_pid()):
                await asyncio.sleep(0.05)
            await other.execute("SELECT pg_terminate_backend($1)", victim.get_server_pid())
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
                await asked
    finally:
        await other.close()
    assert 0 == await hub.value("SELECT count(*) FROM batch_decision")
    assert BatchState.REJECTED is (await decide(hub, waiting.batch.id, Verdict.REJECT)).state


async def test_an_ingest_waits_for_another_as_long_as_it_takes(hub: TestHub) -> None:
    """Nobody but an act that came by the web is sent away."""
    waiting = await held(hub)
    other = await asyncpg.connect(str(hub.settings.database_url))
    try:
        await batch_store.lock_ingest(other)
        asked = asyncio.create_task(decide(hub, waiting.batch.id, Verdict.REJECT))
        while not await other.fetchval(_WAITS, hub.connection.get_server_pid()):
            await asyncio.sleep(0.05)
        await batch_store.unlock_ingest(other)
        assert BatchState.REJECTED is (await asked).state
    finally:
        await other.close()


_WAITS = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $1"
