"""Codes and refresh tokens of people: issued, used up, and revoked with all that came of them."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import asyncpg

from hub.access.account_store import fetch_credentials
from hub.access.accounts import Account
from hub.access.authorization_store import (
    Authorization,
    family_of,
    insert_authorization,
    insert_refresh,
    live_families,
    purge_authorizations,
    revoke_family,
    take_code,
    take_refresh,
    used_code,
    used_refresh,
)
from hub.access.entitlement import within
from hub.access.events import AccessEvent, EventName, Record
from hub.access.revocation_store import revoke
from hub.access.revocations import Revoked
from hub.access.session_store import end_session, end_sessions, purge_sessions
from hub.access.throttle_store import purge_throttles

CODE_LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Granted:
    """An authorization that was just used, and whose it is; `scopes` are what the account has of them by now."""

    authorization: Authorization
    account: Account

    @property
    def code_challenge(self) -> str:
        """For Authlib."""
        return self.authorization.code_challenge

    @property
    def code_challenge_method(self) -> str:
        """For Authlib: no other is taken."""
        return "S256"

    def get_redirect_uri(self) -> str:
        """For Authlib: what the code is bound to."""
        return self.authorization.redirect_uri

    def get_scope(self) -> str:
        """For Authlib: what of it the account still has."""
        return " ".join(sorted(self.authorization.scopes))

    def check_client(self, _client: object) -> bool:
        """For Authlib: whoever has it was asked for by its client already."""
        return True


class Authorizations:
    """What people let applications do."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        clock: Callable[[], datetime],
        record: Record,
        idle: timedelta,
        lifetime: timedelta,
    ) -> None:
        """Refresh tokens are good for `idle` each, and their family for `lifetime`."""
        self._pool = pool
        self._clock = clock
        self._record = record
        self._idle = idle
        self._lifetime = lifetime

    async def issue_code(
        self,
        account: Account,
        client_id: str,
        redirect_uri: str,
        scopes: frozenset[str],
        code_challenge: str,
        session_hash: bytes | None,
    ) -> str:
        """A code, good once and for a minute."""
        now = self._clock()
        code = secrets.token_urlsafe(32)
        authorization = Authorization(
            secrets.token_urlsafe(16),
            account.user_name,
            client_id,
            redirect_uri,
            scopes,
            code_challenge,
            session_hash,
            now,
            now + self._lifetime,
        )
        async with self._pool.acquire() as connection, connection.transaction():
            await purge_authorizations(connection, now)
            await purge_sessions(connection, now)
            await purge_throttles(connection, now)
            await insert_authorization(connection, authorization, digest(code))
        await self._tell(EventName.CODE_ISSUED, authorization)
        return code

    async def use_code(self, code: str, client_id: str) -> Granted | None:
        """What the code stands for, once. A second time all that came of it is revoked."""
        async with self._pool.acquire() as connection:
            taken = await take_code(connection, digest(code), self._clock(), CODE_LIFETIME)
            if taken is not None:
                return await _granted(connection, taken, client_id, self._clock())
            replayed = await used_code(connection, digest(code))
        if replayed is not None:
            await self._revoke(replayed, EventName.CODE_REPLAYED, "code_replayed")
        return None

    async def use_refresh(self, token: str, client_id: str, proof_key: str | None = None) -> Granted | None:
        """The family of a refresh token, which is used up. A second time the family is revoked.

        `proof_key`: the key that is proven with it; one that is bound to a key is worth nothing with another.
        """
        async with self._pool.acquire() as connection:
            taken = await take_refresh(
                connection, digest(token), client_id, self._clock(), self._idle, proof_key
            )
            if taken is not None:
                return await _granted(connection, taken, client_id, self._clock())
            replayed = await used_refresh(connection, digest(token))
        if replayed is not None:
            await self._revoke(replayed, EventName.REFRESH_REPLAYED, "refresh_replayed")
        return None

    async def issue_refresh(
        self,
        authorization_id: str,
        access_token_id: str,
        access_expires_at: datetime,
        proof_key: str | None = None,
    ) -> str | None:
        """The next refresh token of a family, bound as the access token is; None where that was revoked meanwhile."""
        token = secrets.token_urlsafe(32)
        async with self._pool.acquire() as connection:
            added = await insert_refresh(
                connection,
                digest(token),
                authorization_id,
                access_token_id,
                access_expires_at,
                self._clock(),
                proof_key,
            )
        return token if added else None

    async def find(self, refresh_token: str) -> Authorization | None:
        """The family of a refresh token, used or not."""
        async with self._pool.acquire() as connection:
            return await family_of(connection, digest(refresh_token))

    async def sign_out(self, family: Authorization) -> None:
        """End a family, and the browser's session with it."""
        await self._revoke(family, EventName.SIGN_OUT, "signed_out")

    async def _revoke(self, family: Authorization, name: EventName, reason: str) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await _end_family(connection, family.authorization_id, self._clock(), reason)
            if family.session_hash is not None:
                await end_session(connection, family.session_hash)
        await self._tell(name, family)

    async def _tell(self, name: EventName, authorization: Authorization) -> None:
        await self._record(AccessEvent(name, self._clock(), authorization.user_name, authorization.client_id))


async def end_everything(
    connection: asyncpg.Connection,
    user_name: str,
    now: datetime,
    reason: str,
    but_session: bytes | None = None,
) -> None:
    """End a person's sessions (but one) and families."""
    await end_sessions(connection, user_name, but_session)
    for authorization_id in await live_families(connection, user_name, now):
        await _end_family(connection, authorization_id, now, reason)


async def _end_family(
    connection: asyncpg.Connection, authorization_id: str, now: datetime, reason: str
) -> None:
    """Its refresh tokens are worthless, and its access tokens within seconds."""
    for token_id in await revoke_family(connection, authorization_id, now, reason):
        await revoke(connection, Revoked.TOKEN, token_id, now)


async def _granted(
    connection: asyncpg.Connection, taken: Authorization, client_id: str, now: datetime
) -> Granted | None:
    """With its account; None where the account is disabled or has nothing of it left, or the client is another."""
    found = await fetch_credentials(connection, taken.user_name)
    if found is None or found.account.disabled_at is not None or taken.client_id != client_id:
        return None
    granted = Granted(replace(taken, scopes=within(found.account, taken.scopes, now)), found.account)
    return granted if granted.authorization.scopes else None


def digest(secret: str) -> bytes:
    """What is kept of a code, a refresh token or a cookie: 256 random bits need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
