"""The `oauth_client` table: every SQL statement about clients."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from hub.access.clients import Client
from hub.access.grant_store import grants_by_holder
from hub.access.holders import HolderKind
from hub.access.seal import Sealer
from schema.reach import Reach, owners_of

if TYPE_CHECKING:
    import asyncpg

INSERT_CLIENT = """
INSERT INTO oauth_client
    (client_id, name, secret_hash, scopes, created_at, disabled_at, sender_code, region_code, owners,
     must_bind, roles)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (client_id) DO NOTHING
RETURNING client_id
"""

FETCH_CLIENTS = """
SELECT client_id, name, secret_hash, scopes, created_at, disabled_at, sender_code, region_code, owners,
    must_bind, roles
FROM oauth_client
ORDER BY client_id
"""


FETCH_KEYS = (
    "SELECT key_id, client_id, public_key, created_at, revoked_at FROM oauth_client_key ORDER BY created_at"
)

INSERT_KEY = """
INSERT INTO oauth_client_key (key_id, client_id, public_key, created_at)
SELECT $1, client_id, $3, $4 FROM oauth_client WHERE client_id = $2
ON CONFLICT (key_id) DO NOTHING
RETURNING key_id
"""

REVOKE_KEY = """
UPDATE oauth_client_key SET revoked_at = coalesce(revoked_at, $2) WHERE key_id = $1 RETURNING client_id
"""

FETCH_REACH_KEY = "SELECT inner_pad, outer_pad FROM reach_key"


class ClientExistsError(Exception):
    """There is already a client of that id."""


async def insert_client(connection: "asyncpg.Connection", client: Client) -> None:
    """Store a new client. Raises ClientExistsError where its id is taken."""
    stored = await connection.fetchval(
        INSERT_CLIENT,
        client.client_id,
        client.name,
        client.secret_hash,
        sorted(client.scopes),
        client.created_at,
        client.disabled_at,
        client.sender_code,
        client.reach.region_code,
        client.reach.owner_texts,
        client.must_bind,
        sorted(client.roles),
    )
    if stored is None:
        raise ClientExistsError(client.client_id)


async def fetch_clients(connection: "asyncpg.Connection") -> list[Client]:
    """All clients with their keys, the disabled ones too, by id."""
    rows = await connection.fetch(FETCH_CLIENTS)
    keys = await connection.fetch(FETCH_KEYS)
    grants = await grants_by_holder(connection, HolderKind.CLIENT)
    return [
        Client(
            client_id=row["client_id"],
            name=row["name"],
            secret_hash=row["secret_hash"],
            scopes=frozenset(row["scopes"]),
            reach=Reach(row["region_code"], None if row["owners"] is None else owners_of(row["owners"])),
            created_at=row["created_at"],
            disabled_at=row["disabled_at"],
            sender_code=row["sender_code"],
            roles=frozenset(row["roles"]),
            grants=grants.get(row["client_id"], ()),
            keys={
                key["key_id"]: key["public_key"]
                for key in keys
                if key["client_id"] == row["client_id"] and key["revoked_at"] is None
            },
            must_sign=any(key["client_id"] == row["client_id"] for key in keys),
            must_bind=row["must_bind"],
        )
        for row in rows
    ]


async def insert_key(
    connection: "asyncpg.Connection", client_id: str, key_id: str, public_key: str, now: datetime
) -> bool:
    """Register a public key; False where there is no such client, or the key is known already, revoked or not."""
    return await connection.fetchval(INSERT_KEY, key_id, client_id, public_key, now) is not None


async def revoke_key(connection: "asyncpg.Connection", key_id: str, now: datetime) -> bool:
    """From now on nothing signed with this key is taken; False where there is no such key."""
    return await connection.fetchval(REVOKE_KEY, key_id, now) is not None


async def list_keys(connection: "asyncpg.Connection") -> list[dict[str, Any]]:
    """All keys, the revoked ones too, oldest first."""
    return [dict(row) for row in await connection.fetch(FETCH_KEYS)]


async def fetch_sealer(connection: "asyncpg.Connection") -> Sealer:
    """What seals which rows callers see, with the database's own key."""
    return Sealer(*await connection.fetchrow(FETCH_REACH_KEY))
