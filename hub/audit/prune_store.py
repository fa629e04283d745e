"""The only statements that take something out of the audit; they need the tables' owner."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

_TABLES = ("audit_segment", "audit_checkpoint")


async def unlock(connection: "asyncpg.Connection") -> None:
    """Within this transaction; others wait until its end."""
    for table in _TABLES:
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_stays")


async def lock(connection: "asyncpg.Connection") -> None:
    """As it was."""
    for table in _TABLES:
        await connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_stays")


async def take_out(connection: "asyncpg.Connection", chain_id: str, number: int) -> int:
    """The segments of a chain up to a checkpoint, and the checkpoints before it; gives how many segments."""
    done = await connection.execute(
        "DELETE FROM audit_segment WHERE chain_id = $1 AND last_number <= $2", chain_id, number
    )
    await connection.execute(
        "DELETE FROM audit_checkpoint WHERE chain_id = $1 AND number < $2", chain_id, number
    )
    return int(done.rpartition(" ")[2])
