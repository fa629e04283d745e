"""SQL of the registry of senders."""

from typing import Any

import asyncpg

from schema.entities import Sender

#: whoever is registered again is as the last registration says
_REGISTER = """
INSERT INTO sender (code, name, region_code, uscc) VALUES ($1, $2, $3, $4)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, region_code = excluded.region_code, uscc = excluded.uscc
"""
_LIST = """
SELECT s.code, s.name, s.region_code, r.name AS region_name, s.uscc FROM sender s
LEFT JOIN region r ON r.code = s.region_code AND r.valid_to = 'infinity' AND r.superseded_at = 'infinity'
ORDER BY s.code
"""


async def register_sender(connection: asyncpg.Connection, sender: Sender) -> None:
    """Write down who it is, anew where it is known."""
    await connection.execute(_REGISTER, sender.code, sender.name, sender.region_code, sender.uscc)


async def is_division(connection: asyncpg.Connection, code: str) -> bool:
    """Whether a code is of a division that the hub knows."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM region WHERE code = $1)", code)
    return found


async def list_senders(connection: asyncpg.Connection) -> list[dict[str, Any]]:
    """All on record, with their divisions' names."""
    return [dict(row) for row in await connection.fetch(_LIST)]
