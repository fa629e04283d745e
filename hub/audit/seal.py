"""How the audit is sealed: by which digest its records are chained, and by whose signature."""

from dataclasses import dataclass
from datetime import datetime

from hub.audit.chain import Chain
from hub.audit.checkpoint import Checkpoint, make_checkpoint
from hub.audit.digest import Digest, digest_named
from hub.audit.signature import Signer, key_id, load_or_create_signer
from hub.config import Settings


@dataclass(frozen=True, slots=True)
class Seal:
    """A digest and a signer."""

    digest: Digest
    signer: Signer

    @property
    def described(self) -> dict[str, str]:
        """As the first record of a chain tells it."""
        public = self.signer.public
        return {"digest": self.digest.name, "signature": public.algorithm, "key": key_id(public)}

    def checkpoint(self, chain: Chain, now: datetime) -> Checkpoint:
        """Sign how far a chain has come."""
        return make_checkpoint(chain, now, self.signer)


def load_seal(settings: Settings) -> Seal:
    """As the settings say; the key is made where there is none. Raises SettingError."""
    return Seal(
        digest_named(settings.audit_digest),
        load_or_create_signer(settings.key_dir, settings.audit_signature),
    )
