"""The state of a hub as one digest: all tables, and the bytes in landing that batches were made of."""

from dataclasses import dataclass
from hashlib import sha256

import asyncpg

from hub.db.snapshot import open_snapshot
from hub.ingest.landing import Landing
from hub.ingest.state_store import TableDigest, digest_table, digested, landed_digests


@dataclass(frozen=True, slots=True)
class StateDigest:
    """What a hub knows, in short; equal for two hubs that know the same."""

    sha256: str
    tables: list[TableDigest]
    #: SHA-256 of bytes that a batch was made of and that landing no longer has, or has otherwise
    missing: list[str]


async def state_digest(
    connection: asyncpg.Connection, landing: Landing, *, with_times: bool = False
) -> StateDigest:
    """The digest of the store as of one instant, and of landing. Stray bytes in landing are no state."""
    async with open_snapshot(connection) as snapshot:
        tables = [await digest_table(snapshot, entity, with_times=with_times) for entity in digested()]
        landed = await landed_digests(connection)
    missing = [digest for digest in landed if not landing.has(digest)]
    there = [digest for digest in landed if digest not in missing]
    tables.append(TableDigest("landing", len(there), sha256("\n".join(there).encode()).hexdigest()))
    lines = "\n".join(f"{table.name} {table.rows} {table.sha256}" for table in tables)
    return StateDigest(sha256(lines.encode()).hexdigest(), tables, missing)
