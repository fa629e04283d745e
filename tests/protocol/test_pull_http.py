"""Pulls over HTTP from a source system that really pages, and really fails."""

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from connectors.sandbox.http_source import Fault, HttpSource
from connectors.transports.durable import alone_in
from connectors.transports.pages import PageStyle
from hub.ingest.batches import BatchState
from hub.jobs.pull import PullResult
from tests.lib.command import answer, baogong, start
from tests.lib.hub import TestHub
from tests.lib.samples import stock_take, stores
from tests.lib.server import running
from tests.lib.sources import HTTP_SECRET, approvals, http_entry, pull, write_sources

STYLES = pytest.mark.parametrize("style", PageStyle)
#: 37 records, ten a page
PAGES = [1, 2, 3, 4]


def platform(*faults: Fault, style: PageStyle = PageStyle.CURRENT_SIZE) -> HttpSource:
    """A source of 37 approvals."""
    return HttpSource(approvals(37), style, frozenset(faults))


async def pull_from(hub: TestHub, source: HttpSource, **entry: Any) -> PullResult:
    """One pull from a source that is served while it lasts."""
    with running(source.app()) as url:
        return await pull(hub, http_entry(url, source, **entry), HTTP_SECRET)


async def products(hub: TestHub) -> int:
    """How many medicines the hub knows."""
    return int(await hub.value("SELECT count(*) FROM product"))


async def failed(hub: TestHub, result: PullResult) -> str:
    """The code of a failed pull, after making sure that it left nothing but its record."""
    assert result.stop is not None
    assert [] == result.outcomes
    assert 0 == await hub.value("SELECT count(*) FROM batch WHERE feed_code = 'registration'")
    assert [(result.stop.code, result.stop.reason, 0)] == await hub.rows(
        "SELECT stop_code, stop_reason, file_count FROM pull ORDER BY id DESC LIMIT 1"
    )
    return result.stop.code


@STYLES
async def test_all_pages_become_one_delivery(hub: TestHub, style: PageStyle) -> None:
    """37 records on four pages: one batch of 37 rows, in order, each page asked for once."""
    source = platform(style=style)
    result = await pull_from(hub, source)
    [outcome] = result.outcomes
    assert (PAGES, None) == (source.asked, result.stop)
    assert outcome.books is not None
    assert (37, 37) == (outcome.books.read, outcome.books.promoted)
    assert "国药准字H20000029" == await hub.value("SELECT approval_number FROM product WHERE row_number = 30")
    assert [(1, None)] == await hub.rows("SELECT file_count, stop_code FROM pull")


async def test_records_stay_as_the_source_wrote_them(hub: TestHub) -> None:
    """Digits, order and repeated keys are not touched; a record over several lines becomes one."""
    record = b'{"code": "\xe5\x9b\xbd", "n": 1.10,\n "big": 12345678901234567890, "n": 1e2}'
    source = HttpSource([record, record.replace(b"1.10", b"2.0")])
    result = await pull_from(hub, source)
    [outcome] = result.outcomes
    first = hub.landing.path_of(outcome.batch.sha256).read_bytes().splitlines()[0]
    assert record.replace(b"\n", b" ") == first


async def test_the_same_listing_again_is_a_repeat(hub: TestHub) -> None:
    """Nothing is done twice, though the second pull has another name."""
    await pull_from(hub, platform())
    [outcome] = (await pull_from(hub, platform())).outcomes
    assert (True, 2) == (outcome.is_repeat, await hub.value("SELECT count(*) FROM pull"))


@STYLES
@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        (Fault.TOO_MANY_REQUESTS, [1, 2, 3, 3, 4]),
        (Fault.SERVER_ERROR, [1, 2, 3, 3, 3, 3, 4]),
        (Fault.CONNECTION_DROPPED, [1, 2, 3, 3, 4]),
        (Fault.HTML, [1, 2, 3, 3, 4]),
        (Fault.PAGE_REPEATED, [1, 2, 3, 3, 4]),
        # the page that comes twice is asked for twice; then all are one later
        (Fault.PAGE_INSERTED, [1, 2, 3, 3, 4, 5]),
        (Fault.TOKEN_EXPIRES, PAGES),
    ],
)
async def test_a_fault_that_passes_costs_requests_only(
    hub: TestHub, style: PageStyle, fault: Fault, asked: list[int]
) -> None:
    """The page is asked for again, no other is, and all 37 records are in once."""
    source = platform(fault, style=style)
    result = await pull_from(hub, source)
    assert (None, asked, 37) == (result.stop, source.asked, await products(hub))


async def test_an_expired_token_is_renewed_once(hub: TestHub) -> None:
    """The source gave two tokens; their expiry was told by its 401."""
    source = platform(Fault.TOKEN_EXPIRES)
    await pull_from(hub, source)
    assert 2 == source.tokens_given


async def test_we_wait_as_long_as_the_source_asks(hub: TestHub) -> None:
    """Retry-After of one second, where our own patience is of milliseconds."""
    source = platform(Fault.TOO_MANY_REQUESTS)
    source.retry_after = 1
    with capture_logs() as logs:
        await pull_from(hub, source)
    assert [1.0] == [line["wait_for"] for line in logs if line["event"] == "stamina.retry_scheduled"]


async def test_a_wait_beyond_all_patience_fails_the_pull(hub: TestHub) -> None:
    """An hour is for the next pull."""
    source = platform(Fault.TOO_MANY_REQUESTS)
    source.retry_after = 3600
    assert "pull.busy" == await failed(hub, await pull_from(hub, source))


@STYLES
@pytest.mark.parametrize(
    ("fault", "code"), [(Fault.PAGE_MISSING, "pull.incomplete"), (Fault.LIST_CHANGES, "pull.changed")]
)
async def test_a_listing_that_is_not_whole_is_not_taken_in(
    hub: TestHub, style: PageStyle, fault: Fault, code: str
) -> None:
    """Nothing is landed, the reason is on record, and the next pull begins anew."""
    assert code == await failed(hub, await pull_from(hub, platform(fault, style=style)))
    source = platform(style=style)
    result = await pull_from(hub, source)
    assert (None, PAGES) == (result.stop, source.asked)


async def test_a_cursor_that_leads_back_fails_at_once(hub: TestHub) -> None:
    """The third page's cursor is the second's: asked once more, then believed; no page is read in circles."""
    source = platform(Fault.CURSOR_LOOPS, style=PageStyle.CURSOR)
    assert "pull.cursor_loop" == await failed(hub, await pull_from(hub, source))
    assert [1, 2, 3, 3] == source.asked


@pytest.mark.parametrize("limit", [{"max_pages": 20}, {"max_bytes": 3000}])
async def test_a_listing_without_end_is_given_up(hub: TestHub, limit: dict[str, int]) -> None:
    """Empty pages, each with a new cursor; what was spooled is thrown away."""
    source = platform(Fault.ENDLESS, style=PageStyle.CURSOR)
    assert "pull.too_large" == await failed(hub, await pull_from(hub, source, **limit))
    assert len(source.asked) < 100
    assert [] == list(hub.settings.pull_dir.rglob("page-*"))


async def test_the_reason_names_page_and_numbers(hub: TestHub) -> None:
    """What came, and what the source had said would come."""
    result = await pull_from(hub, platform(Fault.PAGE_MISSING))
    assert result.stop is not None
    assert "20 / 37" in result.stop.reason


async def test_a_source_that_stays_down_fails_and_the_next_pull_goes_on(hub: TestHub) -> None:
    """Pages one and two are not asked for again once it is back."""
    down, up = platform(Fault.SERVER_DOWN), platform()
    with running(down.app()) as url:
        assert "pull.status" == await failed(hub, await pull(hub, http_entry(url, down), HTTP_SECRET))
        down.faults = frozenset()
        down.asked.clear()
        result = await pull(hub, http_entry(url, down), HTTP_SECRET)
    assert (None, [3, 4], 37) == (result.stop, down.asked, await products(hub))
    await pull_from(hub, up)
    assert PAGES == up.asked


async def test_pages_of_yesterday_are_not_gone_on_with(hub: TestHub) -> None:
    """After `resume_hours` all pages are asked for."""
    source = platform(Fault.SERVER_DOWN)
    with running(source.app()) as url:
        await pull(hub, http_entry(url, source), HTTP_SECRET)
        source.faults = frozenset()
        source.asked.clear()
        hub.clock.turn(hours=7)
        await pull(hub, http_entry(url, source), HTTP_SECRET)
    assert PAGES == source.asked


async def test_nothing_stays_in_the_spool_after_a_pull(hub: TestHub) -> None:
    """Landing has the bytes."""
    await pull_from(hub, platform())
    assert [] == list(hub.settings.pull_dir.rglob("page-*"))


async def test_a_wrong_secret_is_told_and_tried_once(hub: TestHub) -> None:
    """No hammering with a credential that does not open."""
    source = platform()
    with running(source.app()) as url:
        result = await pull(hub, http_entry(url, source), {"HTTP_SECRET": "wrong"})
    assert ("pull.unauthorized", 0) == (await failed(hub, result), source.tokens_given)


async def test_a_secret_that_is_not_set_is_told_by_its_variable(hub: TestHub) -> None:
    """Before anybody is asked."""
    source = platform()
    with running(source.app()) as url:
        result = await pull(hub, http_entry(url, source), {})
    assert "source.secret" == await failed(hub, result)
    assert result.stop is not None
    assert "HTTP_SECRET" in result.stop.reason


async def test_a_source_that_is_not_there_fails_the_pull(hub: TestHub) -> None:
    """Nobody listens at the port."""
    result = await pull(hub, http_entry("http://127.0.0.1:1", platform()), HTTP_SECRET)
    assert "pull.unreachable" == await failed(hub, result)


async def test_one_pull_of_a_source_at_a_time(hub: TestHub) -> None:
    """The second is told so and asks nothing."""
    source = platform()
    with alone_in(hub.settings.pull_dir / "registration" / "nmpa" / "platform"):
        result = await pull_from(hub, source)
    assert ("pull.running", []) == (await failed(hub, result), source.asked)


async def test_a_full_listing_that_is_suddenly_empty_closes_nothing(hub: TestHub) -> None:
    """A stock-take of two items, then of none: refused as empty, and both stay on sale."""
    rows = stock_take("S1,A1,地高辛片,0.25mg,,5,1", "S1,A2,某保健品,1盒,,5,1").splitlines()
    keys = rows[0].split(",")
    records = [
        ("{" + ",".join(f'"{k}":"{v}"' for k, v in zip(keys, row.split(","), strict=True)) + "}").encode()
        for row in rows[1:]
    ]
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    entry = {"feed": "pharmacy", "sender": "chain-a"}
    await pull_from(hub, HttpSource(records), **entry)
    result = await pull_from(hub, HttpSource(records, faults=frozenset({Fault.EMPTY})), **entry)
    [outcome] = result.outcomes
    assert outcome.stop is not None
    assert (BatchState.REFUSED, "file.empty") == (outcome.state, outcome.stop.code)
    live = "valid_to = 'infinity' AND superseded_at = 'infinity'"
    assert 2 == await hub.value(f"SELECT count(*) FROM on_sale WHERE {live}")


async def test_a_full_listing_that_lost_most_of_its_rows_is_held(hub: TestHub) -> None:
    """One item where ten were on sale: nothing closes until a person has looked."""
    rows = stock_take(*(f"S1,A{n},某药,1盒,,5,1" for n in range(10))).splitlines()
    keys = rows[0].split(",")
    records = [
        json.dumps(dict(zip(keys, row.split(","), strict=True)), ensure_ascii=False).encode()
        for row in rows[1:]
    ]
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    entry = {"feed": "pharmacy", "sender": "chain-a"}
    await pull_from(hub, HttpSource(records), **entry)
    [outcome] = (await pull_from(hub, HttpSource(records[:1]), **entry)).outcomes
    assert outcome.stop is not None
    assert (BatchState.HELD, "guard.vanished") == (outcome.state, outcome.stop.code)
    live = "valid_to = 'infinity' AND superseded_at = 'infinity'"
    assert 10 == await hub.value(f"SELECT count(*) FROM on_sale WHERE {live}")


def wait_for_pages(process: subprocess.Popen[str], data: Path, count: int) -> set[int]:
    """Wait until so many pages are on disk, kill the pull, and say which there are."""
    while len(list((data / "pull").rglob("page-*.json"))) < count:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return {int(path.stem.removeprefix("page-")) for path in (data / "pull").rglob("page-*.json")}


@STYLES
def test_killed_midway_the_next_pull_asks_for_the_missing_pages_only(
    data: Path, tmp_path: Path, style: PageStyle
) -> None:
    """SIGKILL among thirty pages; afterwards all records are in, and no page on disk was asked for again."""
    source = HttpSource(approvals(300), style)
    with running(source.app()) as url:
        sources = write_sources(tmp_path, http_entry(url, source, requests_per_second=20))
        settings = {"HUB_SOURCES": str(sources), **HTTP_SECRET}
        had = wait_for_pages(start(data, "feed", "pull", "registration", **settings), data, 5)
        assert len(had) < 30
        source.asked.clear()
        done = baogong(data, "feed", "pull", "registration", "--json", **settings)
        assert 0 == done.returncode, done.stderr
        [result] = answer(done)
        assert sorted(set(range(1, 31)) - had) == source.asked
        assert [(300, "promoted")] == [(file["rows_read"], file["state"]) for file in result["files"]]


def test_a_failed_pull_is_told_recorded_and_makes_no_batch(data: Path, tmp_path: Path) -> None:
    """Exit status 1, the reason on standard error and in `feed pulls`, no batch of the feed."""
    source = platform(Fault.PAGE_MISSING)
    with running(source.app()) as url:
        settings = {"HUB_SOURCES": str(write_sources(tmp_path, http_entry(url, source))), **HTTP_SECRET}
        done = baogong(data, "feed", "pull", "registration", **settings)
        assert (1, True) == (done.returncode, "20 / 37" in done.stderr)
        assert ["pull.incomplete"] == [
            each["stop_code"] for each in answer(baogong(data, "feed", "pulls", "--json"))
        ]
        assert [] == answer(baogong(data, "feed", "batches", "--feed", "registration", "--json"))


def test_a_feed_without_a_source_is_told(data: Path, tmp_path: Path) -> None:
    """With no file of sources, and with one that has none for the feed."""
    none = baogong(data, "feed", "pull", "registration")
    sources = str(write_sources(tmp_path, http_entry("http://127.0.0.1:1", platform())))
    other = baogong(data, "feed", "pull", "pharmacy", HUB_SOURCES=sources)
    assert (1, True) == (none.returncode, "HUB_SOURCES" in none.stderr)
    assert (1, True) == (other.returncode, "pharmacy" in other.stderr)
