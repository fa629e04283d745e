"""The access tokens that the hub's own issuer gave: whose one is, and how it is made worthless."""

from collections.abc import Callable
from datetime import datetime

import asyncpg

from hub.access.caller import Caller
from hub.access.refusals import TokenError
from hub.access.revocation_store import revoke
from hub.access.revocations import Revoked, Standing
from hub.access.tokens import TokenVerifier


class OwnTokens:
    """The access tokens that the issuer gave."""

    def __init__(
        self, verifier: TokenVerifier, standing: Standing, pool: asyncpg.Pool, clock: Callable[[], datetime]
    ) -> None:
        """`verifier` trusts the hub's own issuer and no other."""
        self._verifier = verifier
        self._standing = standing
        self._pool = pool
        self._clock = clock

    async def read(self, token: str) -> Caller | None:
        """Whose it is; None where it is good no longer, or never was."""
        try:
            caller = await self._verifier.verify(token)
            self._standing.check(caller)
        except TokenError as error:
            if error.code == "temporarily_unavailable":
                raise
            return None
        return caller

    async def revoke(self, caller: Caller) -> None:
        """Make it worthless."""
        async with self._pool.acquire() as connection:
            await revoke(connection, Revoked.TOKEN, caller.token_id, self._clock())
