"""How the parts of access are put together: issuers, tokens, proofs, revocations."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from starlette.middleware import Middleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from hub.access.authentication import Authentication
from hub.access.certificates import CertificateHeader, RememberPeer
from hub.access.clients import Client, ClientDirectory
from hub.access.events import Record
from hub.access.issuer import Issuer
from hub.access.issuers_file import read_issuers
from hub.access.keys import KeyFolder
from hub.access.once import OnceInDatabase
from hub.access.own_tokens import OwnTokens
from hub.access.people import People, build_people
from hub.access.revocations import Standing
from hub.access.store import fetch_clients
from hub.access.tokens import TokenVerifier
from hub.access.trusted_issuer import TrustedIssuer
from hub.access.watch import AccessWatch
from hub.config import Settings


@dataclass(frozen=True, slots=True)
class Entry:
    """What lets people and systems in."""

    authentication: Authentication
    issuer: Issuer
    clients: ClientDirectory
    people: People
    #: to be run as long as the hub is
    watch: AccessWatch


def build_entry(
    settings: Settings,
    pool: asyncpg.Pool,
    clock: Callable[[], datetime],
    record: Record,
) -> Entry:
    """`record` keeps what happens at the doors.

    Raises SettingError where the file of issuers cannot be used, ValueError for an address that is no issuer's.
    """
    origin = settings.hub_origin
    keys = KeyFolder(settings.key_dir, clock)
    own = TrustedIssuer(origin, origin, keys)
    entries = read_issuers(settings.issuers, origin) if settings.issuers else ()
    others = [entry.trusted(clock) for entry in entries]
    standing = Standing(clock)
    once = OnceInDatabase(pool, clock)
    certificates = CertificateHeader(settings.client_cert_header, settings.proxy_networks)
    clients = ClientDirectory(_fetching(pool), clock)
    people = build_people(settings, pool, clock, record)
    issuer = Issuer(
        url=origin,
        audience=origin,
        keys=keys,
        clients=clients,
        clock=clock,
        token_lifetime_seconds=settings.token_seconds,
        authorizations=people.authorizations,
        once=once,
        certificates=certificates,
        tokens=OwnTokens(TokenVerifier([own], clock), standing, pool, clock),
    )
    verifier = TokenVerifier([own, *others], clock)
    authentication = Authentication(verifier, standing, once, certificates, origin, clock)
    return Entry(authentication, issuer, clients, people, AccessWatch(pool, standing, clock))


def proxy_middleware(settings: Settings) -> list[Middleware]:
    """What proxies say of a client's address is believed; who opened the connection is not forgotten over it."""
    trusted = [str(network) for network in settings.proxy_networks]
    return [Middleware(RememberPeer), Middleware(ProxyHeadersMiddleware, trusted_hosts=trusted)]


def _fetching(pool: asyncpg.Pool) -> Callable[[], Awaitable[list[Client]]]:
    async def fetch() -> list[Client]:
        async with pool.acquire() as connection:
            return await fetch_clients(connection)

    return fetch
