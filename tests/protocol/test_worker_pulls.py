"""The worker's pulls: what is due is pulled once, by one of many workers, and a killed one's work is taken up."""

import asyncio
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from procrastinate import App

from connectors.sandbox.http_source import Fault, HttpSource
from connectors.transports.sources import Source
from hub.errors import DatabaseError
from hub.ingest.pull_store import only_puller
from hub.jobs.pull import key_of
from hub.jobs.queue import drop_stalled, offer, run_jobs
from hub.jobs.worker import Worker
from tests.lib.command import answer, baogong, start
from tests.lib.hub import TestHub
from tests.lib.server import running
from tests.lib.sources import HTTP_SECRET, approvals, http_entry, source_of, write_sources

BEAT = 0.2


def worker_of(hub: TestHub, sources: Path) -> Worker:
    """A worker of the test's hub, with its clock."""
    assert hub.settings.database_url is not None
    settings = hub.settings.model_copy(update={"sources": sources, "worker_seconds": BEAT})
    return Worker(settings, hub.settings.database_url, HTTP_SECRET, hub.clock)


@asynccontextmanager
async def queue_of(worker: Worker) -> AsyncIterator[App]:
    """A worker's queue, open."""
    async with worker.queue().open_async() as queue:
        yield queue


async def one_round(hub: TestHub, worker: Worker) -> list[str | None]:
    """Offer what is due and do it; gives how all pulls so far ended."""
    async with queue_of(worker) as queue:
        await worker.offer_due(queue, hub.connection)
        await run_jobs(queue, BEAT, wait=False)
    return [code for (code,) in await hub.rows("SELECT stop_code FROM pull ORDER BY id")]


@pytest.fixture
def listing() -> HttpSource:
    """A platform with 30 approvals, ten a page."""
    return HttpSource(approvals(30))


async def test_what_is_due_is_pulled_once_and_again_the_next_time(
    hub: TestHub, tmp_path: Path, listing: HttpSource
) -> None:
    """By the feed's calendar, here every night; in between nothing is asked of the source."""
    with running(listing.app()) as url:
        worker = worker_of(hub, write_sources(tmp_path, http_entry(url, listing, due="17 3 * * *")))
        assert [None] == await one_round(hub, worker)
        hub.clock.turn(hours=1)
        assert [None] == await one_round(hub, worker)
        assert [1, 2, 3] == listing.asked
        hub.clock.turn(hours=23)
        assert [None, None] == await one_round(hub, worker)
    assert 30 == await hub.value("SELECT count(*) FROM product")


async def test_times_that_were_missed_are_made_up_for_once(
    hub: TestHub, tmp_path: Path, listing: HttpSource
) -> None:
    """No worker ran for ten nights: one pull, not ten."""
    with running(listing.app()) as url:
        worker = worker_of(hub, write_sources(tmp_path, http_entry(url, listing, due="17 3 * * *")))
        await one_round(hub, worker)
        hub.clock.turn(days=10)
        await one_round(hub, worker)
        assert [None, None] == await one_round(hub, worker)


async def test_a_failed_pull_is_tried_again_after_a_pause(hub: TestHub, tmp_path: Path) -> None:
    """Not at once, but a minute later; then the source is up again."""
    listing = HttpSource(approvals(30), faults=frozenset({Fault.PAGE_MISSING}))
    with running(listing.app()) as url:
        worker = worker_of(hub, write_sources(tmp_path, http_entry(url, listing)))
        for seconds, ended in ((0, 1), (30, 1), (31, 2)):
            hub.clock.turn(seconds=seconds)
            assert ["pull.incomplete"] * ended == await one_round(hub, worker)


async def test_two_workers_at_once_pull_a_source_once(
    hub: TestHub, tmp_path: Path, listing: HttpSource
) -> None:
    """Both find it due and offer it; one gets it."""
    with running(listing.app()) as url:
        sources = write_sources(tmp_path, http_entry(url, listing))
        workers = worker_of(hub, sources), worker_of(hub, sources)
        async with queue_of(workers[0]) as one, queue_of(workers[1]) as other:
            for worker, queue in zip(workers, (one, other), strict=True):
                await worker.offer_due(queue, hub.connection)
            await asyncio.gather(*(run_jobs(queue, BEAT, wait=False) for queue in (one, other)))
    assert [1, 2, 3] == listing.asked
    assert 1 == await hub.value("SELECT count(*) FROM pull")


async def test_a_job_is_only_a_hint(hub: TestHub, tmp_path: Path, listing: HttpSource) -> None:
    """A job for what is done already, and one for a source that is not there, do nothing."""
    with running(listing.app()) as url:
        worker = worker_of(hub, write_sources(tmp_path, http_entry(url, listing)))
        await one_round(hub, worker)
        async with queue_of(worker) as queue:
            await offer(queue, "platform")
            await offer(queue, "no-such-source")
            await run_jobs(queue, BEAT, wait=False)
    assert [1, 2, 3] == listing.asked


async def test_a_source_that_another_machine_pulls_is_left_to_it(
    hub: TestHub, tmp_path: Path, listing: HttpSource
) -> None:
    """The lock is in the database, whatever folders the machines share."""
    with running(listing.app()) as url:
        entry = http_entry(url, listing)
        worker = worker_of(hub, write_sources(tmp_path, entry))
        source: Source = source_of(tmp_path, entry)
        async with only_puller(hub.connection, key_of(source)):
            assert [] == await one_round(hub, worker)
        assert [None] == await one_round(hub, worker)


async def test_the_job_of_a_dead_worker_is_dropped_and_offered_anew(
    hub: TestHub, tmp_path: Path, listing: HttpSource
) -> None:
    """Its job stays in hand and keeps the source to itself, until its beat has been missing for long enough."""
    with running(listing.app()) as url:
        worker = worker_of(hub, write_sources(tmp_path, http_entry(url, listing)))
        async with queue_of(worker) as queue:
            await offer(queue, "platform")
            dead = await queue.job_manager.register_worker()
            assert await queue.job_manager.fetch_job(None, dead) is not None
            assert [] == await drop_stalled(queue, BEAT)
            await hub.connection.execute(
                "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - $1::interval WHERE id = $2",
                timedelta(seconds=7 * BEAT),
                dead,
            )
        assert [None] == await one_round(hub, worker)


def until(told: str, holds: Callable[[], bool], *processes: subprocess.Popen[str]) -> None:
    """Wait until something holds, while the processes live."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < 60, told
        for process in processes:
            assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def test_a_worker_killed_midway_is_taken_over_from(data: Path, tmp_path: Path) -> None:
    """SIGKILL among thirty pages; the other worker goes on with those on disk, and all records are in, once."""
    listing = HttpSource(approvals(300))
    with running(listing.app()) as url:
        sources = write_sources(tmp_path, http_entry(url, listing, requests_per_second=20))
        settings = {"HUB_SOURCES": str(sources), "HUB_WORKER_SECONDS": str(BEAT), **HTTP_SECRET}
        first = start(data, "worker", **settings)
        until("pages come", lambda: len(listing.asked) > 5, first)
        second = start(data, "worker", **settings)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        had = {int(path.stem.removeprefix("page-")) for path in (data / "pull").rglob("page-*.json")}
        listing.asked.clear()
        try:
            until("taken over", lambda: bool(answer(baogong(data, "feed", "pulls", "--json"))), second)
        finally:
            second.send_signal(signal.SIGTERM)
            second.communicate(timeout=30)
    assert sorted(set(range(1, 31)) - had) == listing.asked
    batches = answer(baogong(data, "feed", "batches", "--feed", "registration", "--json"))
    assert [(300, "promoted")] == [(batch["rows_promoted"], batch["state_code"]) for batch in batches]


async def test_a_worker_that_loses_its_database_says_so(hub: TestHub, tmp_path: Path) -> None:
    """An error that its command tells in a sentence."""
    working = asyncio.create_task(worker_of(hub, write_sources(tmp_path)).run())
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    async with asyncio.timeout(150):
        # again and again, for the queue's own connections come back by themselves
        while not working.done():
            await hub.connection.execute(f"SELECT pg_terminate_backend(pid) {others}")
            await asyncio.sleep(0.2)
    with pytest.raises(DatabaseError):
        await working


def test_two_worker_processes_pull_once_and_jobs_tells(data: Path, tmp_path: Path) -> None:
    """`jobs` says due before, and done with the next time after; each page was asked for once."""
    listing = HttpSource(approvals(30))
    with running(listing.app()) as url:
        sources = write_sources(tmp_path, http_entry(url, listing))
        settings = {"HUB_SOURCES": str(sources), "HUB_WORKER_SECONDS": str(BEAT), **HTTP_SECRET}
        [before] = answer(baogong(data, "jobs", "--json", **settings))
        workers = [start(data, "worker", **settings) for _ in range(2)]
        try:
            until("pulled", lambda: bool(answer(baogong(data, "feed", "pulls", "--json"))), *workers)
        finally:
            for worker in workers:
                worker.send_signal(signal.SIGTERM)
            for worker in workers:
                worker.communicate(timeout=30)
        [after] = answer(baogong(data, "jobs", "--json", **settings))
    assert ("due", None, "done", None) == (
        *(before[name] for name in ("state", "last_at")),
        *(after[name] for name in ("state", "last_code")),
    )
    assert after["last_at"] < after["at"]
    assert [1, 2, 3] == listing.asked


def test_jobs_tells_what_failed_and_when_it_is_tried_again(data: Path, tmp_path: Path) -> None:
    """Exit status 1 and the reason; without a file of sources there is nothing to tell."""
    listing = HttpSource(approvals(30), faults=frozenset({Fault.PAGE_MISSING}))
    with running(listing.app()) as url:
        settings = {"HUB_SOURCES": str(write_sources(tmp_path, http_entry(url, listing))), **HTTP_SECRET}
        baogong(data, "feed", "pull", "registration", **settings)
    done = baogong(data, "jobs", "--json", **settings)
    [told] = answer(done)
    assert (1, "retry", 1, "pull.incomplete") == (
        done.returncode,
        *(told[name] for name in ("state", "failures", "last_code")),
    )
    assert "没有设置来源" in baogong(data, "jobs").stdout
