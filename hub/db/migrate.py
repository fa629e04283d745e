"""Bringing a database to the schema this program needs."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import schema.migrations


def engine_for(url: str) -> AsyncEngine:
    """An SQLAlchemy engine over asyncpg, for Alembic only; any URL that asyncpg takes."""

    async def connection() -> asyncpg.Connection:
        return await asyncpg.connect(url)

    return create_async_engine("postgresql+asyncpg://", async_creator=connection)


async def upgrade(url: str) -> None:
    """Run all migrations that have not run yet, in one transaction."""
    engine = engine_for(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


async def revisions(url: str) -> tuple[str | None, str | None]:
    """The revision the database is at (None: empty) and the one this program needs."""
    engine = engine_for(url)
    try:
        async with engine.connect() as connection:
            at = await connection.run_sync(
                lambda sync: MigrationContext.configure(sync).get_current_revision()
            )
    finally:
        await engine.dispose()
    return at, ScriptDirectory.from_config(alembic_config()).get_current_head()


def alembic_config() -> Config:
    """Alembic's configuration: its scripts are in `schema/migrations`."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.migrations.__file__).parent))
    return config


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
