"""Proofs of possession as a client makes them, and as an attacker bends them."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

Json = dict[str, Any]


def without_none(part: Json) -> Json:
    """What is left when those members are taken away that a test sets to None."""
    return {name: value for name, value in part.items() if value is not None}


@dataclass
class Prover:
    """A client's key, and what it signs with it."""

    key: ECKey | OKPKey = field(default_factory=lambda: ECKey.generate_key("P-256"))

    @property
    def algorithm(self) -> str:
        """ES256 or Ed25519, by the kind of key."""
        return "ES256" if isinstance(self.key, ECKey) else "Ed25519"

    @property
    def thumbprint(self) -> str:
        """What a token is bound to."""
        return str(self.key.thumbprint())

    def proof(
        self,
        method: str,
        url: str,
        now: datetime,
        token: str | None = None,
        header: Json | None = None,
        **claims: Any,
    ) -> str:
        """A proof for one request. Changes to the good header and claims; a None takes a member away."""
        good_header = {"typ": "dpop+jwt", "alg": self.algorithm, "jwk": self.key.as_dict(private=False)}
        good = {"htm": method, "htu": url, "iat": int(now.timestamp()), "jti": secrets.token_urlsafe(8)}
        if token is not None:
            digest = hashlib.sha256(token.encode()).digest()
            good["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return jwt.encode(
            without_none(good_header | (header or {})),
            without_none(good | claims),
            self.key,
            algorithms=[self.algorithm],
            default_type=None,
        )
