"""Pulls from three procurement platforms over HTTP, each with its own client and paging, while things go wrong."""

from collections.abc import Sequence
from typing import Any

import pytest

from connectors.sandbox.http_source import Fault
from connectors.sandbox.platforms import Platform, application, platforms, secrets_of
from hub.jobs.pull import PullResult
from tests.lib.graph import REGISTRATION
from tests.lib.hub import TestHub
from tests.lib.server import running
from tests.lib.sources import PATIENCE, pull

LISTS = (
    "SELECT sender_code, count(*) FROM listing WHERE valid_to = 'infinity' AND superseded_at = 'infinity'"
    " GROUP BY 1 ORDER BY 1"
)


async def pull_lists(
    hub: TestHub, url: str, played: Sequence[Platform], secrets: dict[str, str] | None = None, **rest: Any
) -> list[PullResult]:
    """One pull of every list of every platform, in the order of the file of sources."""
    fast = {"requests_per_second": 1000, "patience": PATIENCE}
    return [
        await pull(hub, entry | fast | rest, secrets or secrets_of(played))
        for platform in played
        for entry in platform.entries(url)
    ]


async def pull_all(
    hub: TestHub, played: Sequence[Platform], secrets: dict[str, str] | None = None, **rest: Any
) -> list[PullResult]:
    """The same from platforms that are served while it lasts."""
    with running(application(played)) as url:
        return await pull_lists(hub, url, played, secrets, **rest)


async def test_three_platforms_with_three_ways_of_paging(hub: TestHub) -> None:
    """Lists, then orders; one medicine has three codes, and all three lead to it."""
    for path in sorted(REGISTRATION.iterdir()):
        await hub.take("registration", path)
    results = await pull_all(hub, platforms())
    assert [None] * 6 == [result.stop for result in results]
    assert 3 == await hub.value("SELECT count(DISTINCT sender_code) FROM purchase_line")
    assert 3 == await hub.value(
        "SELECT max(n) FROM (SELECT count(DISTINCT product_code) AS n FROM platform_product"
        " WHERE match_code = 'linked' GROUP BY product_id) c"
    )


@pytest.mark.parametrize(
    "fault",
    [
        Fault.TOO_MANY_REQUESTS,
        Fault.SERVER_ERROR,
        Fault.CONNECTION_DROPPED,
        Fault.TOKEN_EXPIRES,
        Fault.PAGE_REPEATED,
        Fault.HTML,
    ],
)
async def test_faults_that_pass_lose_nothing(hub: TestHub, fault: Fault) -> None:
    """Every list of every platform comes out whole."""
    played = platforms(frozenset({fault}))
    results = await pull_all(hub, played, page_size=5)
    assert [None] * 6 == [result.stop for result in results]
    read = [outcome.books.read for result in results for outcome in result.outcomes if outcome.books]
    assert [len(source.records) for platform in played for source in platform.lists.values()] == read


async def test_a_missing_page_lands_nothing_and_closes_nothing(hub: TestHub) -> None:
    """The lists stay as the last whole pull left them."""
    await pull_all(hub, platforms())
    before = await hub.rows(LISTS)
    results = await pull_all(hub, platforms(frozenset({Fault.PAGE_MISSING})), page_size=5)
    assert {"pull.incomplete"} == {result.stop.code for result in results if result.stop}
    assert before == await hub.rows(LISTS)


async def test_an_empty_list_closes_nothing(hub: TestHub) -> None:
    """A list that is suddenly empty is refused; orders that are empty are no news."""
    await pull_all(hub, platforms())
    before = await hub.rows(LISTS)
    results = await pull_all(hub, platforms(frozenset({Fault.EMPTY})))
    stops = [outcome.stop.code for result in results for outcome in result.outcomes if outcome.stop]
    assert ["file.empty"] * 3 == stops
    assert before == await hub.rows(LISTS)


async def test_orders_are_asked_for_since_the_last_pull(hub: TestHub) -> None:
    """All of them at first; then what has changed: nothing, which makes no batch, or one line of each platform."""
    played = platforms()
    with running(application(played)) as url:
        await pull_lists(hub, url, played)
        batches = await hub.value("SELECT count(*) FROM batch")
        again = await pull_lists(hub, url, played)
        assert [[], [], []] == [result.outcomes for result in again[1::2]]
        assert batches == await hub.value("SELECT count(*) FROM batch")
        for platform in played:
            orders = platform.lists["orders"]
            orders.records = [orders.records[0].replace(b"2025-12-01", b"2026-03-02"), *orders.records[1:]]
        changed = await pull_lists(hub, url, played)
    read = [outcome.books.read for result in changed[1::2] for outcome in result.outcomes if outcome.books]
    assert [1, 1, 1] == read


async def test_after_a_failed_pull_nothing_is_skipped(hub: TestHub) -> None:
    """The mark moves only when everything is taken in."""
    await pull_all(hub, platforms(frozenset({Fault.PAGE_MISSING})), page_size=5)
    assert 0 == await hub.value("SELECT count(*) FROM purchase_line")
    await pull_all(hub, platforms())
    assert 90 == await hub.value("SELECT count(*) FROM purchase_line")


async def test_one_platforms_credentials_do_not_open_another(hub: TestHub) -> None:
    """Each has its own token desk."""
    played = platforms()
    wrong = dict.fromkeys(secrets_of(played), played[0].desk.secret)
    results = await pull_all(hub, played, wrong)
    assert [None, None, *["pull.unauthorized"] * 4] == [
        result.stop and result.stop.code for result in results
    ]
