"""What happens at the hub's doors, for whoever keeps the record: sign-ins, refusals, sign-outs, replays."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventName(StrEnum):
    """What happened, as `source:subject:action`."""

    SIGN_IN_SUCCEEDED = "people:sign_in:succeeded"
    SIGN_IN_FAILED = "people:sign_in:failed"
    SIGN_IN_THROTTLED = "people:sign_in:throttled"
    SIGN_OUT = "people:session:ended"
    PASSWORD_CHANGED = "people:password:changed"  # noqa: S105 - a name
    TOTP_ENROLLED = "people:totp:enrolled"
    ACCESS_PROPOSED = "access:change:proposed"
    ACCESS_APPROVED = "access:change:approved"
    ACCESS_REJECTED = "access:change:rejected"
    ACCESS_TAKEN_AWAY = "access:change:taken_away"
    CODE_ISSUED = "people:code:issued"
    CODE_REPLAYED = "people:code:replayed"
    REFRESH_REPLAYED = "people:refresh:replayed"


@dataclass(frozen=True, slots=True)
class AccessEvent:
    """One thing that happened. It never holds a password, a code or a token."""

    name: EventName
    #: UTC
    at: datetime
    #: the account's user name, as known; None where nobody is known by the name that was typed
    subject: str | None = None
    #: the application that asked, by its client id
    client_id: str | None = None
    #: where the request came from
    address: str | None = None
    #: why, by a short code: `password`, `totp`, `disabled` …
    reason: str | None = None


#: keeps an event; raises where it cannot, and then what was asked does not happen
Record = Callable[[AccessEvent], Awaitable[None]]


async def log_nothing(_event: AccessEvent) -> None:
    """Keep no record: for tests, and where nobody asked for one."""
