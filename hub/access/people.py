"""How the parts of signing in are put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from hub.access.authorizations import Authorizations
from hub.access.events import Record
from hub.access.provider import OpenIdProvider, provider_settings
from hub.access.sealing import load_or_create_seal
from hub.access.sign_in import SignIn
from hub.config import Settings


@dataclass(frozen=True, slots=True)
class People:
    """What lets people in."""

    authorizations: Authorizations
    sign_in: SignIn
    #: where they can sign in, too
    provider: OpenIdProvider | None


def build_people(
    settings: Settings, pool: asyncpg.Pool, clock: Callable[[], datetime], record: Record
) -> People:
    """Raises SettingError where the provider's settings make no sense."""
    seal = load_or_create_seal(settings.key_dir)
    spans = settings.sign_in_idle, settings.sign_in_lifetime
    there = provider_settings(settings)
    return People(
        Authorizations(pool, clock, record, *spans),
        SignIn(pool, seal, clock, record, *spans),
        None if there is None else OpenIdProvider(there, seal, clock),
    )
