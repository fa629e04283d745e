"""Who is asking, as a verified token says."""

from dataclasses import dataclass
from datetime import datetime

from schema.reach import Reach


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, as a verified token says."""

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

    @property
    def is_person(self) -> bool:
        """Whether somebody is signed in, rather than a system on its own."""
        return self.subject != self.client_id
