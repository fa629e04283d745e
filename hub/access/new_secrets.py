"""The secret of a proposed client, the first password of a proposed person: kept as a hash, shown once."""

import secrets
from dataclasses import dataclass, field

from hub.access.clients import hash_secret
from hub.access.passwords import Passwords, new_initial_password
from hub.access.proposals import AddAccount, AddClient, Proposal, ResetAccount


@dataclass(frozen=True, slots=True)
class NewSecret:
    """What is shown once, and what is kept of it."""

    plain: str = field(repr=False)
    hashed: str = field(repr=False)


async def new_secret_for(what: Proposal, passwords: Passwords) -> NewSecret | None:
    """A secret for whoever the proposal adds; None where it adds nobody, or one who signs in elsewhere."""
    match what:
        case AddClient():
            # URL-safe base64 needs no percent-encoding in a Basic header; many clients forget to encode.
            plain = secrets.token_urlsafe(32)
            return NewSecret(plain, hash_secret(plain))
        case AddAccount(oidc_subject=None) | ResetAccount(password=True):
            plain = new_initial_password()
            return NewSecret(plain, await passwords.hash(plain))
        case _:
            return None
