"""To which key a token is bound (RFC 7800 `cnf`): one that signs each request, or one of a client's certificate."""

from dataclasses import dataclass
from typing import Any

_BY_PROOF = "jkt"
_BY_CERTIFICATE = "x5t#S256"


@dataclass(frozen=True, slots=True)
class Binding:
    """The keys without which a token is worth nothing; all that are named have to be shown."""

    #: RFC 7638 thumbprint of the key that signs the proofs (RFC 9449)
    proof_key: str | None = None
    #: SHA-256 of the certificate, in base64url (RFC 8705)
    certificate: str | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is any."""
        return self.proof_key is not None or self.certificate is not None

    def claims(self) -> dict[str, Any]:
        """The claim `cnf`; nothing where the token is bound to no key."""
        named = {_BY_PROOF: self.proof_key, _BY_CERTIFICATE: self.certificate}
        given = {name: value for name, value in named.items() if value is not None}
        return {"cnf": given} if given else {}


UNBOUND = Binding()


def binding_of(claim: object) -> Binding:
    """What the claim `cnf` says. ValueError where it names a key in a way that cannot be checked here."""
    if claim is None:
        return UNBOUND
    if not isinstance(claim, dict) or not claim or not claim.keys() <= {_BY_PROOF, _BY_CERTIFICATE}:
        raise ValueError("cnf")
    if not all(isinstance(value, str) and value for value in claim.values()):
        raise ValueError("cnf")
    return Binding(claim.get(_BY_PROOF), claim.get(_BY_CERTIFICATE))
