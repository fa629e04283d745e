"""An issuer whose tokens are taken, and what its claims mean here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.access.algorithms import Algorithm, Registry
from hub.access.jwks import KeySource
from schema.reach import Reach, reach_of
from schema.regions import code_range

ACCESS_TOKEN = ("at+jwt", "application/at+jwt")
#: claims by which an ID token, which is no key to anything, is told from an access token of type JWT
_OF_ID_TOKENS = ("nonce", "at_hash", "c_hash")

#: keys that lead to a claim, outermost first
ClaimPath = tuple[str, ...]
_SCOPE: ClaimPath = ("scope",)


class ClaimsError(ValueError):
    """A claim that makes no sense; its text names it."""


@dataclass(frozen=True, slots=True)
class ClaimMap:
    """Where an issuer says what. A path that is None says nothing."""

    client_id: ClaimPath = ("client_id",)
    #: text parted by blanks, or a list; all of them count
    scopes: tuple[ClaimPath, ...] = (_SCOPE,)
    region: ClaimPath | None = ("region",)
    organization: ClaimPath | None = ("organization",)


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer whose tokens are taken."""

    #: the issuer identifier
    url: str
    #: the `aud` of its tokens for this hub
    audience: str
    keys: KeySource
    algorithms: tuple[Algorithm, ...] = (Algorithm.ES256,)
    #: the `typ` of its access tokens
    token_types: tuple[str, ...] = ACCESS_TOKEN
    claims: ClaimMap = ClaimMap()
    #: stands behind every name that it gives; None: the hub's own issuer, whose names are the hub's
    name: str | None = None
    #: what it may vouch for at most; None: everything
    scopes: frozenset[str] | None = None
    #: its words for scopes, by word
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: where its callers are at home at most; None: anywhere
    region_code: str | None = None

    @property
    def registry(self) -> Registry:
        """Its algorithms."""
        return Registry(self.algorithms)

    @property
    def is_own(self) -> bool:
        """Whether it is the hub's own."""
        return self.name is None

    def named(self, name: str) -> str:
        """A name that it gave, as nobody else's."""
        return name if self.name is None else f"{name}@{self.name}"

    def check_kind(self, claims: Mapping[str, Any]) -> None:
        """Refuse what is no access token, where its type does not say so. Raises ClaimsError."""
        if self.token_types == ACCESS_TOKEN:
            return
        if any(name in claims for name in _OF_ID_TOKENS) or claims.get("typ", "Bearer") not in (
            "Bearer",
            "DPoP",
        ):
            raise ClaimsError("typ")

    def client_id(self, claims: Mapping[str, Any]) -> str:
        """Which client asks. Raises ClaimsError."""
        found = _at(claims, self.claims.client_id)
        if not isinstance(found, str) or not found:
            raise ClaimsError(".".join(self.claims.client_id))
        return self.named(found)

    def granted(self, claims: Mapping[str, Any]) -> frozenset[str]:
        """The scopes that it vouches for, and may vouch for. Raises ClaimsError."""
        said = [word for path in self.claims.scopes for word in _words(claims, path)]
        meant = {scope for word in said for scope in self.words.get(word, (word,))}
        return frozenset(meant if self.scopes is None else meant & self.scopes)

    def reach(self, claims: Mapping[str, Any]) -> Reach:
        """The rows that it vouches for. Raises ClaimsError."""
        if self.region_code is not None and self.claims.region is None and self.claims.organization is None:
            return Reach(self.region_code)
        region, organization = (
            None if path is None else _at(claims, path)
            for path in (self.claims.region, self.claims.organization)
        )
        try:
            found = reach_of(region, [organization] if isinstance(organization, str) else organization)
        except ValueError as error:
            raise ClaimsError("region, organization") from error
        if self._is_beyond(found):
            raise ClaimsError("region")
        return found

    def _is_beyond(self, reach: Reach) -> bool:
        """Whether a division is outside of the issuer's own."""
        if self.region_code is None or reach.code_range is None:
            return False
        lowest, end = code_range(self.region_code)
        return not (lowest <= reach.code_range[0] and reach.code_range[1] <= end)


def _at(claims: Mapping[str, Any], path: ClaimPath) -> Any:
    """What stands at a path; None where it leads nowhere."""
    found: Any = claims
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _words(claims: Mapping[str, Any], path: ClaimPath) -> list[str]:
    found = _at(claims, path)
    if found is None:
        return []
    if isinstance(found, str):
        return found.split()
    # RFC 9068 has `scope` as text; lists are what others call roles
    if path == _SCOPE or not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ClaimsError(".".join(path))
    return found
