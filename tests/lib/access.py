"""Access without a database: who sends a request, for tests of a single process."""

from collections.abc import Callable, Iterable
from datetime import datetime

from hub.access.authentication import Authentication
from hub.access.caller import Caller
from hub.access.certificates import CertificateHeader
from hub.access.once import OnceHere
from hub.access.refusals import invalid_token
from hub.access.revocations import Standing
from hub.access.tokens import TokenVerifier
from hub.access.trusted_issuer import TrustedIssuer


class KnownStanding(Standing):
    """Knows at any time what it was told, however long ago that was: the clocks of tests jump."""

    def check(self, caller: Caller) -> None:
        """Refuse what was revoked."""
        if self.is_revoked(caller):
            raise invalid_token("令牌已被吊销", "the token was revoked")


def authentication(
    issuers: Iterable[TrustedIssuer],
    clock: Callable[[], datetime],
    origin: str,
    certificates: CertificateHeader | None = None,
) -> Authentication:
    """Who sends a request, by the tokens of these issuers."""
    return Authentication(
        TokenVerifier(issuers, clock),
        KnownStanding(clock),
        OnceHere(),
        certificates or CertificateHeader(None, ()),
        origin,
        clock,
    )
