"""The public keys of another issuer, fetched when they are needed and kept for a while."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from hub.access.algorithms import Algorithm, fits

_MAX_BYTES = 128 * 1024
_MAX_KEYS = 100
_KINDS: Mapping[str, type[ECKey] | type[OKPKey] | type[RSAKey]] = {"EC": ECKey, "OKP": OKPKey, "RSA": RSAKey}
#: of 2,048 bits in base64url
_LEAST_RSA_DIGITS = 342
_NEVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)


class KeysUnavailableError(Exception):
    """An issuer's keys cannot be had just now, so its tokens cannot be judged."""


class KeySource(Protocol):
    """Where the public keys of an issuer are found."""

    async def find(self, key_id: str) -> Key | None:
        """The key of this id, the same object as long as it is the same key; None: the issuer has no such key.

        Raises KeysUnavailableError where that cannot be told.
        """
        ...


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old keys may be, and how often somebody may ask for them."""

    #: after this they are fetched again, so that a withdrawn key is soon refused
    max_age: timedelta = timedelta(minutes=5)
    #: for so long they are used on while the issuer does not answer
    max_stale: timedelta = timedelta(hours=1)
    #: between two fetches, however many unknown keys are named
    min_gap: timedelta = timedelta(seconds=10)
    #: what a fetch may take
    deadline: timedelta = timedelta(seconds=4)


class RemoteKeys:
    """The keys at an issuer's `jwks_uri`. One fetch at a time; nothing that a token says leads to another address."""

    def __init__(
        self,
        address: str,
        algorithms: tuple[Algorithm, ...],
        clock: Callable[[], datetime],
        freshness: Freshness | None = None,
    ) -> None:
        self._address = address
        self._algorithms = algorithms
        self._clock = clock
        self._freshness = freshness or Freshness()
        self._lock = asyncio.Lock()
        self._keys: dict[str, Key] = {}
        self._fetched_at = _NEVER
        self._attempted_at = _NEVER

    async def find(self, key_id: str) -> Key | None:
        """See `KeySource`. A key that is not known is looked for at the issuer, at most once in `min_gap`."""
        if key_id not in self._keys or not self._is_within(self._fetched_at, self._freshness.max_age):
            async with self._lock:
                await self._refresh(key_id)
        if not self._is_within(self._fetched_at, self._freshness.max_stale):
            raise KeysUnavailableError(self._address)
        found = self._keys.get(key_id)
        if found is None and self._fetched_at != self._attempted_at:
            raise KeysUnavailableError(self._address)  # it may be a new one, which the issuer cannot show
        return found

    async def _refresh(self, key_id: str) -> None:
        """Fetch the keys, unless somebody did while we waited, or a moment ago."""
        is_fresh = self._is_within(self._fetched_at, self._freshness.max_age)
        if (is_fresh and key_id in self._keys) or self._is_within(
            self._attempted_at, self._freshness.min_gap
        ):
            return
        self._attempted_at = self._clock()
        try:
            async with asyncio.timeout(self._freshness.deadline.total_seconds()):
                document = await _fetch(self._address)
            fetched = _usable(document, self._algorithms)
        except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as error:
            log.warning("jwks.not_fetched", address=self._address, error=repr(error))
            return
        # what did not change stays the object it was: tokens that it signed need not be verified again
        self._keys = {name: _same(self._keys.get(name), key) for name, key in fetched.items()}
        self._fetched_at = self._attempted_at

    def _is_within(self, then: datetime, span: timedelta) -> bool:
        # a clock that was set back makes the past look like the future: that counts as old
        return timedelta(0) <= self._clock() - then < span


async def _fetch(address: str) -> Any:
    """The document there. Raises httpx.HTTPError or ValueError; redirects lead nowhere."""
    headers = {"Accept": "application/jwk-set+json, application/json", "Accept-Encoding": "identity"}
    # neither proxies nor credentials of the environment are used
    async with (
        httpx.AsyncClient(trust_env=False, follow_redirects=False) as http,
        http.stream("GET", address, headers=headers) as answer,
    ):
        if answer.status_code != httpx.codes.OK or "content-encoding" in answer.headers:
            raise ValueError(f"status {answer.status_code}, or a compressed answer")
        body = b""
        async for part in answer.aiter_raw():
            body += part
            if len(body) > _MAX_BYTES:
                raise ValueError(f"more than {_MAX_BYTES} bytes")
    return json.loads(body)


def _usable(document: Any, algorithms: tuple[Algorithm, ...]) -> dict[str, Key]:
    """By their ids, the keys of a set that these algorithms work with; the others are no concern of ours."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > _MAX_KEYS:
        raise ValueError("no set of keys")
    found: dict[str, Key] = {}
    for each in listed:
        key = _key(each, algorithms)
        if key is not None:
            if key[0] in found:
                raise ValueError(f"two keys have the id {key[0][:80]}")
            found[key[0]] = key[1]
    return found


def _key(member: Any, algorithms: tuple[Algorithm, ...]) -> tuple[str, Key] | None:
    if not isinstance(member, dict) or not isinstance(name := member.get("kid"), str):
        return None
    kind = _KINDS.get(member["kty"]) if isinstance(member.get("kty"), str) else None
    if kind is None or member.get("use", "sig") != "sig" or "d" in member:
        return None
    if kind is RSAKey and len(str(member.get("n"))) < _LEAST_RSA_DIGITS:
        return None
    usable = [each for each in algorithms if member.get("alg", each) == each]
    try:
        key = kind.import_key(member)
    except (JoseError, ValueError, TypeError):
        return None
    return (name, key) if any(fits(each, key) for each in usable) else None


def _same(old: Key | None, new: Key) -> Key:
    return old if old is not None and old.as_dict(private=False) == new.as_dict(private=False) else new
