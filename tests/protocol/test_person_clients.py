"""Clients that others made sign people in by code and PKCE, at the hub as it is served."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from requests_oauthlib import OAuth2Session

from hub.clock import system_clock
from hub.config import Settings
from schema.scopes import Scope
from tests.lib.graph import served
from tests.lib.npm import OAUTH4WEBAPI, OPENID_CLIENT, npm_folder, run_node
from tests.lib.people import GUANGDONG, INITIAL, REDIRECT, Visitor, add_account

CLIENT = "baogong-cli"
SCOPE = "region:read"


@dataclass
class SignedIn:
    """A browser in which Li Hua is signed in, before a served hub."""

    visitor: Visitor

    @property
    def hub(self) -> str:
        """The hub's address."""
        return self.visitor.origin

    async def bring_back(self, address: str) -> str:
        """Where the browser ends up that a client sends to this address."""
        self.visitor.page = await self.visitor.http.get(address)
        await self.visitor.fill()
        assert self.visitor.page is not None
        location: str = self.visitor.page.headers["location"]
        return location

    async def name_of_region(self, token: str) -> Any:
        """What the graph answers with this token."""
        answer = await self.visitor.http.post(
            "/graphql",
            json={"query": '{ region(code: "440000") { name } }'},
            headers={"Authorization": f"Bearer {token}"},
        )
        return answer.json()


ANSWER = {"data": {"region": {"name": "广东省"}}}


@pytest.fixture
async def browser(settings: Settings) -> AsyncIterator[SignedIn]:
    """A hub that is served, and a person who is signed in there."""
    async with served(settings) as hub:
        await add_account(hub.connection, "li.hua", INITIAL, system_clock(), (Scope.REGION_READ,), GUANGDONG)
        async with httpx.AsyncClient(base_url=hub.http.base_url, timeout=60) as http:
            visitor = Visitor(http)

            class Now:
                """The one-time code's clock is the hub's own."""

                @property
                def now(self) -> Any:
                    """Now."""
                    return system_clock()

            await visitor.enrol("li.hua", Now())
            yield SignedIn(visitor)


async def test_python_clients_sign_in(browser: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """requests-oauthlib and Authlib's own: an address, a code, tokens that the graph takes, a refresh, the end.

    A cookie opens nothing there: the graph takes tokens only, and is shown no cookie at all.
    """
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    token = await _by_requests_oauthlib(browser)
    assert await browser.name_of_region(token["access_token"]) == ANSWER
    token = await _by_authlib(browser)
    assert await browser.name_of_region(token["access_token"]) == ANSWER
    answer = await browser.visitor.http.post("/graphql", json={"query": "{ me { clientId } }"})
    assert answer.status_code == 401
    assert "cookie" not in answer.request.headers
    assert "set-cookie" not in answer.headers
    forced = await browser.visitor.http.post(
        "/graphql",
        json={"query": "{ me { clientId } }"},
        headers={"Cookie": f"baogong={browser.visitor.http.cookies['baogong']}"},
    )
    assert forced.status_code == 401
    await _sign_out(browser, token)


async def _by_requests_oauthlib(browser: SignedIn) -> dict[str, Any]:
    with OAuth2Session(CLIENT, redirect_uri=REDIRECT, scope=[SCOPE], pkce="S256") as session:
        address, _state = session.authorization_url(f"{browser.hub}/oauth/authorize")
        back = await browser.bring_back(address)
        fetched = await asyncio.to_thread(
            session.fetch_token,
            f"{browser.hub}/oauth/token",
            authorization_response=back,
            include_client_id=True,
        )
        renewed: dict[str, Any] = await asyncio.to_thread(
            session.refresh_token, f"{browser.hub}/oauth/token", fetched["refresh_token"], client_id=CLIENT
        )
    assert renewed["refresh_token"] != fetched["refresh_token"]
    return renewed


async def _sign_out(browser: SignedIn, token: dict[str, Any]) -> None:
    """Within seconds the access token is refused too."""
    form = {"token": token["refresh_token"], "client_id": CLIENT}
    assert (await browser.visitor.http.post("/oauth/revoke", data=form)).status_code == 200
    async with asyncio.timeout(10):
        while await browser.name_of_region(token["access_token"]) == ANSWER:
            await asyncio.sleep(0.1)


async def _by_authlib(browser: SignedIn) -> dict[str, Any]:
    verifier = "v" * 64
    with AuthlibSession(
        CLIENT,
        redirect_uri=REDIRECT,
        scope=SCOPE,
        code_challenge_method="S256",
        token_endpoint_auth_method="none",
        revocation_endpoint_auth_method="none",
    ) as session:
        address, _state = session.create_authorization_url(
            f"{browser.hub}/oauth/authorize", code_verifier=verifier
        )
        back = await browser.bring_back(address)
        fetched: dict[str, Any] = await asyncio.to_thread(
            session.fetch_token,
            f"{browser.hub}/oauth/token",
            authorization_response=back,
            code_verifier=verifier,
        )
    return dict(fetched)


_BEGIN_OPENID = """
import * as client from 'openid-client';
const { HUB, REDIRECT } = process.env;
const config = await client.discovery(new URL(HUB), 'baogong-cli', undefined, client.None(),
  { algorithm: 'oauth2', execute: [client.allowInsecureRequests] });
const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const address = client.buildAuthorizationUrl(config, { redirect_uri: REDIRECT, scope: 'region:read', state,
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' });
console.log(JSON.stringify({ address: address.href, verifier, state }));
"""
_END_OPENID = """
import * as client from 'openid-client';
const { HUB, BACK, VERIFIER, STATE } = process.env;
const config = await client.discovery(new URL(HUB), 'baogong-cli', undefined, client.None(),
  { algorithm: 'oauth2', execute: [client.allowInsecureRequests] });
const first = await client.authorizationCodeGrant(config, new URL(BACK),
  { pkceCodeVerifier: VERIFIER, expectedState: STATE });
const second = await client.refreshTokenGrant(config, first.refresh_token);
await client.tokenRevocation(config, second.refresh_token);
let refused;
try { await client.refreshTokenGrant(config, second.refresh_token); } catch (error) { refused = error.error; }
console.log(JSON.stringify({ scope: second.scope, account: second.account, refused }));
"""
_END_OAUTH4WEBAPI = """
import * as oauth from 'oauth4webapi';
const { HUB, BACK, VERIFIER, STATE, REDIRECT } = process.env;
const insecure = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(HUB);
const server = await oauth.processDiscoveryResponse(issuer,
  await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
const client = { client_id: 'baogong-cli' };
const parameters = oauth.validateAuthResponse(server, client, new URL(BACK), STATE);
const response = await oauth.authorizationCodeGrantRequest(
  server, client, oauth.None(), parameters, REDIRECT, VERIFIER, insecure);
const token = await oauth.processAuthorizationCodeResponse(server, client, response);
const request = new Request(HUB + '/graphql', { headers: { authorization: `Bearer ${token.access_token}` } });
const claims = await oauth.validateJwtAccessToken(server, request, HUB, insecure);
console.log(JSON.stringify({ subject: claims.sub, region: claims.region, token: token.access_token }));
"""


async def test_javascript_clients_sign_in(browser: SignedIn, tmp_path: Path) -> None:
    """openid-client and oauth4webapi, which check issuer, state and PKCE, and our token as RFC 9068 says."""
    folder = await asyncio.to_thread(npm_folder, tmp_path, OPENID_CLIENT, OAUTH4WEBAPI)
    ended: list[Any] = []
    for script in (_END_OAUTH4WEBAPI, _END_OPENID):
        values = {"HUB": browser.hub, "REDIRECT": REDIRECT}
        begun: Any = await asyncio.to_thread(run_node, folder, _BEGIN_OPENID, **values)
        back = await browser.bring_back(begun["address"])
        values |= {"BACK": back, "VERIFIER": begun["verifier"], "STATE": begun["state"]}
        ended.append(await asyncio.to_thread(_run, folder, script, values))
    assert (ended[0]["subject"], ended[0]["region"]) == ("li.hua", "440000")
    assert await browser.name_of_region(ended[0]["token"]) == ANSWER
    assert (ended[1]["scope"], ended[1]["refused"]) == (SCOPE, "invalid_grant")
    assert ended[1]["account"]["user_name"] == "li.hua"


def _run(folder: Path, script: str, values: dict[str, str]) -> object:
    return run_node(folder, script, **values)
