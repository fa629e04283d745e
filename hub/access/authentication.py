"""Who sends a request: its token, the key that the token is bound to, and whether both still count. The one way in."""

from collections.abc import Callable
from datetime import datetime

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from hub.access.binding import Binding
from hub.access.caller import Caller
from hub.access.certificates import CertificateHeader
from hub.access.once import Once, OnceUnavailableError
from hub.access.proof import ProofError, Shown, proven_key
from hub.access.refusals import invalid_proof, invalid_token, missing_token, not_now
from hub.access.revocations import Standing
from hub.access.tokens import TokenVerifier

_BEARER, _DPOP = "bearer", "dpop"


class Authentication:
    """Tells who sends a request to a resource of the hub."""

    def __init__(
        self,
        verifier: TokenVerifier,
        standing: Standing,
        once: Once,
        certificates: CertificateHeader,
        origin: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`origin` is that of the hub as clients see it: proofs are about it."""
        self.standing = standing
        self._verifier = verifier
        self._once = once
        self._certificates = certificates
        self._origin = origin
        self._clock = clock

    async def caller(self, connection: HTTPConnection, given: Headers | None = None) -> Caller:
        """Who it is. `given`: what stands for the headers, where a client cannot send any. Raises TokenError."""
        headers = connection.headers if given is None else given
        scheme, token = presented_token(headers)
        caller = await self._verifier.verify(token)
        self.standing.check(caller)
        if scheme == _DPOP or caller.binding.is_there:
            await self._check_binding(connection, headers, scheme, token, caller.binding)
        return caller

    async def _check_binding(
        self, connection: HTTPConnection, headers: Headers, scheme: str, token: str, binding: Binding
    ) -> None:
        """A token that is bound to a key is worth nothing without it. Raises TokenError."""
        if (scheme == _DPOP) != (binding.proof_key is not None):
            raise invalid_token(
                "令牌与密钥绑定时须用 Authorization: DPoP，未绑定时须用 Bearer",
                "a token that is bound to a key comes as DPoP, any other as Bearer",
                of_proof=True,
            )
        if (
            binding.certificate is not None
            and self._certificates.thumbprint(connection) != binding.certificate
        ):
            raise invalid_token(
                "令牌与另一张客户端证书绑定",
                "the token is bound to another certificate than the connection's",
            )
        if binding.proof_key is not None and binding.proof_key != await self._proven(
            connection, headers, token
        ):
            raise invalid_token("令牌与另一把密钥绑定", "the token is bound to another key", of_proof=True)

    async def _proven(self, connection: HTTPConnection, headers: Headers, token: str) -> str:
        scope = connection.scope
        shown = Shown(scope.get("method", "GET"), f"{self._origin}{scope['path']}", token)
        try:
            return await proven_key(headers, shown, self._once, self._clock())
        except ProofError as error:
            raise invalid_proof(error.chinese, error.english) from error
        except OnceUnavailableError as error:
            raise not_now("暂时无法核对 DPoP 证明", "proofs cannot be checked just now") from error


def presented_token(headers: Headers) -> tuple[str, str]:
    """Scheme (bearer or dpop) and token of the one Authorization header. Raises TokenError."""
    values = headers.getlist("authorization")
    if len(values) > 1:
        raise invalid_token("Authorization 请求头只能有一个", "more than one Authorization header")
    scheme, _, token = (values[0] if values else "").partition(" ")
    if scheme.lower() not in (_BEARER, _DPOP):
        raise missing_token()
    return scheme.lower(), token.strip(" ")
