"""The keys of other issuers, over real HTTP: learnt, withdrawn, out of reach, and asked for in floods."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from hub.access.algorithms import Algorithm
from hub.access.jwks import Freshness, KeysUnavailableError, RemoteKeys
from hub.access.refusals import TokenError
from hub.access.tokens import TokenVerifier
from hub.access.trusted_issuer import TrustedIssuer
from tests.lib.issuers import ForeignIssuer, new_key

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
AUDIENCE = "https://hub.example"
FRESH = Freshness(
    max_age=timedelta(minutes=5),
    max_stale=timedelta(hours=1),
    min_gap=timedelta(seconds=10),
    deadline=timedelta(seconds=0.5),
)


@dataclass
class Bench:
    """An issuer, and a hub that trusts it, under a clock that the test turns."""

    issuer: ForeignIssuer
    now: datetime = START

    def __post_init__(self) -> None:
        self.keys = RemoteKeys(self.issuer.jwks_uri, (Algorithm.ES256,), lambda: self.now, FRESH)
        trusted = TrustedIssuer(self.issuer.name, AUDIENCE, self.keys, name="sso")
        self.verifier = TokenVerifier([trusted], lambda: self.now)

    def turn(self, **span: float) -> None:
        """Let time go by."""
        self.now += timedelta(**span)

    async def outcome(self, token: str) -> str:
        """`ok`, or why the token is refused."""
        try:
            await self.verifier.verify(token)
        except TokenError as error:
            return error.code
        return "ok"


@pytest.fixture(scope="module")
def published() -> Iterator[ForeignIssuer]:
    """An issuer that answers."""
    issuer = ForeignIssuer()
    with issuer.published():
        yield issuer


@pytest.fixture
def bench(published: ForeignIssuer) -> Bench:
    """The issuer in a good mood with a new key, and a hub that knows nothing of it yet."""
    published.keys, published.mood, published.fetches = [new_key("first")], "ok", 0
    return Bench(published)


async def test_keys_are_fetched_once_for_many_tokens(bench: Bench) -> None:
    """Fifty tokens at one time, one fetch."""
    tokens = [bench.issuer.token(bench.now, jti=str(number)) for number in range(50)]
    outcomes = await asyncio.gather(*(bench.outcome(token) for token in tokens))
    assert ({"ok"}, 1) == (set(outcomes), bench.issuer.fetches)


async def test_a_new_key_is_learnt_without_a_restart(bench: Bench) -> None:
    """One fetch more."""
    assert "ok" == await bench.outcome(bench.issuer.token(bench.now))
    bench.issuer.keys.append(new_key("second"))
    bench.turn(seconds=10)
    assert "ok" == await bench.outcome(bench.issuer.token(bench.now))
    assert 2 == bench.issuer.fetches


async def test_a_flood_of_unknown_keys_is_one_fetch(bench: Bench) -> None:
    """Three hundred tokens that name keys which nobody has lead to a single look, and are refused."""
    assert "ok" == await bench.outcome(bench.issuer.token(bench.now))
    bench.turn(seconds=10)
    forged = [bench.issuer.token(bench.now, header={"kid": f"unknown-{number}"}) for number in range(300)]
    outcomes = await asyncio.gather(*(bench.outcome(token) for token in forged))
    assert ({"invalid_token"}, 2) == (set(outcomes), bench.issuer.fetches)


async def test_a_withdrawn_key_is_refused_after_the_next_look(bench: Bench) -> None:
    """A token that was taken before, too."""
    withdrawn = bench.issuer.token(bench.now, exp=int(START.timestamp()) + 3600)
    assert "ok" == await bench.outcome(withdrawn)
    bench.issuer.keys = [new_key("second")]
    bench.turn(minutes=4)
    assert "ok" == await bench.outcome(withdrawn)
    bench.turn(minutes=1)
    assert "invalid_token" == await bench.outcome(withdrawn)


@pytest.mark.parametrize(
    "mood", ["down", "slow", "redirect", "endless", "packed", "garbage", "private", "twice"]
)
async def test_an_issuer_out_of_order_is_borne_with_for_a_while(bench: Bench, mood: str) -> None:
    """Known keys serve for an hour; what it answers with instead of keys is never taken for keys."""
    token = bench.issuer.token(bench.now, exp=int(START.timestamp()) + 7200)
    assert "ok" == await bench.outcome(token)
    bench.issuer.mood = mood
    bench.turn(minutes=59)
    # a set of private keys is a set without any that is taken: that is no outage
    expected = ("invalid_token", "invalid_token") if mood == "private" else ("ok", "temporarily_unavailable")
    first = await bench.outcome(token)
    bench.turn(minutes=1)
    assert expected == (first, await bench.outcome(token))


async def test_while_an_issuer_is_down_a_new_key_may_be_good(bench: Bench) -> None:
    """So its tokens are put off, and not refused; and the issuer is left in peace."""
    assert "ok" == await bench.outcome(bench.issuer.token(bench.now))
    bench.issuer.mood = "down"
    bench.issuer.keys.append(new_key("second"))
    bench.turn(seconds=10)
    token = bench.issuer.token(bench.now)
    assert ["temporarily_unavailable"] * 3 == [await bench.outcome(token) for _ in range(3)]
    assert 2 == bench.issuer.fetches
    bench.issuer.mood = "ok"
    bench.turn(seconds=10)
    assert "ok" == await bench.outcome(token)


async def test_without_any_keys_nothing_is_judged(bench: Bench) -> None:
    """503 and not 401: the token may be good."""
    bench.issuer.mood = "down"
    with pytest.raises(KeysUnavailableError):
        await bench.keys.find("first")
    assert "temporarily_unavailable" == await bench.outcome(bench.issuer.token(bench.now))


async def test_keys_for_other_uses_are_left_out(bench: Bench) -> None:
    """Sets hold keys to encrypt with, secrets, and keys of other algorithms; none of them verifies a token."""
    bench.issuer.keys += [
        ECKey.generate_key("P-256", {"kid": "enc", "use": "enc"}),
        ECKey.generate_key("P-384", {"kid": "curve", "use": "sig"}),
        ECKey.generate_key("P-256", {"kid": "alg", "alg": "ECDH-ES"}),
        RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
        OctKey.generate_key(256, {"kid": "secret"}),  # type: ignore[list-item]
    ]
    assert ["first"] == [
        name for name in ("first", "enc", "curve", "alg", "rsa", "secret") if await bench.keys.find(name)
    ]


async def test_a_clock_set_back_makes_keys_old(bench: Bench) -> None:
    """They are fetched anew rather than trusted for hours."""
    token = bench.issuer.token(bench.now - timedelta(hours=2), exp=int(START.timestamp()) + 60)
    assert "ok" == await bench.outcome(token)
    bench.turn(hours=-2)
    assert ("ok", 2) == (await bench.outcome(token), bench.issuer.fetches)
