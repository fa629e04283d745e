"""The resource server's side: a bearer token (RFC 9068) in, its verified caller out."""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
)
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from joserfc.util import json_b64decode
from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from hub.access.caller import Caller
from schema.reach import reach_of

ALGORITHMS = ["ES256"]
# Any other header parameter (jwk, jku, x5u, crit, b64 …) would let the token steer its own verification.
HEADER_PARAMETERS = {"alg", "typ", "kid"}
TOKEN_TYPES = {"at+jwt", "application/at+jwt"}
COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
MAX_TOKEN_LENGTH = 8192
LEEWAY_SECONDS = 5

TokenErrorCode = Literal["missing_token", "invalid_token"]


class TokenError(Exception):
    """The request carries no token that the hub accepts; `description` says why, Chinese first."""

    def __init__(self, code: TokenErrorCode, description: str) -> None:
        super().__init__(f"{code}: {description}")
        self.code: TokenErrorCode = code
        self.description = description


class TokenVerifier:
    """Verifies access tokens of one issuer for one audience; safe to share between threads.

    A verified token is remembered by its SHA-256 until it expires, so withdrawing a key takes effect on
    tokens already seen only when they expire.
    """

    def __init__(
        self,
        issuer_url: str,
        audience: str,
        keys: KeySet,
        clock: Callable[[], datetime],
        cache_size: int = 10_000,
    ) -> None:
        """Verify with the issuer's public `keys`; `clock` gives UTC."""
        self._keys = keys
        self._clock = clock
        self._jws = JWSRegistry(algorithms=ALGORITHMS)
        self._required = {
            "iss": jwt.ClaimsOption(essential=True, value=issuer_url),
            "aud": jwt.ClaimsOption(essential=True, value=audience),
            **{name: jwt.ClaimsOption(essential=True) for name in ("exp", "iat", "sub", "client_id", "jti")},
        }
        self._verified = _VerifiedTokens(cache_size)

    def verify(self, token: str) -> Caller:
        """The caller that this token stands for. Raises TokenError, and only that, whatever the text."""
        if len(token) > MAX_TOKEN_LENGTH or not COMPACT_JWS.fullmatch(token):
            raise _invalid("令牌格式不对", "the token is malformed")
        digest = hashlib.sha256(token.encode("ascii")).digest()
        now = self._clock()
        caller = self._verified.get(digest, now)
        if caller is None:
            caller = _caller(self._claims(token, now))
            self._verified.put(digest, caller)
        return caller

    def _claims(self, token: str, now: datetime) -> dict[str, Any]:
        """The claims of a token whose header, signature and registered claims are in order."""
        try:
            _check_header(json_b64decode(token.partition(".")[0].encode("ascii")))
            claims = jwt.decode(token, self._keys, registry=self._jws).claims
            checks = JWTClaimsRegistry(int(now.timestamp()), LEEWAY_SECONDS, **self._required)
            checks.validate(claims)
        except JoseError as error:
            raise _refusal(error) from error
        except (ValueError, TypeError, RecursionError) as error:
            # Odd JSON gets past joserfc's own errors: huge integers, deep nesting, bytes that are not UTF-8.
            raise _invalid("令牌格式不对", "the token is malformed") from error
        return claims


def bearer_token(headers: Headers) -> str:
    """The token in the one Authorization header, of scheme Bearer. Raises TokenError otherwise."""
    values = headers.getlist("authorization")
    if len(values) > 1:
        raise _invalid("Authorization 请求头只能有一个", "more than one Authorization header")
    scheme, _, token = (values[0] if values else "").partition(" ")
    if scheme.lower() != "bearer":
        raise TokenError(
            "missing_token", "请求须带访问令牌 Authorization: Bearer … / a bearer access token is needed"
        )
    return token.strip(" ")


def refusal_response(error: TokenError) -> JSONResponse:
    """The RFC 6750 answer, status 401: the challenge in its header, the reason in its JSON body."""
    # Whoever sent no token at all is told only how to ask (RFC 6750 §3.1).
    reason = "" if error.code == "missing_token" else f', error="{error.code}"'
    return JSONResponse(
        {"error": error.code, "error_description": error.description},
        status_code=401,
        headers={"WWW-Authenticate": f'Bearer realm="baogong"{reason}', "Cache-Control": "no-store"},
    )


class _VerifiedTokens:
    """Callers by the digest of their token: at most `size` of them, the least recently seen go first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._callers: OrderedDict[bytes, Caller] = OrderedDict()

    def get(self, digest: bytes, now: datetime) -> Caller | None:
        with self._lock:
            caller = self._callers.pop(digest, None)
            if caller is None or caller.expires_at <= now:
                return None
            self._callers[digest] = caller  # back in as the most recently seen
            return caller

    def put(self, digest: bytes, caller: Caller) -> None:
        with self._lock:
            self._callers[digest] = caller
            if len(self._callers) > self._size:
                self._callers.popitem(last=False)


def _check_header(header: Any) -> None:
    # joserfc takes any JSON with "alg" in it, the list ["alg"] too, and trips over it later.
    if not isinstance(header, dict) or not header.keys() <= HEADER_PARAMETERS:
        raise _invalid("令牌头里有不允许的参数", "the token's header has a parameter that is not allowed")
    if header.get("typ") not in TOKEN_TYPES:
        raise _invalid("令牌类型须为 at+jwt", "the token's typ is not at+jwt")
    # Without a kid joserfc would take the only key there is.
    if not isinstance(header.get("kid"), str):
        raise _invalid("令牌头里没有 kid", "the token's header has no kid")


def _caller(claims: dict[str, Any]) -> Caller:
    client_id, scope = claims["client_id"], claims.get("scope", "")
    if not isinstance(client_id, str) or not isinstance(scope, str):
        raise _invalid("client_id 和 scope 须为文字", "client_id and scope must be strings")
    try:
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise _invalid("令牌的到期时间不合理", "the token's expiry is out of range") from error
    try:
        reach = reach_of(claims.get("region"), claims.get("organization"))
        grants = _grants(claims.get("grants", []))
    except ValueError as error:
        raise _invalid("令牌的辖区或机构不合理", "the token's reach makes no sense") from error
    return Caller(
        client_id=client_id,
        scopes=frozenset(scope.split()),
        expires_at=expires_at,
        token_id=claims["jti"],
        reach=reach,
        issuer=claims["iss"],
        subject=claims["sub"],
        grants=grants,
    )


def _grants(claim: Any) -> tuple[int, ...]:
    if not isinstance(claim, list) or any(type(each) is not int for each in claim):
        raise ValueError("grants")
    return tuple(claim)


def _refusal(error: JoseError) -> TokenError:
    """What the caller is told; names claims, never their values."""
    match error:
        case ExpiredTokenError():
            return _invalid("令牌已过期", "the token has expired")
        case MissingClaimError():
            return _invalid(f"令牌缺少 {error.claim}", f"the token lacks {error.claim}")
        case ClaimError():
            return _invalid(f"令牌的 {error.claim} 不对", f"the token's {error.claim} is not acceptable")
        case InvalidKeyIdError() | BadSignatureError():
            return _invalid("令牌的签名不对", "the token's signature is not from a known key")
        case _:
            return _invalid("令牌格式不对", "the token is malformed")


def _invalid(chinese: str, english: str) -> TokenError:
    return TokenError("invalid_token", f"{chinese} / {english}")
