"""The migrations make the database that the entities declare."""

from alembic import command
from sqlalchemy import Connection

from hub.db.migrate import alembic_config, engine_for, revisions, upgrade


async def test_models_equal_migrations(empty_database: str) -> None:
    """After all migrations Alembic finds nothing that the entities declare otherwise."""
    await upgrade(empty_database)
    engine = engine_for(empty_database)

    def check(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.check(config)

    async with engine.begin() as connection:
        await connection.run_sync(check)
    await engine.dispose()


async def test_an_empty_database_is_at_no_revision(empty_database: str) -> None:
    """What `db upgrade` is asked to mend."""
    at, needed = await revisions(empty_database)
    assert (None, True) == (at, needed is not None)


async def test_upgrading_twice_is_upgrading_once(empty_database: str) -> None:
    """The second time there is nothing to do."""
    await upgrade(empty_database)
    await upgrade(empty_database)
    at, needed = await revisions(empty_database)
    assert at == needed
