"""The `oauth_client` table: every SQL statement about clients."""

from typing import TYPE_CHECKING

from hub.access.clients import Client

if TYPE_CHECKING:
    import asyncpg

INSERT_CLIENT = """
INSERT INTO oauth_client (client_id, name, secret_hash, scopes, created_at, disabled_at, sender_code)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (client_id) DO NOTHING
RETURNING client_id
"""

FETCH_CLIENTS = """
SELECT client_id, name, secret_hash, scopes, created_at, disabled_at, sender_code
FROM oauth_client
ORDER BY client_id
"""


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
    )
    if stored is None:
        raise ClientExistsError(client.client_id)


async def fetch_clients(connection: "asyncpg.Connection") -> list[Client]:
    """All clients, the disabled ones too, by id."""
    rows = await connection.fetch(FETCH_CLIENTS)
    return [Client(**{**row, "scopes": frozenset(row["scopes"])}) for row in rows]
