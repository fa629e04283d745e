"""What was revoked before its time, as this process knows it, and whom that concerns."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from hub.access.caller import Caller
from hub.access.refusals import invalid_token, not_now

#: nobody is let in on knowledge that is older; some looks may fail before that
_MAX_AGE = timedelta(seconds=10)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Revoked(StrEnum):
    """What can be revoked. All but a token mean the tokens that were issued until then."""

    #: one token, by its `jti`
    TOKEN = "token"  # noqa: S105 - a kind
    #: all of a client
    CLIENT = "client"
    #: all of a person, by whichever client
    SUBJECT = "subject"
    #: all that were given by this grant
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Revocations:
    """All that is revoked, at one moment."""

    #: since when, by what and by its id
    since: Mapping[tuple[Revoked, str], datetime] = field(default_factory=dict)
    #: the hub's own clients that are disabled
    disabled: frozenset[str] = frozenset()


class Standing:
    """Whether callers are still what their tokens say. Told by an `AccessWatch`, asked at every request."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known = Revocations()
        self._known_at = _NEVER
        self._changed = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    def when_changed(self, listener: Callable[[], None]) -> None:
        """Have it called whenever something was revoked."""
        self._listeners.append(listener)

    def tell(self, known: Revocations, at: datetime) -> None:
        """What is so as of an instant."""
        is_other, self._known, self._known_at = known != self._known, known, at
        if is_other:
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()
            for listener in self._listeners:
                listener()

    def check(self, caller: Caller) -> None:
        """Raise TokenError where the token was revoked, or that is not known."""
        # a clock that was set back makes the past look like the future: that counts as old
        if not timedelta(0) <= self._clock() - self._known_at < _MAX_AGE:
            raise not_now("暂时无法核对令牌是否已吊销", "whether the token was revoked is not known just now")
        if self.is_revoked(caller):
            raise invalid_token("令牌已被吊销", "the token was revoked")

    def is_revoked(self, caller: Caller) -> bool:
        """Whether the token is good no longer, though it has not expired."""
        if caller.client_id in self._known.disabled:
            return True
        since = self._known.since
        if not since:
            return False
        if (Revoked.TOKEN, caller.token_id) in since:
            return True
        concerned = [(Revoked.CLIENT, caller.client_id), (Revoked.SUBJECT, caller.subject)]
        concerned += [(Revoked.GRANT, str(number)) for number in caller.grants]
        return any(caller.issued_at <= since[each] for each in concerned if each in since)

    async def until_revoked(self, caller: Caller) -> None:
        """Return when the token is good no longer: for those who keep a connection open."""
        while not self.is_revoked(caller):
            await self._changed.wait()
