"""The three ways to an answer: compiled to SQL, worked out in memory, and executed field by field."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import isawaitable
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    execute,
    get_variable_values,
    parse,
)

from hub.access.caller import Caller
from hub.access.clients import Client, ClientDirectory
from hub.access.store import fetch_sealer
from hub.audit.entry import Entry, Kind, Transport
from hub.audit.port import NoAudit
from hub.clock import system_clock
from hub.db.pool import connection_to, open_pool
from hub.ingest.landing import Landing
from hub.web.administrator import StoreAdministrator
from hub.web.engine import asker_of
from hub.web.inspector import StoreInspector
from hub.web.list_writer import StoreListWriter
from hub.web.reach_check import ReachCheck
from hub.web.reader import StoreReader
from hub.web.writer import Desk, StoreWriter
from schema.graph.build import build_rules, build_schema, graphql_schema
from schema.graph.context import GraphContext
from schema.graph.errors import ErrorCode
from schema.graph.prepared import Documents, RefusedError
from schema.plan.memory.parts import answer
from schema.plan.needs import Needs
from schema.plan.nodes import Nested
from schema.plan.planner import Planner
from schema.plan.values import CALLER, Pass, Variables
from schema.reach import COUNTRY
from schema.scopes import Scope
from tests.lib.databases import TEMPLATE, OwnDatabase
from tests.lib.graph_documents import Document
from tests.lib.graph_rows import Rows, write_rows

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Stands for an answer that is an error, or several: their codes."""

    codes: frozenset[str]


Answer = Json | Refused


@dataclass(frozen=True, slots=True)
class Engines:
    """All of them, over the same rows."""

    pool: asyncpg.Pool
    landing: Landing
    rows: Rows
    #: who asks
    caller: Pass

    async def by_sql(self, text: str, given: Mapping[str, Any]) -> Answer:
        """As the hub answers. Its plans are kept from one request to the next."""
        try:
            prepared = DOCUMENTS.prepared(text, given)
            plan, variables = DOCUMENTS.plan(prepared.operation(None), given, self.caller)
            assert plan.statement is not None, "not compiled"
            values = plan.statement.bind(variables)
        except (RefusedError, GraphQLError) as error:
            return _refused(*(error.errors if isinstance(error, RefusedError) else (error,)))
        body = await self.pool.fetchval(plan.statement.text, *values)
        found: Json = orjson.loads(body)
        return found

    def by_memory(self, text: str, given: Mapping[str, Any]) -> Answer:
        """As the plan's tree means it."""
        try:
            tree, variables = plan_of(text, given)
            found: Json = answer(
                tree, {**variables, CALLER: self.caller}, self.rows.__getitem__, system_clock()
            )
        except (RefusedError, GraphQLError) as error:
            return _refused(*(error.errors if isinstance(error, RefusedError) else (error,)))
        return found

    async def by_resolvers(self, text: str, given: Mapping[str, Any]) -> Answer:
        """As resolvers answer."""
        scopes = frozenset(scope.value for scope in Scope)
        caller = Caller("a test", scopes, datetime.max.replace(tzinfo=UTC), "-", COUNTRY, "-", "a test")
        desk, reader = _desk(self), StoreReader(self.pool, self.landing, self.caller)
        writer = StoreWriter(desk, caller, Entry(Kind.REQUEST, Transport.HUB), reader)
        context = GraphContext(
            asker=asker_of(caller),
            reader=reader,
            writer=writer,
            list_writer=StoreListWriter(desk, writer, ReachCheck(reader), caller.subject),
            administrator=StoreAdministrator(desk, caller, reader.forget),
            inspector=StoreInspector(self.pool, self.caller),
            preview=lambda _document, _variables: {},
        )
        result = execute(SCHEMA, parse(text), variable_values=dict(given), context_value=context)
        done = await result if isawaitable(result) else result
        for error in done.errors or ():
            if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
                raise error.original_error
        if done.errors:
            return _refused(*done.errors)
        found: Json = orjson.loads(orjson.dumps({"data": done.data}, default=str))
        return found


def _desk(engines: Engines) -> Desk:
    """Where nobody comes by."""

    async def no_clients() -> list[Client]:
        return []

    clients = ClientDirectory(no_clients, system_clock)
    return Desk(engines.pool, engines.landing, clients, system_clock, NoAudit())


async def compare(engines: Engines, document: Document) -> str | None:
    """Ask all engines with both sets of variables; what differs, or None. What is too large is asked of none.

    Where the sets are one, the second is asked by SQL alone: only there is something kept from the first.
    """
    others: dict[str, Answer] = {}
    for number, given in enumerate(document.variables):
        found = await engines.by_sql(document.text, given)
        if isinstance(found, Refused) and ErrorCode.TOO_LARGE.value in found.codes:
            return None
        if number == 0 or given != document.variables[number - 1]:
            others = {"memory": engines.by_memory(document.text, given)}
            if not isinstance(found, Refused):  # a mistake where nothing is found never comes to a resolver
                others["resolvers"] = await engines.by_resolvers(document.text, given)
        for name, other in others.items():
            if place := differs(found, other):
                return f"SQL ≠ {name}: {place}\n{document.text}\n{given}"
    return None


def differs(one: Any, other: Any, path: str = "") -> str | None:
    """Where two answers differ, in the order of their keys too; None where they do not."""
    if isinstance(one, dict) and isinstance(other, dict) and list(one) == list(other):
        places = (differs(one[key], other[key], f"{path}.{key}") for key in one)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        places = (
            differs(mine, yours, f"{path}[{at}]")
            for at, (mine, yours) in enumerate(zip(one, other, strict=True))
        )
    else:
        is_same = one == other and type(one) is type(other) and not isinstance(one, dict)
        return None if is_same else f"{path}: {one!r} ≠ {other!r}"
    return next(filter(None, places), None)


def _refused(*errors: GraphQLError) -> Refused:
    return Refused(frozenset(str((error.extensions or {}).get("code")) for error in errors))


def plan_of(text: str, given: Mapping[str, Any]) -> tuple[Nested, Variables]:
    """The tree of a document's only operation, and the variables as the schema reads them. Raises GraphQLError."""
    document = parse(text)
    fragments = {
        each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
    }
    [operation] = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    variables = get_variable_values(SCHEMA, operation.variable_definitions or (), dict(given))
    if isinstance(variables, list):
        raise RefusedError(*variables)
    return Planner(SCHEMA, fragments, variables.coerced, Needs()).operation(operation), variables.coerced


_BUILT = build_schema()
SCHEMA = graphql_schema(_BUILT)
DOCUMENTS = Documents(SCHEMA, build_rules(_BUILT))


@asynccontextmanager
async def engines_over(server: str, rows: Rows, folder: Path) -> AsyncIterator[Engines]:
    """Engines over a database of their own on a server whose template is made, with these rows and no others."""
    async with OwnDatabase(server, TEMPLATE) as url:
        async with connection_to(url) as connection:
            await write_rows(connection, rows)
            sealer = await fetch_sealer(connection)
        pool = await open_pool(url, 4)
        try:
            yield Engines(pool, Landing(folder), rows, sealer.pass_of(COUNTRY))
        finally:
            await pool.close()
