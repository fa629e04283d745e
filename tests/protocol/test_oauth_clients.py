"""The issuer by clients that others wrote: openid-client, oauth4webapi, Authlib's own."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import ECKey, OKPKey

from hub.access.clients import new_client
from hub.access.signatures import import_key
from hub.access.store import insert_client, insert_key
from hub.clock import system_clock
from schema.reach import COUNTRY
from schema.scopes import Scope
from tests.lib.graph import ServedHub
from tests.lib.npm import JOSE, OAUTH4WEBAPI, OPENID_CLIENT, npm_folder, run_node

SCOPE = f"{Scope.REGION_READ} {Scope.REGISTRATION_READ}"

OPENID = """
import * as client from 'openid-client';
import { importPKCS8 } from 'jose';
const { HUB, ID, SECRET, KEY, ALG } = process.env;
const methods = {
  secret: client.ClientSecretBasic(SECRET),
  key: client.PrivateKeyJwt(await importPKCS8(KEY, ALG)),
};
const told = {};
for (const [name, method] of Object.entries(methods)) {
  const config = await client.discovery(new URL(HUB), ID, undefined, method, {
    algorithm: 'oauth2', execute: [client.allowInsecureRequests],
  });
  const { access_token, token_type, scope } = await client.clientCredentialsGrant(config, { scope: 'region:read' });
  const before = await client.tokenIntrospection(config, access_token);
  await client.tokenRevocation(config, access_token);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const after = await client.tokenIntrospection(config, access_token);
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
  const bound = await client.clientCredentialsGrant(config, {}, { DPoP });
  const answer = await client.fetchProtectedResource(
    config, bound.access_token, new URL(`${HUB}/graphql`), 'POST',
    JSON.stringify({ query: '{ region(code: "44") { code } }' }),
    new Headers({ 'Content-Type': 'application/json' }), { DPoP },
  );
  told[name] = {
    token_type, scope, before: before.active, client: before.client_id, after: after.active,
    bound: bound.token_type, status: answer.status, data: (await answer.json()).data,
  };
}
console.log(JSON.stringify(told));
"""

WEBAPI = """
import * as oauth from 'oauth4webapi';
import { importPKCS8 } from 'jose';
const { HUB, ID, KEY, ALG } = process.env;
const loose = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(HUB);
const as = await oauth.processDiscoveryResponse(
  issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...loose }));
const client = { client_id: ID };
const method = oauth.PrivateKeyJwt(await importPKCS8(KEY, ALG));
const ask = async (options) => oauth.processClientCredentialsResponse(
  as, client, await oauth.clientCredentialsGrantRequest(as, client, method, {}, { ...loose, ...options }));
const plain = await ask({});
const claims = await oauth.validateJwtAccessToken(
  as, new Request(`${HUB}/graphql`, { headers: { authorization: `Bearer ${plain.access_token}` } }), HUB, loose);

const DPoP = oauth.DPoP(client, await oauth.generateKeyPair(ALG));
const bound = await ask({ DPoP });
const body = JSON.stringify({ query: '{ region(code: "44") { code } }' });
const headers = new Headers({ 'Content-Type': 'application/json' });
const send = (options) => oauth.protectedResourceRequest(
  bound.access_token, 'POST', new URL(`${HUB}/graphql`), headers, body, { ...loose, ...options });
const answer = await send({ DPoP });
const thief = oauth.DPoP(client, await oauth.generateKeyPair(ALG));
let stolen = null;
try {
  stolen = (await send({ DPoP: thief })).status;
} catch (error) {
  stolen = [error.code, error.cause.map((each) => [each.scheme, each.parameters.error])];
}
console.log(JSON.stringify({
  client: claims.client_id, scope: claims.scope, token_type: bound.token_type, status: answer.status,
  data: (await answer.json()).data, stolen,
}));
"""


@dataclass(frozen=True)
class Registered:
    """A client with a secret and a key."""

    client_id: str
    secret: str
    private_key: str

    def values(self, hub: ServedHub, algorithm: str) -> dict[str, str]:
        """What a script is told."""
        return {
            "HUB": str(hub.http.base_url).rstrip("/"),
            "ID": self.client_id,
            "SECRET": self.secret,
            "KEY": self.private_key,
            "ALG": algorithm,
        }


async def register(hub: ServedHub, key: ECKey | OKPKey) -> Registered:
    """Register a client and the public half of its key."""
    scopes = (Scope.REGION_READ, Scope.REGISTRATION_READ)
    client, secret = new_client("foreign", scopes, COUNTRY, system_clock(), "gov-a")
    await insert_client(hub.connection, client)
    await insert_key(hub.connection, "gov-a", *import_key(key.as_pem(private=False)), system_clock())
    return Registered("gov-a", secret, key.as_pem(private=True).decode())


async def test_openid_client_works(own_hub: ServedHub, tmp_path: Path) -> None:
    """Discovery, both ways to prove who it is, introspection, revocation, and a token bound to a key."""
    registered = await register(own_hub, ECKey.generate_key("P-256"))
    folder = await asyncio.to_thread(npm_folder, tmp_path, OPENID_CLIENT, JOSE)
    told: Any = await asyncio.to_thread(run_node, folder, OPENID, **registered.values(own_hub, "ES256"))
    expected = {
        "token_type": "bearer",
        "scope": "region:read",
        "before": True,
        "client": "gov-a",
        "after": False,
        "bound": "dpop",
        "status": 200,
        "data": {"region": {"code": "440000"}},
    }
    assert {"secret": expected, "key": expected} == told


@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519"])
async def test_oauth4webapi_works(own_hub: ServedHub, tmp_path: Path, algorithm: str) -> None:
    """It finds our token good by its own check of RFC 9068; a token bound to a key is refused with another key."""
    key = ECKey.generate_key("P-256") if algorithm == "ES256" else OKPKey.generate_key("Ed25519")
    registered = await register(own_hub, key)
    folder = await asyncio.to_thread(npm_folder, tmp_path, OAUTH4WEBAPI, JOSE)
    told = await asyncio.to_thread(run_node, folder, WEBAPI, **registered.values(own_hub, algorithm))
    assert {
        "client": "gov-a",
        "scope": SCOPE,
        "token_type": "dpop",
        "status": 200,
        "data": {"region": {"code": "440000"}},
        "stolen": ["OAUTH_WWW_AUTHENTICATE_CHALLENGE", [["dpop", "invalid_token"]]],
    } == told


async def test_authlibs_client_works(own_hub: ServedHub) -> None:
    """By key and by secret; it asks about its token, and gives it back."""
    key = ECKey.generate_key("P-256")
    registered = await register(own_hub, key)
    base = str(own_hub.http.base_url).rstrip("/")

    def use() -> list[Any]:
        told: list[Any] = []
        method = PrivateKeyJWT(f"{base}/oauth/token", alg="ES256")
        with OAuth2Session("gov-a", key, token_endpoint_auth_method=method, scope="region:read") as by_key:
            by_key.fetch_token(f"{base}/oauth/token", grant_type="client_credentials")
            told.append(
                by_key.get(f"{base}/graphql", params={"query": '{ region(code: "44") { code } }'}).json()
            )
        with OAuth2Session("gov-a", registered.secret, scope="region:read") as by_secret:
            token = by_secret.fetch_token(f"{base}/oauth/token", grant_type="client_credentials")[
                "access_token"
            ]
            told.append(by_secret.introspect_token(f"{base}/oauth/introspect", token).json()["active"])
            told.append(by_secret.revoke_token(f"{base}/oauth/revoke", token).status_code)
        return told

    assert [{"data": {"region": {"code": "440000"}}}, True, 200] == await asyncio.to_thread(use)
