"""The resource server's side: an access token (RFC 9068) in, its verified caller out."""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError, JoseError, MissingClaimError
from joserfc.jwk import Key
from joserfc.jwt import JWTClaimsRegistry
from joserfc.util import json_b64decode

from hub.access.binding import binding_of
from hub.access.caller import Caller
from hub.access.jwks import KeysUnavailableError
from hub.access.refusals import TokenError, invalid_token, not_now
from hub.access.trusted_issuer import ClaimsError, TrustedIssuer

# Any other header parameter (jwk, jku, x5u, crit, b64 …) would let the token steer its own verification.
HEADER_PARAMETERS = {"alg", "typ", "kid"}
COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
MAX_TOKEN_LENGTH = 8192
LEEWAY_SECONDS = 5
#: for no longer may a token be good; so long is remembered that one was revoked
LONGEST_LIFE = timedelta(days=1)


class TokenVerifier:
    """Verifies the access tokens of the issuers that are trusted.

    A verified token is remembered by its SHA-256 until it expires, or the very key that signed it is none of its
    issuer's any more.
    """

    def __init__(
        self,
        issuers: Iterable[TrustedIssuer],
        clock: Callable[[], datetime],
        cache_size: int = 10_000,
    ) -> None:
        """`clock` gives UTC."""
        self._issuers = {issuer.url: _Issuer(issuer) for issuer in issuers}
        self._clock = clock
        self._verified = _VerifiedTokens(cache_size)

    async def verify(self, token: str) -> Caller:
        """The caller that this token stands for. Raises TokenError, and only that, whatever the text."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise invalid_token("令牌格式不对", "the token is malformed")
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._verified.get(digest, self._clock())
        if known is None and not COMPACT_JWS.fullmatch(token):
            raise invalid_token("令牌格式不对", "the token is malformed")
        issuer, key_id = (known.issuer, known.key_id) if known else self._signer(token)
        try:
            key = await issuer.trusted.keys.find(key_id)
        except KeysUnavailableError as error:
            raise not_now("暂时取不到签发者的公钥", "the issuer's keys cannot be had just now") from error
        if key is None:
            raise _unknown_key()
        if known is None or known.key is not key:
            known = _Verified(issuer.caller(token, key, self._clock()), issuer, key_id, key)
            self._verified.put(digest, known)
        return known.caller

    def _signer(self, token: str) -> tuple["_Issuer", str]:
        """Who the token says has signed it, and with which of its keys. Nothing of it is believed yet."""
        header, payload = (_part(token, place) for place in (0, 1))
        name = payload.get("iss") if isinstance(payload, dict) else None
        issuer = self._issuers.get(name) if isinstance(name, str) else None
        if issuer is None:
            raise invalid_token(
                "令牌的 iss 不是所信任的签发者", "the token's iss is no issuer that is trusted here"
            )
        return issuer, issuer.checked_key_id(header)


class _Issuer:
    """One issuer's rules, made ready."""

    def __init__(self, trusted: TrustedIssuer) -> None:
        self.trusted = trusted
        self._jws = trusted.registry
        self._required = {
            "iss": jwt.ClaimsOption(essential=True, value=trusted.url),
            "aud": jwt.ClaimsOption(essential=True, value=trusted.audience),
            **{name: jwt.ClaimsOption(essential=True) for name in ("exp", "iat", "sub", "jti")},
        }

    def checked_key_id(self, header: Any) -> str:
        """The `kid` of a header in which nothing else steers the verification. Raises TokenError."""
        # joserfc takes any JSON with "alg" in it, the list ["alg"] too, and trips over it later.
        if not isinstance(header, dict) or not header.keys() <= HEADER_PARAMETERS:
            raise invalid_token(
                "令牌头里有不允许的参数", "the token's header has a parameter that is not allowed"
            )
        if header.get("typ") not in self.trusted.token_types:
            raise invalid_token("令牌类型须为 at+jwt", "the token's typ is not at+jwt")
        key_id = header.get("kid")
        if not isinstance(key_id, str):
            raise invalid_token("令牌头里没有 kid", "the token's header has no kid")
        return key_id

    def caller(self, token: str, key: Key, now: datetime) -> Caller:
        """The caller of a token that this key has signed, and whose claims are in order. Raises TokenError."""
        try:
            claims = jwt.decode(token, key, registry=self._jws).claims
            checks = JWTClaimsRegistry(int(now.timestamp()), LEEWAY_SECONDS, **self._required)
            checks.validate(claims)
            return self._understood(claims, now)
        except JoseError as error:
            raise _refusal(error) from error
        except ClaimsError as error:
            raise invalid_token(f"令牌的 {error} 不合理", f"the token's {error} makes no sense") from error
        except (ValueError, TypeError, RecursionError, OverflowError, OSError) as error:
            # Odd JSON gets past joserfc's own errors: huge integers, deep nesting, bytes that are not UTF-8.
            raise invalid_token("令牌格式不对", "the token is malformed") from error

    def _understood(self, claims: dict[str, Any], now: datetime) -> Caller:
        issuer = self.trusted
        issuer.check_kind(claims)
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        if expires_at - now > LONGEST_LIFE + timedelta(seconds=LEEWAY_SECONDS):
            raise ClaimsError("exp")
        return Caller(
            client_id=issuer.client_id(claims),
            scopes=issuer.granted(claims),
            expires_at=expires_at,
            token_id=issuer.named(claims["jti"]),
            reach=issuer.reach(claims),
            issuer=claims["iss"],
            subject=issuer.named(claims["sub"]),
            grants=_grants(claims.get("grants", [])) if issuer.is_own else (),
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            binding=_binding(claims.get("cnf")),
        )


@dataclass(frozen=True, slots=True)
class _Verified:
    """A caller, and the key by which the token was found good."""

    caller: Caller
    issuer: _Issuer
    key_id: str
    key: Key


class _VerifiedTokens:
    """Callers by the digest of their token: at most `size` of them, the least recently seen go first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._callers: OrderedDict[bytes, _Verified] = OrderedDict()

    def get(self, digest: bytes, now: datetime) -> _Verified | None:
        with self._lock:
            known = self._callers.pop(digest, None)
            if known is None or known.caller.expires_at <= now:
                return None
            self._callers[digest] = known  # back in as the most recently seen
            return known

    def put(self, digest: bytes, known: _Verified) -> None:
        with self._lock:
            self._callers[digest] = known
            if len(self._callers) > self._size:
                self._callers.popitem(last=False)


def _part(token: str, place: int) -> Any:
    """A part of a token as JSON, before anything was verified."""
    try:
        return json_b64decode(token.split(".")[place].encode("ascii"))
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise invalid_token("令牌格式不对", "the token is malformed") from error


def _grants(claim: Any) -> tuple[int, ...]:
    if not isinstance(claim, list) or any(type(each) is not int for each in claim):
        raise ClaimsError("grants")
    return tuple(claim)


def _binding(claim: Any) -> Any:
    try:
        return binding_of(claim)
    except ValueError as error:
        raise ClaimsError("cnf") from error


def _refusal(error: JoseError) -> TokenError:
    """What the caller is told; names claims, never their values."""
    match error:
        case ExpiredTokenError():
            return invalid_token("令牌已过期", "the token has expired")
        case MissingClaimError():
            return invalid_token(f"令牌缺少 {error.claim}", f"the token lacks {error.claim}")
        case ClaimError():
            return invalid_token(f"令牌的 {error.claim} 不对", f"the token's {error.claim} is not acceptable")
        case BadSignatureError():
            return _unknown_key()
        case _:
            return invalid_token("令牌格式不对", "the token is malformed")


def _unknown_key() -> TokenError:
    return invalid_token("令牌的签名不对", "the token's signature is not from a known key")
