"""Who is asking, as a verified token says."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hub.access.binding import UNBOUND, Binding
from schema.reach import Reach

#: before every revocation
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, as a verified token says.

    Names given by another issuer than the hub's own end in `@` and its short name, so that they are nobody else's.
    """

    client_id: str
    scopes: frozenset[str]
    #: UTC
    expires_at: datetime
    #: the token's `jti`
    token_id: str
    #: which rows
    reach: Reach
    #: who vouches for it
    issuer: str
    #: the person for whom the client asks, or the client itself
    subject: str
    #: ids of the grants by which it has more scopes than its roles give
    grants: tuple[int, ...] = ()
    #: UTC; what was revoked since then concerns it
    issued_at: datetime = _NEVER
    #: the keys without which its token is worth nothing
    binding: Binding = UNBOUND

    @property
    def is_person(self) -> bool:
        """Whether somebody is signed in, rather than a system on its own."""
        return self.subject != self.client_id
