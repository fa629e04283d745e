"""People who sign in: accounts of a test's hub, and a browser that fills in its forms."""

import base64
import hashlib
import html
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import asyncpg
import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette

from hub.access.account_store import enrol_totp, insert_account, set_password
from hub.access.accounts import Account
from hub.access.administration import Actor, Administration, understood
from hub.access.apps import COMMAND_LINE
from hub.access.events import AccessEvent
from hub.access.holders import HolderKind
from hub.access.issuer_routes import build_issuer_routes
from hub.access.new_secrets import new_secret_for
from hub.access.passwords import Passwords
from hub.access.provider import OpenIdProvider, ProviderSettings
from hub.access.sealing import load_or_create_seal
from hub.access.second_factor import new_secret, recovery_digests
from hub.config import Settings
from hub.web.entry import build_entry
from hub.web.sign_in import sign_in_routes
from schema.reach import Reach
from schema.scopes import Scope
from tests.lib.hub import TestClock

ORIGIN = "https://hub.example"
REDIRECT = "http://127.0.0.1:43210/callback"
INITIAL = "first-word-handed-over"
PASSWORD = "冬天里的一把火 1987"
RECOVERY = ["aaaaa-bbbbb", "ccccc-ddddd"]
SCOPES = (Scope.PHARMACY_READ, Scope.REGION_READ)
GUANGDONG = Reach("440000")
_INSTALLER = Actor("installer", "演示")


def pkce() -> tuple[str, str]:
    """A verifier and its challenge."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's first form."""
    form = page.partition("<form")[2].partition("</form>")[0]
    found = re.findall(
        r'<input type="hidden" name="(\w+)" (?:autocomplete="username" )?value="([^"]*)"', form
    )
    return {name: html.unescape(value) for name, value in found}


def notice(page: str) -> str:
    """What the page complains of."""
    found = re.search(r'id="notice">(.*?)</p>', page, re.S)
    return "" if found is None else html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip()


@dataclass
class PeopleHub:
    """The issuer and the sign-in pages over a real database, in the loop of the test, under its clock."""

    settings: Settings
    pool: asyncpg.Pool
    clock: TestClock = field(default_factory=TestClock)
    events: list[AccessEvent] = field(default_factory=list)

    def app(self, provider: ProviderSettings | None = None, **parts: Any) -> Starlette:
        """The application; `parts` go to the OpenID provider's client."""

        async def record(event: AccessEvent) -> None:
            self.events.append(event)

        settings = self.settings.model_copy(update={"public_url": ORIGIN})
        entry = build_entry(settings, self.pool, self.clock, record)
        people = entry.people
        if provider is not None:
            seal = load_or_create_seal(settings.key_dir)
            people = replace(people, provider=OpenIdProvider(provider, seal, self.clock, **parts))
        return Starlette(routes=[*build_issuer_routes(entry.issuer), *sign_in_routes(entry.issuer, people)])

    async def add(self, user_name: str, password: str = INITIAL, **more: Any) -> None:
        """An account of Guangdong with an initial password."""
        await add_account(self.pool, user_name, password, self.clock.now, **more)

    async def add_enrolled(self, user_name: str, **more: Any) -> str:
        """An account that signed in before; the secret of its second factor."""
        await self.add(user_name, PASSWORD, **more)
        secret = new_secret()
        seal = load_or_create_seal(self.settings.key_dir)
        codes = recovery_digests(seal, RECOVERY)
        async with self.pool.acquire() as connection:
            await set_password(
                connection, user_name, await Passwords().hash(PASSWORD), self.clock.now, initial=False
            )
            await enrol_totp(connection, user_name, seal.seal(f"totp:{user_name}", secret), 0, codes)
        return secret

    async def reset(self, user_name: str, **what: bool) -> str:
        """Have somebody begin anew, as administrators do; the new initial password, where there is one."""
        proposal = understood({"kind": "account_reset", "holder": user_name, **what}, self.clock.now)
        secret = await new_secret_for(proposal, Passwords())
        async with self.pool.acquire() as connection:
            office = Administration(connection, self.clock)
            await office.propose(proposal, _INSTALLER, secret.hashed if secret else None)
        return secret.plain if secret else ""

    async def disable(self, user_name: str) -> None:
        """Take somebody's access away, as administrators do."""
        async with self.pool.acquire() as connection:
            await Administration(connection, self.clock).disable(HolderKind.ACCOUNT, user_name, _INSTALLER)

    def names(self) -> list[str]:
        """What happened, in short: the names of the events and their reasons."""
        return [f"{event.name}{f' {event.reason}' if event.reason else ''}" for event in self.events]


async def add_account(
    pool: asyncpg.Pool | asyncpg.Connection,
    user_name: str,
    password: str,
    now: Any,
    scopes: Any = SCOPES,
    reach: Reach = GUANGDONG,
    oidc_subject: str | None = None,
) -> None:
    """Store an account with an initial password."""
    password_hash = await Passwords().hash(password)
    account = Account(
        user_name=user_name,
        display_name="李华",
        organization_name="演示市医疗保障局",
        scopes=frozenset(scopes),
        reach=reach,
        created_at=now,
        password_is_initial=True,
        password_changed_at=now,
        oidc_subject=oidc_subject,
    )
    if isinstance(pool, asyncpg.Connection):
        await insert_account(pool, account, password_hash)
        return
    async with pool.acquire() as connection:
        await insert_account(connection, account, password_hash)


@asynccontextmanager
async def people_hub(settings: Settings) -> AsyncIterator[PeopleHub]:
    """A hub without people yet, whose passwords are hashed in no time; its pool is closed at the end."""
    pool = await asyncpg.create_pool(settings.database_url, min_size=1, max_size=4)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("hub.access.passwords._HASHER", PasswordHasher(1, 64, 1))
            await pool.execute("TRUNCATE account, sign_in_throttle, access_revocation CASCADE")
            yield PeopleHub(settings, pool)
    finally:
        await pool.close()


@dataclass
class Visitor:
    """A browser before the sign-in pages, and the application that sent it there."""

    http: httpx.AsyncClient
    client_id: str = COMMAND_LINE.client_id
    redirect_uri: str = REDIRECT
    verifier: str = ""
    page: httpx.Response | None = None
    totp_secret: str = ""
    recovery_codes: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The hub's."""
        return str(self.http.base_url).rstrip("/")

    def query(self, **changes: str | None) -> str:
        """The application's request as part of an address; None leaves a parameter out."""
        self.verifier, challenge = pkce()
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "state": "a state",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        kept = {name: value for name, value in (asked | changes).items() if value is not None}
        return urlencode(kept)

    async def open(self, **changes: str | None) -> httpx.Response:
        """Go to the authorization endpoint."""
        self.page = await self.http.get(f"/oauth/authorize?{self.query(**changes)}")
        return self.page

    async def fill(self, **fields: str) -> httpx.Response:
        """Send the form of the page that is open, and follow to the next page of the hub."""
        assert self.page is not None
        sent = hidden(self.page.text) | fields
        answer = await self.http.post("/oauth/authorize", data=sent, headers={"Origin": self.origin})
        while answer.is_redirect and answer.headers["location"].startswith("/"):
            answer = await self.http.get(answer.headers["location"])
        self.page = answer
        return answer

    def code(self, clock: Any) -> str:
        """The one-time code of this moment."""
        return pyotp.TOTP(self.totp_secret).at(clock.now)

    async def enrol(self, user_name: str, clock: Any, password: str = INITIAL) -> None:
        """The whole first sign-in, up to the recovery codes."""
        await self.open()
        await self.fill(user_name=user_name, password=password)
        answer = await self.fill(old=password, new=PASSWORD, again=PASSWORD)
        self.totp_secret = re.findall(r"<code>([A-Z2-7]{32})</code>", answer.text)[0]
        answer = await self.fill(code=self.code(clock))
        self.recovery_codes = re.findall(r"<li><code>([^<]+)</code>", answer.text)
        assert len(self.recovery_codes) == 10, answer.text

    async def sign_in(self, user_name: str, clock: Any, **changes: str | None) -> httpx.Response:
        """A later sign-in, with password and code."""
        await self.open(**changes)
        await self.fill(user_name=user_name, password=PASSWORD)
        return await self.fill(code=self.code(clock))

    def returned(self) -> dict[str, str]:
        """The parameters with which the browser goes back to the application."""
        assert self.page is not None
        location = self.page.headers["location"]
        assert location.startswith(self.redirect_uri), location
        return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}

    async def exchange(self, code: str, **changes: str) -> httpx.Response:
        """The application turns a code into tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
        }
        return await self.http.post("/oauth/token", data=form | changes)

    async def refresh(self, token: str, **changes: str) -> httpx.Response:
        """The application turns a refresh token into new tokens."""
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.client_id}
        return await self.http.post("/oauth/token", data=form | changes)


@asynccontextmanager
async def visiting(app: Starlette, address: str = "192.0.2.1") -> AsyncIterator[Visitor]:
    """A new browser at this address."""
    transport = httpx.ASGITransport(app=app, client=(address, 1234))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        yield Visitor(http)
