"""What a query costs on the database: one statement, and nothing besides."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from asyncpg.prepared_stmt import PreparedStatement

from hub.config import Settings
from tests.graph.cases import all_cases
from tests.graph.data import small_rows
from tests.lib.graph import ServedHub, served
from tests.lib.graph_rows import write_rows

Init = Callable[[asyncpg.Connection], Awaitable[None]]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whatever is sent over the graph's connections, in order: queries, transactions, resets, look-ups of types."""
    found: list[str] = []
    create_pool, fetchval = asyncpg.create_pool, PreparedStatement.fetchval

    def create(*arguments: Any, init: Init | None = None, **named: Any) -> asyncpg.Pool:
        async def note(connection: asyncpg.Connection) -> None:
            connection.add_query_logger(lambda record: found.append(record.query))
            if init is not None:
                await init(connection)

        is_graphs = "plan_cache_mode" in named["server_settings"]
        return create_pool(*arguments, **named, init=note if is_graphs else init)

    async def noted(prepared: Any, *values: Any, **named: Any) -> Any:
        # asyncpg tells its loggers of what connections run, not of prepared statements; only the graph keeps those
        found.append(prepared.get_query())
        return await fetchval(prepared, *values, **named)

    monkeypatch.setattr(asyncpg, "create_pool", create)
    monkeypatch.setattr(PreparedStatement, "fetchval", noted)
    return found


@pytest.fixture
async def hub(settings: Settings, statements: list[str]) -> AsyncIterator[ServedHub]:
    """A hub with the rows of the cases, whose statements are noted."""
    async with served(settings) as hub:
        await write_rows(hub.connection, small_rows())
        yield hub


async def test_each_case_costs_one_statement(hub: ServedHub, statements: list[str]) -> None:
    """No BEGIN before it and no reset after it, however often the case is asked."""
    for case in all_cases():
        caller = await hub.caller(reach=case.reach)
        for _ in range(2):
            statements.clear()
            answer = await caller.post({"query": case.text, "variables": case.variables})
            assert answer.status_code == 200, (case.path.name, answer.text)
            assert [case.plan()[0].text] == statements, case.path.name


async def test_answers_over_http_are_those_of_the_cases(hub: ServedHub) -> None:
    """Byte for byte what PostgreSQL wrote, in the order in which the document asks."""
    for case in all_cases():
        caller = await hub.caller(reach=case.reach)
        answer = await caller.post({"query": case.text, "variables": case.variables})
        statement, values = case.plan()
        assert answer.content == await hub.connection.fetchval(statement.text, *values), case.path.name


async def test_what_is_refused_costs_none(hub: ServedHub, statements: list[str]) -> None:
    """A document that makes no sense, and one whose cursor makes none."""
    caller = await hub.caller()
    statements.clear()
    for text in ("{ products { nothing } }", '{ products(after: "x") { totalCount } }'):
        assert "errors" in (await caller.post({"query": text})).json()
    assert statements == []
