"""How a person signs in: password, one-time code, and at the first time a new password and a second factor."""

import ipaddress
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import asyncpg

from hub.access.account_store import (
    enrol_totp,
    fetch_by_subject,
    fetch_credentials,
    set_password,
    take_recovery_code,
    take_totp_step,
)
from hub.access.accounts import Account, Credentials
from hub.access.authorizations import digest, end_everything
from hub.access.events import AccessEvent, EventName, Record
from hub.access.passwords import BusyError, Passwords, WeakPasswordError, check_new
from hub.access.sealing import Seal
from hub.access.second_factor import (
    accepted_step,
    new_recovery_codes,
    new_secret,
    recovery_digests,
    without_code,
)
from hub.access.session_store import (
    SessionRow,
    end_session,
    extend_session,
    fetch_session,
    has_new_password,
    insert_session,
    offer_totp,
    pass_second_factor,
)
from hub.access.sign_in_errors import (
    BUSY,
    CODE,
    CREDENTIALS,
    OVER,
    SAME_PASSWORD,
    UNKNOWN_SUBJECT,
    Reason,
    SignInError,
    throttled,
    weak,
)
from hub.access.throttle_store import Rule, admit, forget, forgive

#: how long a person may take from the password to the last step
PATIENCE = timedelta(minutes=10)
#: of one account, mistyping is forgiven so often; of one address, behind which an office may sit, more often
ACCOUNT_RULE = Rule(free=5)
ADDRESS_RULE = Rule(free=30)
_SEALED_FOR = "totp:"


class Step(StrEnum):
    """What a person has to do next."""

    PASSWORD = "password"  # noqa: S105 - a name
    SECOND_FACTOR = "second_factor"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a name
    ENROL = "enrol"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Where an attempt comes from."""

    #: the network address; None: unknown
    address: str | None
    #: the application for which somebody signs in
    client_id: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which the password was right, and whose it is."""

    row: SessionRow = field(repr=False)
    credentials: Credentials = field(repr=False)

    @property
    def account(self) -> Account:
        """Whose it is."""
        return self.credentials.account

    @property
    def chooses_password(self) -> bool:
        """Whether another password has to be chosen: theirs was made by somebody else, or they want to."""
        return self.account.password_is_initial or self.row.wants_new_password

    @property
    def step(self) -> Step:
        """What is left to do."""
        if self.row.by_provider:
            return Step.DONE
        if self.account.has_totp and self.row.second_factor_at is None:
            return Step.SECOND_FACTOR
        if self.chooses_password:
            return Step.NEW_PASSWORD
        return Step.DONE if self.account.has_totp else Step.ENROL


class SignIn:
    """The steps, each against the database: any process may take the next."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        seal: Seal,
        clock: Callable[[], datetime],
        record: Record,
        idle: timedelta,
        lifetime: timedelta,
    ) -> None:
        """A browser that is signed in stays so for `idle` after its last use, and at most for `lifetime`."""
        self._pool = pool
        self._seal = seal
        self._clock = clock
        self._record = record
        self._idle = idle
        self._lifetime = lifetime
        self._passwords = Passwords()

    async def session(self, cookie: str | None) -> Session | None:
        """The session of this cookie; None where there is none, or its account is disabled."""
        if cookie is None:
            return None
        async with self._pool.acquire() as connection:
            row = await fetch_session(connection, digest(cookie), self._clock())
            found = None if row is None else await fetch_credentials(connection, row.user_name)
        if row is None or found is None or found.account.disabled_at is not None:
            return None
        return Session(row, found)

    async def password(
        self, user_name: str, password: str, attempt: Attempt, *, wants_new_password: bool = False
    ) -> str:
        """The cookie of a new session. Raises SignInError, the same for a name that is unknown or disabled."""
        user_name = user_name.strip().lower()
        async with self._pool.acquire() as connection:
            found = await fetch_credentials(connection, user_name)
        await self._admit(user_name, attempt, found)
        try:
            proven = await self._passwords.verify(None if found is None else found.password_hash, password)
        except BusyError as error:
            raise SignInError(BUSY) from error
        if found is None or not proven:
            raise await self._failed("password", attempt, found, CREDENTIALS)
        if found.account.disabled_at is not None:
            raise await self._failed("disabled", attempt, found, CREDENTIALS)
        if found.account.initial_password_expired(self._clock()):
            raise await self._failed("initial_password_expired", attempt, found, CREDENTIALS)
        cookie = secrets.token_urlsafe(32)
        now = self._clock()
        async with self._pool.acquire() as connection:
            await self._forgive(connection, user_name, attempt)
            await insert_session(
                connection,
                digest(cookie),
                user_name,
                now,
                now + PATIENCE,
                wants_new_password=wants_new_password,
            )
        return cookie

    async def by_provider(self, subject: str, attempt: Attempt) -> str:
        """The cookie of a new session for whom the OpenID provider knows by this `sub`. Raises SignInError."""
        now = self._clock()
        async with self._pool.acquire() as connection:
            found = await fetch_by_subject(connection, subject)
        if found is None or found.account.disabled_at is not None:
            raise await self._failed("unknown_subject", attempt, found, UNKNOWN_SUBJECT)
        cookie = secrets.token_urlsafe(32)
        async with self._pool.acquire() as connection:
            await insert_session(
                connection, digest(cookie), found.account.user_name, now, now + self._idle, by_provider=True
            )
        await self._tell(EventName.SIGN_IN_SUCCEEDED, attempt, found.account, "provider")
        return cookie

    async def second_factor(self, session: Session, code: str, attempt: Attempt) -> None:
        """Take a one-time code or a recovery code. Raises SignInError."""
        self._require(session, Step.SECOND_FACTOR)
        await self._admit(session.account.user_name, attempt, session.credentials)
        async with self._pool.acquire() as connection, connection.transaction():
            how = await self._take_code(connection, session.credentials, code)
            if how is not None:
                await self._forgive(connection, session.account.user_name, attempt)
                await pass_second_factor(connection, session.row.session_hash, self._clock())
        if how is None:
            raise await self._failed("second_factor", attempt, session.credentials, CODE)
        if not session.chooses_password:
            await self._done(session, attempt, how)

    async def new_password(self, session: Session, old: str, new: str, attempt: Attempt) -> None:
        """Replace the password; all other browsers and what was given to applications end. Raises SignInError."""
        self._require(session, Step.NEW_PASSWORD)
        account = session.account
        try:
            check_new(new, account.user_name, account.display_name)
        except WeakPasswordError as error:
            raise SignInError(weak(error.message)) from error
        await self._admit(account.user_name, attempt, session.credentials)
        try:
            if not await self._passwords.verify(session.credentials.password_hash, old):
                raise await self._failed("password", attempt, session.credentials, CREDENTIALS)
            if await self._passwords.verify(session.credentials.password_hash, new):
                raise SignInError(SAME_PASSWORD)
            password_hash = await self._passwords.hash(new)
        except BusyError as error:
            raise SignInError(BUSY) from error
        now = self._clock()
        async with self._pool.acquire() as connection, connection.transaction():
            await self._forgive(connection, account.user_name, attempt)
            await set_password(connection, account.user_name, password_hash, now, initial=False)
            await has_new_password(connection, session.row.session_hash)
            await end_everything(
                connection, account.user_name, now, "password_changed", but_session=session.row.session_hash
            )
        await self._tell(EventName.PASSWORD_CHANGED, attempt, account)
        if account.has_totp:
            await self._done(session, attempt, "password_changed")

    async def offered_secret(self, session: Session) -> str:
        """The secret to enrol with, the same as long as the session lasts."""
        self._require(session, Step.ENROL)
        purpose = _SEALED_FOR + session.account.user_name
        async with self._pool.acquire() as connection:
            offered = await offer_totp(
                connection, session.row.session_hash, self._seal.seal(purpose, new_secret())
            )
        if offered is None:
            raise SignInError(OVER)
        return self._seal.open(purpose, offered)

    async def enrol(self, session: Session, code: str, attempt: Attempt) -> list[str]:
        """Take the first code of a new second factor; the recovery codes, to be shown this once."""
        secret = await self.offered_secret(session)
        account = session.account
        await self._admit(account.user_name, attempt, session.credentials)
        step = accepted_step(secret, code, self._clock(), None)
        if step is None:
            raise await self._failed("enrolment", attempt, session.credentials, CODE)
        codes = new_recovery_codes()
        sealed = self._seal.seal(_SEALED_FOR + account.user_name, secret)
        async with self._pool.acquire() as connection, connection.transaction():
            await self._forgive(connection, account.user_name, attempt)
            if not await enrol_totp(
                connection, account.user_name, sealed, step, recovery_digests(self._seal, codes)
            ):
                raise SignInError(OVER)  # enrolled in another browser meanwhile
            await pass_second_factor(connection, session.row.session_hash, self._clock())
        await self._tell(EventName.TOTP_ENROLLED, attempt, account)
        await self._done(session, attempt, "enrolled")
        return codes

    async def keep(self, session: Session) -> None:
        """A signed-in browser was used: it stays so a while longer."""
        until = min(self._clock() + self._idle, session.row.started_at + self._lifetime)
        async with self._pool.acquire() as connection:
            await extend_session(connection, session.row.session_hash, until)

    async def end(self, session: Session, attempt: Attempt) -> None:
        """Sign the browser out."""
        async with self._pool.acquire() as connection:
            await end_session(connection, session.row.session_hash)
        await self._tell(EventName.SIGN_OUT, attempt, session.account)

    async def _take_code(
        self, connection: asyncpg.Connection, credentials: Credentials, code: str
    ) -> str | None:
        """How the code proved the person: by time, or as a recovery code. None: not at all."""
        user_name = credentials.account.user_name
        if credentials.totp_sealed is None:
            return None
        secret = self._seal.open(_SEALED_FOR + user_name, credentials.totp_sealed)
        step = accepted_step(secret, code, self._clock(), credentials.totp_last_step)
        if step is not None:
            return "totp" if await take_totp_step(connection, user_name, step) else None
        left = without_code(self._seal, credentials.recovery_digests, code)
        if left is None:
            return None
        taken = await take_recovery_code(connection, user_name, credentials.recovery_digests, left)
        return "recovery_code" if taken else None

    async def _admit(self, user_name: str, attempt: Attempt, found: Credentials | None) -> None:
        """Count an attempt before it is tried. Raises SignInError where it comes too early."""
        now = self._clock()
        async with self._pool.acquire() as connection:
            waits = [
                await admit(connection, self._address_key(attempt), now, ADDRESS_RULE),
                await admit(connection, self._account_key(user_name), now, ACCOUNT_RULE),
            ]
        if wait := max((each for each in waits if each is not None), default=None):
            await self._tell(EventName.SIGN_IN_THROTTLED, attempt, None if found is None else found.account)
            raise SignInError(throttled(wait))

    async def _failed(
        self, reason: str, attempt: Attempt, found: Credentials | None, why: Reason
    ) -> SignInError:
        account = None if found is None else found.account
        await self._tell(EventName.SIGN_IN_FAILED, attempt, account, reason)
        return SignInError(why)

    async def _done(self, session: Session, attempt: Attempt, how: str) -> None:
        async with self._pool.acquire() as connection:
            await forget(connection, self._account_key(session.account.user_name))
        await self._tell(EventName.SIGN_IN_SUCCEEDED, attempt, session.account, how)
        await self.keep(session)

    async def _tell(
        self, name: EventName, attempt: Attempt, account: Account | None, reason: str | None = None
    ) -> None:
        subject = None if account is None else account.user_name
        await self._record(
            AccessEvent(name, self._clock(), subject, attempt.client_id, attempt.address, reason)
        )

    async def _forgive(self, connection: asyncpg.Connection, user_name: str, attempt: Attempt) -> None:
        for key in (self._address_key(attempt), self._account_key(user_name)):
            await forgive(connection, key, self._clock())

    def _address_key(self, attempt: Attempt) -> bytes:
        return self._seal.digest(f"address:{_network(attempt.address)}")

    def _account_key(self, user_name: str) -> bytes:
        return self._seal.digest(f"account:{user_name}")

    @staticmethod
    def _require(session: Session, step: Step) -> None:
        if session.step is not step:
            raise SignInError(OVER)


def _network(address: str | None) -> str:
    """What counts as one address: of IPv6 a network of 64 bits, which one subscriber has."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
