"""Tokens of somebody else's issuer, as the hub is served: what it may vouch for, and nothing beyond."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.access.revocation_store import revoke
from hub.access.revocations import Revoked
from hub.clock import system_clock
from hub.config import Settings
from schema.scopes import Scope
from tests.lib.graph import GraphCaller, ServedHub, served
from tests.lib.issuers import ForeignIssuer
from tests.lib.samples import stores
from tests.protocol.test_push import push, refusal
from tests.protocol.test_revocation import seconds_until_refused

REGION = '{ region(code: "44") { code } }'
ME = "{ me { clientId scopes } }"


@pytest.fixture(scope="module")
def issuer() -> Iterator[ForeignIssuer]:
    """Its keys are published."""
    found = ForeignIssuer()
    with found.published():
        yield found


@pytest.fixture
async def trusting_hub(settings: Settings, issuer: ForeignIssuer, tmp_path: Path) -> AsyncIterator[ServedHub]:
    """A hub that trusts it, as far as a file says."""
    entry = {
        "name": "sso",
        "iss": issuer.name,
        "jwks_uri": issuer.jwks_uri,
        "audience": "https://hub.example",
        "scopes": ["region:read", "pharmacy:read"],
        "region": "440000",
        "claims": {"scopes": ["scope", "realm_access.roles"], "region": "baogong_region"},
        "words": {"hub-pharmacies": ["pharmacy:read"]},
    }
    path = tmp_path / "issuers.yaml"
    path.write_text(json.dumps({"issuers": [entry]}), "utf-8")  # JSON is YAML
    async with served(settings.model_copy(update={"issuers": path})) as hub:
        yield hub


def caller(hub: ServedHub, issuer: ForeignIssuer, **claims: Any) -> GraphCaller:
    """Somebody with a token of the issuer's."""
    return GraphCaller(hub.http, issuer.token(system_clock(), **({"baogong_region": "440000"} | claims)))


async def test_its_tokens_open_what_it_may_vouch_for(trusting_hub: ServedHub, issuer: ForeignIssuer) -> None:
    """Its own words count, what it says beyond does not; and the caller's name is nobody else's."""
    asks = caller(
        trusting_hub,
        issuer,
        scope="openid region:read feed:read access:approve",
        realm_access={"roles": ["hub-pharmacies", "offline_access"]},
    )
    assert {"region": {"code": "440000"}} == await asks.data(REGION)
    me = (await asks.data(ME))["me"]
    assert ("gov-a@sso", ["pharmacy:read", "region:read"]) == (me["clientId"], sorted(me["scopes"]))
    assert {"FORBIDDEN_FIELD"} == await asks.codes("{ feeds { totalCount } }")


async def test_nobody_reaches_beyond_its_division(trusting_hub: ServedHub, issuer: ForeignIssuer) -> None:
    """A provincial issuer vouches for its province and what is in it, not for the country or another province."""
    for region, status in (("440106", 200), ("110000", 401), ("000000", 401), ("4401", 401), (None, 200)):
        answer = await caller(trusting_hub, issuer, baogong_region=region).post({"query": REGION})
        assert status == answer.status_code, region


async def test_its_clients_cannot_pass_for_the_hubs_own(
    trusting_hub: ServedHub, issuer: ForeignIssuer
) -> None:
    """A client of the same name as one that may push pushes nothing, whatever its token says."""
    own = await trusting_hub.caller(Scope.FEED_PHARMACY_WRITE, sender="chain-a")
    client_id = await trusting_hub.connection.fetchval("SELECT client_id FROM oauth_client")
    bold = caller(trusting_hub, issuer, client_id=client_id, scope="feed.pharmacy:write region:read")
    assert (403, "push.scope") == refusal(await push(bold, "pharmacy", stores("S1")))
    assert 200 == (await push(own, "pharmacy", stores("S1"))).status_code


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "account"},
        {"aud": ["account", "https://other.example"]},
        {"client_id": None},
        {"sub": None},
        {"jti": None},
        {"scope": ["region:read"]},
        {"realm_access": {"roles": "region:read"}, "scope": 5},
        {"exp": 1},
    ],
    ids=str,
)
async def test_its_bent_tokens_are_refused(
    trusting_hub: ServedHub, issuer: ForeignIssuer, claims: dict[str, Any]
) -> None:
    """As the hub's own are."""
    answer = await caller(trusting_hub, issuer, **claims).post({"query": REGION})
    assert (401, "invalid_token") == (answer.status_code, answer.json()["error"])


async def test_its_keys_sign_nothing_in_the_hubs_name(trusting_hub: ServedHub, issuer: ForeignIssuer) -> None:
    """A token that says it is of the hub's own issuer is looked up among the hub's own keys."""
    origin = trusting_hub.settings.hub_origin
    answer = await caller(trusting_hub, issuer, iss=origin, aud=origin).post({"query": REGION})
    assert 401 == answer.status_code


async def test_its_tokens_are_revoked_as_the_hubs_own(trusting_hub: ServedHub, issuer: ForeignIssuer) -> None:
    """By their qualified names."""
    asks = caller(trusting_hub, issuer)
    assert httpx.codes.OK == (await asks.post({"query": REGION})).status_code
    await revoke(trusting_hub.connection, Revoked.SUBJECT, "f:1234:li@sso", system_clock())
    assert await seconds_until_refused(trusting_hub, asks.token) < 2


async def test_while_it_is_down_the_hubs_own_tokens_are_good(
    trusting_hub: ServedHub, issuer: ForeignIssuer
) -> None:
    """Its tokens are put off with 503; others do not notice."""
    issuer.mood = "down"
    try:
        answer = await caller(trusting_hub, issuer).post({"query": REGION})
        own = await (await trusting_hub.caller(Scope.REGION_READ)).post({"query": REGION})
    finally:
        issuer.mood = "ok"
    assert (503, "temporarily_unavailable", 200) == (
        answer.status_code,
        answer.json()["error"],
        own.status_code,
    )
    assert timedelta(seconds=int(answer.headers["Retry-After"])) <= timedelta(seconds=5)
