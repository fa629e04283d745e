"""The migrations make the database that the entities declare."""

import asyncpg
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


async def test_items_judged_before_0015_name_their_judgement(empty_database: str) -> None:
    """Its number stood in the evidence alone; items that the ladder linked name none."""
    await _to(empty_database, "0015-1")
    connection = await asyncpg.connect(empty_database)
    try:
        await connection.executemany(
            _OLD_ITEM, [(1, "judgement", _JUDGED), (2, "approval_number", "批准文号相符")]
        )
        await _to(empty_database, "0015")
        found = await connection.fetch("SELECT id, match_judgement_id FROM local_item ORDER BY id")
    finally:
        await connection.close()
    assert [(1, 12), (2, None)] == [tuple(row) for row in found]


_JUDGED = "人工判定 judgement 12，演示审核员：包装盒上的批准文号"
_OLD_ITEM = (
    "INSERT INTO local_item (id, sender_code, item_code, name_zh, match_code, match_method_code, match_evidence,"
    " valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number)"
    " VALUES ($1, 'chain', 'A1', '演示商品', 'linked', $2, $3, now(), 'infinity', now(), 'infinity', 1, 1)"
)


async def _to(url: str, revision: str) -> None:
    """Bring a database to a revision."""
    engine = engine_for(url)

    def run(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()
