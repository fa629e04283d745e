"""SQL of the scope of a full file: what it speaks of, and within what of that absence means the end."""

import asyncpg

from schema.declare import Label


async def open_list_scope(connection: asyncpg.Connection, sender_code: str) -> None:
    """Make the scope of a list that is its sender's whole one."""
    await connection.execute(
        "CREATE TEMP TABLE stage_scope (sender_code text, is_complete boolean) ON COMMIT DROP"
    )
    await connection.execute("INSERT INTO stage_scope VALUES ($1, true)", sender_code)


async def empty_scope(connection: asyncpg.Connection, why: Label) -> None:
    """Let absence mean nothing in this file, and say why beside its faults."""
    await connection.execute("UPDATE stage_scope SET is_complete = false")
    await connection.execute(
        "INSERT INTO stage_fault VALUES (0, 'batch.nothing_closed', true, NULL, NULL, $1)", str(why)
    )


async def has_faults(connection: asyncpg.Connection) -> bool:
    """Whether any row of the file goes to quarantine."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM stage_fault WHERE NOT is_notice)")
    return found
