"""The algorithms of signatures that the hub takes, and which keys each of them works with."""

from enum import StrEnum
from typing import Any

from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

_LEAST_RSA_BITS = 2048


class Algorithm(StrEnum):
    """Asymmetric ones alone: whoever verifies must not be able to sign."""

    ES256 = "ES256"
    ED25519 = "Ed25519"
    #: the older name of Ed25519 (RFC 9864)
    EDDSA = "EdDSA"
    PS256 = "PS256"
    RS256 = "RS256"


#: what proofs and assertions may be signed with
OF_CLIENTS = (Algorithm.ES256, Algorithm.ED25519)


class Registry(JWSRegistry):
    """joserfc's algorithms, cut down to those named. EdDSA is Ed25519: its other curves are not taken."""

    def __init__(self, algorithms: tuple[Algorithm, ...]) -> None:
        super().__init__(algorithms=[str(each) for each in algorithms])

    def get_alg(self, name: str) -> Any:
        """The algorithm, if it is one of those named."""
        if name == Algorithm.EDDSA and self.allowed is not None and name in self.allowed:
            return self.algorithms[Algorithm.ED25519]
        return super().get_alg(name)


def fits(algorithm: str, key: Key) -> bool:
    """Whether signatures of this algorithm can be made with the key."""
    match algorithm:
        case Algorithm.ES256:
            return isinstance(key, ECKey) and key.curve_name == "P-256"
        case Algorithm.ED25519 | Algorithm.EDDSA:
            return isinstance(key, OKPKey) and key.curve_name == "Ed25519"
        case Algorithm.PS256 | Algorithm.RS256:
            return isinstance(key, RSAKey) and key.public_key.key_size >= _LEAST_RSA_BITS
    return False
