"""What the graph's role can get at, by PostgreSQL's own catalogue: no view, function or part is a way round."""

import asyncpg
import pytest

from hub.db.reading import open_reading_pool
from hub.db.reading_store import check_reader
from hub.errors import DatabaseError
from schema.entities import ENTITIES
from schema.policies import GRAPH_ROLE, POLICY, limited_entities, policy
from tests.lib.hub import TestHub

#: what the search's tables say, everybody may know
SEARCH = {"search_document", "search_thing", "search_code"}
LIMITED = {str(entity.__tablename__) for entity in limited_entities()}
#: functions of the hub's own that run as their owner, and what they tell
TOLD_BY_OWNER = {
    "reach_context": "what the hub has sealed about whoever asks",
    "is_judged_at": "whether somebody judged something at an instant",
}
#: of the hub's own: neither PostgreSQL's nor the workers' queue, which has a schema that the role cannot use
OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'jobs') AND n.nspname NOT LIKE 'pg_toast%'"


async def names(hub: TestHub, statement: str) -> set[str]:
    """The first column."""
    return {row[0] for row in await hub.connection.fetch(statement)}


async def test_the_role_reads_entities_and_the_search_alone(hub: TestHub) -> None:
    """No table of clients, keys, records or work in hand; no sequence; no part of a table by itself."""
    readable = await names(
        hub,
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {OURS}"
        f" AND (has_table_privilege('{GRAPH_ROLE}', c.oid, 'SELECT')"
        f" OR has_any_column_privilege('{GRAPH_ROLE}', c.oid, 'SELECT'))",
    )
    assert readable == {str(entity.__tablename__) for entity in ENTITIES} | SEARCH


async def test_the_role_writes_nothing_and_owns_nothing(hub: TestHub) -> None:
    """Neither by itself nor as a member of another; nor may it make anything, in any schema of ours."""
    assert set() == await names(
        hub,
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {OURS} AND (has_table_privilege('{GRAPH_ROLE}', c.oid,"
        " 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')"
        f" OR pg_has_role('{GRAPH_ROLE}', c.relowner, 'USAGE'))",
    )
    assert set() == await names(
        hub,
        "SELECT n.nspname FROM pg_namespace n"
        f" WHERE {OURS} AND has_schema_privilege('{GRAPH_ROLE}', n.oid, 'CREATE')",
    )
    assert not await hub.connection.fetchval("SELECT has_schema_privilege($1, 'jobs', 'USAGE')", GRAPH_ROLE)
    role = await hub.connection.fetchrow("SELECT * FROM pg_roles WHERE rolname = $1", GRAPH_ROLE)
    free = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolcanlogin", "rolreplication")
    assert not any(role[each] for each in free)
    assert set() == await names(
        hub, f"SELECT roleid::regrole::text FROM pg_auth_members WHERE member = '{GRAPH_ROLE}'::regrole"
    )


async def test_views_read_as_their_reader(hub: TestHub) -> None:
    """There are none now; one that is made must be `security_invoker`, and none keeps rows of its own."""
    views = await hub.connection.fetch(
        "SELECT c.relname, c.relkind::text, coalesce(c.reloptions::text, '') AS options FROM pg_class c"
        f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND {OURS}"
    )
    assert [] == [
        view for view in views if view["relkind"] == "m" or "security_invoker=true" not in view["options"]
    ]


async def test_functions_run_as_their_caller(hub: TestHub) -> None:
    """But for two that tell no row."""
    assert set(TOLD_BY_OWNER) == await names(
        hub,
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE p.prosecdef AND {OURS} AND has_function_privilege('{GRAPH_ROLE}', p.oid, 'EXECUTE')",
    )


async def test_every_limited_table_has_its_policy_and_its_parts_have_none(hub: TestHub) -> None:
    """A part is read through the whole: by itself it shows nothing, whoever is let in."""
    held = await names(hub, "SELECT relname FROM pg_class WHERE relrowsecurity AND relispartition IS FALSE")
    assert held == LIMITED
    assert set() == await names(
        hub, "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' AND NOT relrowsecurity"
    )
    policies = await names(hub, "SELECT tablename FROM pg_policies")
    assert policies == LIMITED


async def test_policies_are_those_that_the_entities_declare(hub: TestHub) -> None:
    """The migration has them as text; made anew from today's declarations they are the same."""
    shown = "SELECT tablename, qual, cmd, permissive, roles::text FROM pg_policies ORDER BY tablename"
    migrated = await hub.connection.fetch(shown)
    for entity in limited_entities():
        await hub.connection.execute(f"DROP POLICY {POLICY} ON {entity.__tablename__}; {policy(entity)}")
    assert [tuple(row) for row in migrated] == [tuple(row) for row in await hub.connection.fetch(shown)]


async def test_the_graph_is_not_served_as_somebody_free(hub: TestHub) -> None:
    """Not as the tables' owner; as the role it is."""
    assert hub.settings.database_url is not None
    for role, is_held in ((None, False), (GRAPH_ROLE, True)):
        pool = await open_reading_pool(hub.settings.database_url, 1, 5, role)
        try:
            if is_held:
                await check_reader(pool)
                continue
            with pytest.raises(DatabaseError, match=r"HUB_GRAPH_DATABASE_URL"):
                await check_reader(pool)
        finally:
            await pool.close()


async def test_secrets_are_out_of_reach(hub: TestHub) -> None:
    """Read as the graph reads: clients, their keys, and the key of seals."""
    async with hub.connection.transaction():
        await hub.connection.execute(f"SET LOCAL ROLE {GRAPH_ROLE}")
        for table in (
            "oauth_client",
            "oauth_client_key",
            "reach_key",
            "on_sale__p44",
            "jobs.procrastinate_jobs",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with hub.connection.transaction():
                    await hub.connection.fetch(f"SELECT * FROM {table}")
