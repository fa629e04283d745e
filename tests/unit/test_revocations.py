"""What is revoked, as a process knows it: whom it concerns, and that old knowledge lets nobody in."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.registry import CONNECTORS
from hub.access.caller import Caller
from hub.access.refusals import TokenError
from hub.access.revocations import Revocations, Revoked, Standing
from schema.reach import COUNTRY
from schema.scopes import WRITE_SCOPES, write_scope

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CALLER = Caller(
    "gov-a",
    frozenset(),
    NOW + timedelta(minutes=5),
    "token-1",
    COUNTRY,
    "https://hub.example",
    "li",
    grants=(7, 8),
    issued_at=NOW,
)


def standing(*revoked: tuple[Revoked, str], at: datetime = NOW, disabled: tuple[str, ...] = ()) -> Standing:
    """What a process knows that was told this a moment ago."""
    found = Standing(lambda: NOW)
    found.tell(Revocations(dict.fromkeys(revoked, at), frozenset(disabled)), NOW)
    return found


@pytest.mark.parametrize(
    "revoked",
    [
        (Revoked.TOKEN, "token-1"),
        (Revoked.CLIENT, "gov-a"),
        (Revoked.SUBJECT, "li"),
        (Revoked.GRANT, "8"),
    ],
    ids=str,
)
def test_what_was_revoked_lets_nobody_in(revoked: tuple[Revoked, str]) -> None:
    """By token, client, person or grant."""
    with pytest.raises(TokenError) as refused:
        standing(revoked).check(CALLER)
    assert "invalid_token" == refused.value.code


@pytest.mark.parametrize(
    "revoked",
    [(Revoked.TOKEN, "gov-a"), (Revoked.CLIENT, "li"), (Revoked.SUBJECT, "token-1"), (Revoked.GRANT, "9")],
    ids=str,
)
def test_what_somebody_elses_is_does_not_matter(revoked: tuple[Revoked, str]) -> None:
    """A name counts for its kind alone."""
    standing(revoked).check(CALLER)


def test_a_client_that_is_disabled_is_out() -> None:
    """Whenever its token was issued."""
    with pytest.raises(TokenError):
        standing(disabled=("gov-a",)).check(replace(CALLER, issued_at=NOW + timedelta(minutes=1)))


@pytest.mark.parametrize("kind", [Revoked.CLIENT, Revoked.SUBJECT])
def test_tokens_issued_afterwards_are_good(kind: Revoked) -> None:
    """What is revoked are the tokens until then. One token is revoked for good."""
    name = CALLER.client_id if kind is Revoked.CLIENT else CALLER.subject
    later = replace(CALLER, issued_at=NOW + timedelta(seconds=1))
    standing((kind, name)).check(later)
    assert standing((Revoked.TOKEN, "token-1")).is_revoked(later)


@pytest.mark.parametrize(
    "age", [timedelta(seconds=10), timedelta(seconds=-1)], ids=["old", "of a clock set back"]
)
def test_old_knowledge_lets_nobody_in(age: timedelta) -> None:
    """Where the database has been silent for ten seconds, 503 and not 200: somebody may have been revoked."""
    found = Standing(lambda: NOW)
    found.tell(Revocations(), NOW - age)
    with pytest.raises(TokenError) as refused:
        found.check(CALLER)
    assert "temporarily_unavailable" == refused.value.code


async def test_whoever_waits_hears_of_it() -> None:
    """And is not woken for what concerns others."""
    found = standing()
    waiting = asyncio.create_task(found.until_revoked(CALLER))
    found.tell(Revocations({(Revoked.TOKEN, "other"): NOW}), NOW)
    await asyncio.sleep(0.01)
    assert not waiting.done()
    found.tell(Revocations({(Revoked.TOKEN, "token-1"): NOW}), NOW)
    await asyncio.wait_for(waiting, 1)


def test_every_feed_has_its_scope() -> None:
    """One for each connector, and none beside."""
    assert {write_scope(feed) for feed in CONNECTORS} == WRITE_SCOPES
