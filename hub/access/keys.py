"""The issuer's signing keys: ES256 keys as PEM files in one folder, of which the newest signs."""

import os
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet

ALGORITHM = "ES256"
CURVE = "P-256"
PATTERN = "es256-*.pem"
# Names sort by age: a key that is added is the newest, and signs; one whose file is removed is withdrawn.
FIRST_KEY = "es256-0001.pem"
_NUMBER = re.compile(r"es256-(\d+)\.pem")
#: how often the folder is looked at while all keys asked for are known
_LOOK = timedelta(seconds=1)


class SigningKeyError(Exception):
    """A file in the key folder is not a private ES256 key."""


class OwnKeys(Protocol):
    """What an issuer needs of its keys."""

    @property
    def current(self) -> ECKey:
        """The key that signs."""
        ...

    def public_jwks(self) -> dict[str, Any]:
        """The RFC 7517 document that others verify with."""
        ...

    async def find(self, key_id: str) -> Key | None:
        """The public half of one of the keys."""
        ...


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The private keys by age, oldest first; never empty. Each is known by its RFC 7638 thumbprint."""

    private: tuple[ECKey, ...]

    @property
    def current(self) -> ECKey:
        """The key that signs."""
        return self.private[-1]

    @property
    def public(self) -> KeySet:
        """The public halves of all keys, to verify with."""
        return KeySet([ECKey.import_key(key.as_dict(private=False)) for key in self.private])

    def public_jwks(self) -> dict[str, Any]:
        """The RFC 7517 document that others verify with."""
        return dict(self.public.as_dict())

    async def find(self, key_id: str) -> Key | None:
        """The key of this id, to verify with."""
        return next((key for key in self.private if key.kid == key_id), None)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key where it lies."""

    path: Path
    key_id: str
    created_at: datetime
    #: when the key after it took over; None: it is the one that signs
    retiring_since: datetime | None


class KeyFolder:
    """The keys of a folder as they are now: those that are added or removed are noticed without a restart."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        """The first key is made here when there is none. Raises SigningKeyError."""
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        self._keys = load_or_create_keys(folder)
        self._seen = _listing(folder)
        self._looked_at = clock()

    @property
    def current(self) -> ECKey:
        """The key that signs."""
        return self._fresh().current

    def public_jwks(self) -> dict[str, Any]:
        """The RFC 7517 document that others verify with."""
        return self._fresh().public_jwks()

    async def find(self, key_id: str) -> Key | None:
        """The key of this id, to verify with; another process may have made it a moment ago."""
        return await self._fresh().find(key_id) or await self._fresh(at_once=True).find(key_id)

    def _fresh(self, *, at_once: bool = False) -> SigningKeys:
        with self._lock:
            now = self._clock()
            if at_once or not timedelta(0) <= now - self._looked_at < _LOOK:
                self._looked_at = now
                self._look()
            return self._keys

    def _look(self) -> None:
        seen = _listing(self._folder)
        if seen != self._seen:
            known = {key.kid: key for key in self._keys.private}
            read = load_or_create_keys(self._folder).private
            # a key that stays is the object it was: tokens that it signed need not be verified again
            self._keys = SigningKeys(tuple(known.get(key.kid, key) for key in read))
            self._seen = seen


def load_or_create_keys(folder: Path) -> SigningKeys:
    """The keys in this folder; the first one is made here when there is none.

    Processes that start at the same time agree on that first key. Raises SigningKeyError for a file that
    holds no private P-256 key.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not any(folder.glob(PATTERN)):
        _create_key(folder, FIRST_KEY)
    return SigningKeys(tuple(_read_key(path) for path in sorted(folder.glob(PATTERN))))


def list_keys(folder: Path) -> list[KeyFile]:
    """The keys in this folder, oldest first. Raises SigningKeyError."""
    paths = sorted(folder.glob(PATTERN))
    made = [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in paths]
    return [
        KeyFile(path, str(_read_key(path).kid), created_at, since)
        for path, created_at, since in zip(paths, made, [*made[1:], None], strict=True)
    ]


def rotate(folder: Path) -> KeyFile:
    """Make a new key, which signs from now on; the others still verify. Raises SigningKeyError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        last = max((path.name for path in folder.glob(PATTERN)), default="es256-0000.pem")
        number = _NUMBER.fullmatch(last)
        if number is None:
            raise SigningKeyError(f"密钥文件名须形如 es256-0001.pem / not a key file's name: {last}")
        if _create_key(folder, f"es256-{int(number[1]) + 1:04d}.pem"):
            return list_keys(folder)[-1]


def retire(
    folder: Path, key_id: str, now: datetime, longest_token: timedelta, *, at_once: bool = False
) -> None:
    """Destroy a key: tokens that it signed are refused from now on. Raises SigningKeyError.

    Unless `at_once` (the key has leaked), only where all of them have expired: none is signed with it once another took
    over, and a token lives for `longest_token`.
    """
    found = next((key for key in list_keys(folder) if key.key_id == key_id), None)
    if found is None:
        raise SigningKeyError(f"没有密钥 / no such key: {key_id}")
    if found.retiring_since is None:
        raise SigningKeyError("正在使用的密钥不能停用，请先轮换 / this key signs: rotate first")
    free_at = found.retiring_since + longest_token
    if now < free_at and not at_once:
        raise SigningKeyError(
            f"该密钥签发的令牌可能仍有效，{free_at:%Y-%m-%d %H:%M:%S} UTC 后再停用"
            f" / its tokens may still be good until {free_at:%Y-%m-%d %H:%M:%S} UTC"
        )
    found.path.unlink()


def _create_key(folder: Path, name: str) -> bool:
    """Make a key of this name; False where another process was first."""
    pem = ECKey.generate_key(CURVE).as_pem(private=True)
    draft = folder / f".{secrets.token_hex(8)}.tmp"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        # A hard link appears whole or not at all, and fails where the name is taken: the first process wins.
        (folder / name).hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _listing(folder: Path) -> list[tuple[str, int]]:
    """What tells that keys were added, removed or replaced."""
    return sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob(PATTERN))


def _read_key(path: Path) -> ECKey:
    try:
        key = ECKey.import_key(path.read_bytes(), {"use": "sig", "alg": ALGORITHM})
    except (JoseError, ValueError, TypeError) as error:
        raise SigningKeyError(f"不是密钥文件 / not a key file: {path.name}") from error
    if not key.is_private or key.curve_name != CURVE:
        raise SigningKeyError(f"不是 ES256 私钥 / not a private ES256 key: {path.name}")
    key.ensure_kid()
    return key
