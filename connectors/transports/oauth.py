"""Tokens of a source platform: OAuth 2 client credentials, renewed before they expire and when they are refused.

A few lines over httpx: Authlib's client for httpx warns that it is going away.
"""

import asyncio
import json
from dataclasses import dataclass, field

import httpx

from connectors.transports.failures import PullError
from connectors.transports.http_answers import open_answer, read_answer
from connectors.transports.json_text import members
from schema.declare import Label

#: a token is not used for the last of its seconds, for it also has to travel
_MARGIN_SECONDS = 30.0
_MAX_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to ask a platform for tokens."""

    address: str
    client_id: str
    secret: str = field(repr=False)
    scope: str | None = None


class TokenKeeper:
    """Holds the one token that is in use."""

    def __init__(self, http: httpx.AsyncClient, credentials: Credentials) -> None:
        self._http = http
        self._credentials = credentials
        self._token: str | None = None
        self._good_until = 0.0
        self._has_worked = False

    async def headers(self) -> dict[str, str]:
        """The Authorization header, with a token that is fetched first if there is none or it is old."""
        if self._token is None or asyncio.get_running_loop().time() >= self._good_until:
            await self._renew()
        return {"Authorization": f"Bearer {self._token}"}

    def worked(self) -> None:
        """The source took the token."""
        self._has_worked = True

    def refused(self) -> bool:
        """The source refused the token, which is dropped. Whether a new one is worth trying: one that worked is."""
        had_worked, self._has_worked, self._token = self._has_worked, False, None
        return had_worked

    async def _renew(self) -> None:
        wanted = self._credentials
        form = {"grant_type": "client_credentials"} | ({"scope": wanted.scope} if wanted.scope else {})
        async with open_answer(
            self._http, "POST", wanted.address, data=form, auth=(wanted.client_id, wanted.secret)
        ) as answer:
            if answer.status_code in (400, 401, 403):
                raise PullError(
                    "pull.unauthorized",
                    Label(
                        f"来源不发令牌（{answer.status_code}）：请核对 client_id、密钥变量与 scope",
                        f"the source gives no token ({answer.status_code}): check client_id, secret, scope",
                    ),
                )
            body = await read_answer(answer, _MAX_BYTES)
        self._take(body)

    def _take(self, body: bytes) -> None:
        try:
            found = members(body.decode())
            token, seconds = json.loads(found["access_token"]), float(found.get("expires_in", "300"))
            httpx.Headers({"Authorization": token})  # whatever cannot stand in a header is no token
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PullError(
                "pull.token",
                Label("令牌接口的答复中没有令牌", "the token endpoint's answer holds no token"),
            ) from error
        margin = min(_MARGIN_SECONDS, seconds / 2)
        self._token, self._has_worked = token, False
        self._good_until = asyncio.get_running_loop().time() + seconds - margin
