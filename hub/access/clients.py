"""OAuth clients: the record, its secret, and a snapshot of all clients that keeps itself fresh."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import anyio

from hub.access.entitlement import Grant
from schema.reach import Owner, OwnerKind, Reach
from schema.scopes import WRITE_SCOPES, Scope

# A secret is 256 random bits, which nobody can guess from its hash however cheap the hash is. The cost is
# therefore kept low (4 MiB, about 10 ms), so that a flood of wrong secrets cannot take the machine down.
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**12, 8, 1

CLIENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

SENDER_CODE = re.compile(r"\w[\w.-]{0,63}")


class ClientsUnavailableError(Exception):
    """The client register cannot be read just now, so nobody can be authenticated."""


@dataclass(frozen=True, slots=True)
class Client:
    """One department's system that may ask for tokens; a row of `oauth_client`."""

    #: public name in OAuth, letters, digits, dot, dash and underscore
    client_id: str
    #: what people call it
    name: str
    #: `scrypt$n$r$p$salt$hash`, salt and hash in base64url
    secret_hash: str = field(repr=False)
    #: what it has beside its roles
    scopes: frozenset[str]
    #: which rows it may see
    reach: Reach
    #: UTC
    created_at: datetime
    #: UTC; from then on it gets no more tokens
    disabled_at: datetime | None = None
    #: whose data it may push; None: nobody's
    sender_code: str | None = None
    #: public keys in PEM by their ids; a client that has any must sign what it pushes
    keys: Mapping[str, str] = field(default_factory=dict)
    #: whether it ever had a key: revoking the last one must not make signing needless
    must_sign: bool = False
    #: codes of `schema/roles.yaml`
    roles: frozenset[str] = frozenset()
    #: those that have not been taken back
    grants: tuple[Grant, ...] = ()
    #: whether it gets only tokens that are bound to a key of its own
    must_bind: bool = False


def new_client(
    name: str,
    scopes: Iterable[str],
    reach: Reach,
    now: datetime,
    client_id: str | None = None,
    sender_code: str | None = None,
    *,
    must_bind: bool = False,
) -> tuple[Client, str]:
    """A new client and its plain secret, which is kept nowhere and can be shown only this once.

    Raises ValueError for a client_id, a scope or a sender that cannot be.
    """
    client_id = secrets.token_hex(8) if client_id is None else client_id
    if not CLIENT_ID.fullmatch(client_id):
        raise ValueError(f"客户端编号只能用字母、数字和 . _ - / not a client id: {client_id!r}")
    wanted = frozenset(str(scope) for scope in scopes)
    if not wanted:
        raise ValueError("至少要一个权限范围 / at least one scope is needed")
    if unknown := wanted - {str(scope) for scope in Scope}:
        raise ValueError(f"没有这样的权限范围 / no such scope: {', '.join(sorted(unknown))}")
    check_sender(sender_code, wanted, reach)
    # URL-safe base64 needs no percent-encoding in a Basic header; many clients forget to encode.
    secret = secrets.token_urlsafe(32)
    client = Client(
        client_id, name, hash_secret(secret), wanted, reach, now, sender_code=sender_code, must_bind=must_bind
    )
    return client, secret


def check_sender(sender_code: str | None, scopes: frozenset[str], reach: Reach) -> None:
    """Who pushes does it for one sender, and one that is bound to an organisation for its own. Raises ValueError."""
    if (sender_code is None) == bool(scopes & WRITE_SCOPES):
        raise ValueError(
            "推送数据须同时有数据源的写入权限（如 feed.pharmacy:write）和发送方 --sender"
            " / to push takes both: a feed's scope, such as feed.pharmacy:write, and a sender"
        )
    if sender_code is None:
        return
    if not SENDER_CODE.fullmatch(sender_code):
        raise ValueError(f"发送方代码只能用文字、数字和 . _ - / not a sender code: {sender_code!r}")
    if not may_send(reach, sender_code):
        raise ValueError(
            f"限于本机构的客户端只能推送本机构的数据，机构中须有 sender:{sender_code}"
            f" / a client of an organisation pushes its own data: sender:{sender_code} must be among its codes"
        )


def may_send(reach: Reach, sender_code: str) -> bool:
    """Whether somebody of this reach may write a sender's data. One bound to no organisation is not limited by it."""
    return reach.owners is None or Owner(OwnerKind.SENDER, sender_code) in reach.owners


def hash_secret(secret: str) -> str:
    """The secret's salted scrypt hash as text that carries its own parameters."""
    salt = secrets.token_bytes(16)
    digest = _scrypt(secret, salt, SCRYPT_N, SCRYPT_R, SCRYPT_P)
    encoded = [base64.urlsafe_b64encode(part).decode() for part in (salt, digest)]
    return "$".join(["scrypt", str(SCRYPT_N), str(SCRYPT_R), str(SCRYPT_P), *encoded])


def verify_secret(client: Client, secret: str) -> bool:
    """Whether this is the client's secret; compares in constant time.

    Raises ValueError where the stored hash is not one of ours.
    """
    scheme, n, r, p, salt, digest = client.secret_hash.split("$")
    if scheme != "scrypt":
        raise ValueError(f"client {client.client_id} has a secret hash of unknown kind")
    expected = base64.urlsafe_b64decode(digest)
    actual = _scrypt(secret, base64.urlsafe_b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(expected, actual)


def _scrypt(secret: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)


class ClientDirectory:
    """All clients in memory, read again when old, or when somebody unknown turns up.

    Authlib's core is synchronous and asks `get`; the asynchronous edge calls `refresh` before. A client
    that another process added is thus known at once, and one that it disabled is refused within `max_age`.
    """

    def __init__(
        self,
        fetch_clients: Callable[[], Awaitable[Sequence[Client]]],
        clock: Callable[[], datetime],
        max_age: timedelta = timedelta(seconds=3),
        min_gap: timedelta = timedelta(milliseconds=250),
        deadline: timedelta = timedelta(seconds=5),
    ) -> None:
        """Read through `fetch_clients`, one read at a time, none within `min_gap` of the last."""
        self._fetch_clients = fetch_clients
        self._clock = clock
        self._max_age = max_age
        self._min_gap = min_gap
        self._deadline = deadline
        self._lock = anyio.Lock()
        self._clients: dict[str, Client] = {}
        never = datetime.min.replace(tzinfo=UTC)
        self._fetched_at = never
        self._attempted_at = never

    def get(self, client_id: str) -> Client | None:
        """The client as last read; None for one that is unknown or disabled."""
        client = self._clients.get(client_id)
        return None if client is None or client.disabled_at is not None else client

    async def refresh(self, client_id: str) -> None:
        """Make sure that `get(client_id)` answers from fresh data.

        Raises ClientsUnavailableError where the data is too old and cannot be read: better no token than
        one for a client that may have been disabled.
        """
        if not self._needed(client_id):
            return
        async with self._lock:
            if not self._needed(client_id):
                return  # somebody else read it while we waited
            if self._within(self._attempted_at, self._min_gap):
                self._refuse_when_stale()
                return
            await self._read()

    async def _read(self) -> None:
        # Taken before the read, so that the age is never understated.
        self._attempted_at = self._clock()
        try:
            with anyio.fail_after(self._deadline.total_seconds()):
                clients = await self._fetch_clients()
        except Exception as error:  # whatever the driver raises, the answer is the same
            raise ClientsUnavailableError from error
        self._clients = {client.client_id: client for client in clients}
        self._fetched_at = self._attempted_at

    def _needed(self, client_id: str) -> bool:
        return client_id not in self._clients or not self._within(self._fetched_at, self._max_age)

    def _refuse_when_stale(self) -> None:
        if not self._within(self._fetched_at, self._max_age):
            raise ClientsUnavailableError

    def _within(self, then: datetime, span: timedelta) -> bool:
        # A clock that was set back makes the past look like the future: that counts as old.
        return timedelta(0) <= self._clock() - then < span
