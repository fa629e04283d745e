"""Kept answers: computed once, bounded in memory, and errors not at all."""

import asyncio

import pytest

from publish.site.asgi import Answer
from publish.site.cache import Cache, Stored, stored
from publish.site.rate import Rates

KEPT = 100_000


def page(size: int = 10, status: int = 200) -> Stored:
    """An answer of so many bytes."""
    return stored(Answer(status, [(b"content-type", b"text/html")], b"x" * size), [])


async def test_what_is_asked_for_at_the_same_time_is_computed_once() -> None:
    """A hundred visitors of a page that is not ready wait for one computation."""
    cache, computed = Cache(KEPT), []

    async def compute() -> Stored:
        computed.append(1)
        await asyncio.sleep(0.01)
        return page()

    answers = await asyncio.gather(*(cache.get_or_compute(b"/", compute) for _ in range(100)))
    assert (len(computed), len(set(map(id, answers)))) == (1, 1)


async def test_a_visitor_who_leaves_takes_nothing_from_the_others() -> None:
    """The computation goes on for those who still wait, and is kept."""
    cache = Cache(KEPT)

    async def compute() -> Stored:
        await asyncio.sleep(0.02)
        return page()

    leaving = asyncio.create_task(cache.get_or_compute(b"/", compute))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await asyncio.sleep(0.05)
    assert cache.get(b"/") is not None


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_errors_are_not_kept(status: int) -> None:
    """They would push out pages that people ask for."""
    cache = Cache(KEPT)

    async def compute() -> Stored:
        return page(status=status)

    await cache.get_or_compute(b"/", compute)
    assert (cache.get(b"/"), cache.byte_count) == (None, 0)


async def test_memory_is_bounded_and_the_oldest_goes_first() -> None:
    """However many pages are asked for, no more bytes are kept than said; what was asked for last stays."""
    cache = Cache(KEPT)

    async def compute() -> Stored:
        return page(900)

    for number in range(200):
        await cache.get_or_compute(b"%d" % number, compute)
    assert (cache.byte_count <= KEPT, cache.get(b"0"), cache.get(b"199") is not None) == (True, None, True)
    assert next(cache.newest_keys(1)) == b"199"


def test_the_tag_follows_from_the_body() -> None:
    """The same body has the same tag in every release; another has another."""
    assert (page(5).tag == page(5).tag, page(5).tag == page(6).tag) == (True, False)


def test_packed_is_made_of_what_is_worth_it() -> None:
    """Small answers and files that are packed already are sent as they are."""
    picture = stored(Answer(200, [(b"content-type", b"image/png")], b"x" * 5000), [])
    assert (page(10).packed, picture.packed, page(5000).packed is not None) == (None, None, True)


def test_who_asks_too_often_waits() -> None:
    """A first handful is free; then so many a second for each address, and others are not concerned."""
    now = 0.0
    rates = Rates(1.0, lambda: now)
    scope = {"type": "http", "path": "/baogong", "client": ("192.0.2.1", 1)}
    answers = [rates.refusal(scope) for _ in range(25)]
    refused = [answer for answer in answers if answer is not None]
    assert (len(refused), refused[0].status, refused[0].header(b"retry-after")) == (5, 429, b"2")
    assert rates.refusal({**scope, "client": ("192.0.2.2", 1)}) is None
    now = 3.0
    assert [rates.refusal(scope) is None for _ in range(4)] == [True, True, True, False]
