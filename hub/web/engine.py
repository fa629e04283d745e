"""Runs a document for a caller and gives the bytes of its answer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from inspect import isawaitable
from typing import Any

import asyncpg
import orjson
from graphql import ExecutionResult, GraphQLError, execute, execute_sync

from hub.access.caller import Caller
from hub.access.seal import Sealer
from hub.audit.entry import Entry
from hub.db.reading import ReadingPool
from hub.ingest.landing import Landing
from hub.web.administrator import StoreAdministrator
from hub.web.inspector import StoreInspector
from hub.web.list_writer import StoreListWriter
from hub.web.masking import masked_error, outward
from hub.web.reach_check import ReachCheck
from hub.web.reader import StoreReader
from hub.web.writer import Desk, StoreWriter
from schema.graph.build import build_rules, build_schema, graphql_schema, sdl
from schema.graph.context import Asker, GraphContext
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.prepared import Documents, Operation, RefusedError, Shelf, sha256_of
from schema.graph.pushed import Pushed, plan_pushed
from schema.plan.marks import counted
from schema.plan.needs import Groups
from schema.plan.needs import refused as refused_by
from schema.plan.sql.statement import Statement
from schema.plan.values import Pass, Variables
from schema.provider import Provider
from schema.reach import NOWHERE

#: answers about the schema that are kept; tools ask the same few things
_MAX_INTROSPECTIONS = 32
#: for plans that are only looked at
_NOBODY = Pass(NOWHERE, "")


class Outcome(Enum):
    """What became of a document."""

    #: run, without errors
    WHOLE = auto()
    #: run, with errors; the data may be null
    PARTIAL = auto()
    #: no GraphQL
    UNREADABLE = auto()
    #: not run: it does not fit the schema, asks for too much, or its variables do not fit it
    INVALID = auto()
    #: not run: the caller's token does not open it
    FORBIDDEN = auto()
    #: not run: no query, where only queries may be
    NO_QUERY = auto()
    #: stopped: it took too long
    LATE = auto()
    #: a defect of the hub
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Asked:
    """A document and what to run of it."""

    document: str
    operation_name: str | None
    variables: dict[str, Any]
    #: whoever asks by GET may change nothing
    queries_only: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole GraphQL response, as bytes of JSON."""

    body: bytes
    outcome: Outcome
    #: of the first error
    code: str | None = None

    @property
    def was_run(self) -> bool:
        """Whether there is data, as well as errors may be."""
        return self.outcome in (Outcome.WHOLE, Outcome.PARTIAL)


@dataclass(frozen=True, slots=True)
class PushedPage:
    """One answer of a subscription."""

    #: `{"data": …}`, as PostgreSQL wrote it
    payload: bytes
    #: the cursor to go on from
    last: str
    #: whether there is anything in it, and whether more is there already
    has_changes: bool
    has_more: bool
    #: whose rows are in it
    rows: Mapping[Provider, int]


_UNRUN = {
    ErrorCode.GRAPHQL_PARSE_FAILED: Outcome.UNREADABLE,
    ErrorCode.FORBIDDEN_FIELD: Outcome.FORBIDDEN,
    ErrorCode.METHOD_NOT_ALLOWED: Outcome.NO_QUERY,
    ErrorCode.TIMEOUT: Outcome.LATE,
    ErrorCode.INTERNAL: Outcome.FAILED,
}


class GraphEngine:
    """The graph over a pool of connections."""

    def __init__(self, pool: ReadingPool, landing: Landing, desk: Desk, sealer: Sealer) -> None:
        schema = build_schema()
        self._pool = pool
        self._landing = landing
        self._desk = desk
        self._sealer = sealer
        self._schema = graphql_schema(schema)
        self._documents = Documents(self._schema, build_rules(schema))
        self._introspections: Shelf[tuple[str, str | None], Answer] = Shelf(_MAX_INTROSPECTIONS)
        #: the schema's text
        self.sdl = sdl(schema)

    async def answer(self, asked: Asked, caller: Caller, entry: Entry) -> Answer:
        """Run a document; every refusal is an answer too. The entry is told what was read of whom."""
        try:
            return await self._run(asked, caller, entry)
        except RefusedError as error:
            entry.refused_fields = refused_fields(error)
            return refusal(error)

    def needs(self, document: str, variables: Mapping[str, Any]) -> Mapping[str, Groups]:
        """What it takes to be answered, by what needs it. Raises RefusedError."""
        prepared = self._documents.prepared(document, variables)
        plan, _ = self._documents.plan(prepared.operation(None), variables, _NOBODY)
        return {**prepared.needs.by_name, **plan.needs.by_name}

    def _refused(
        self, document: str, variables: Mapping[str, Any], scopes: frozenset[str]
    ) -> Mapping[str, list[list[str]]]:
        """What of a document these scopes do not open. Raises GraphQLError for one that cannot be run at all."""
        try:
            return refused_by(self.needs(document, variables), scopes)
        except RefusedError as error:
            raise error.errors[0] from error

    def subscription(self, asked: Asked, caller: Caller, entry: Entry) -> Pushed | None:
        """A subscription, judged and planned; None where the document asks for something else. RefusedError."""
        operation = self._opened(asked, caller, entry)
        if not operation.is_subscription:
            return None
        pushed = plan_pushed(
            self._schema, self._documents, operation, asked.variables, self._sealer.pass_of(caller.reach)
        )
        entry.fields += (pushed.needs.fields,)
        pushed.needs.check(caller.scopes)
        return pushed

    async def page_after(self, pushed: Pushed, place: str) -> PushedPage:
        """A subscription's page after a place. Raises RefusedError."""
        try:
            row = await self._pool.fetchrow(pushed.statement.text, *pushed.values_after(place))
        except GraphQLError as error:
            raise RefusedError(error) from error
        except asyncpg.PostgresError as error:
            raise RefusedError(masked_error(error)) from error
        rows = counted(row["payload"], pushed.statement.providers)
        return PushedPage(row["payload"], row["last"], row["length"] > 0, row["more"], rows)

    def _opened(self, asked: Asked, caller: Caller, entry: Entry) -> Operation:
        """What is to be run, if the caller's scopes open all of it. Raises RefusedError."""
        entry.operation = asked.operation_name
        entry.asks(asked.variables)
        try:
            prepared = self._documents.prepared(asked.document, asked.variables)
        except RefusedError:
            entry.document = sha256_of(asked.document)
            raise
        entry.document, entry.fields = prepared.sha256, (prepared.needs.fields,)
        prepared.needs.check(caller.scopes)
        operation = prepared.operation(asked.operation_name)
        entry.operation = operation.name
        return operation

    async def _run(self, asked: Asked, caller: Caller, entry: Entry) -> Answer:
        operation = self._opened(asked, caller, entry)
        if operation.is_subscription:
            raise RefusedError(_no_stream())
        if not operation.is_query:
            if asked.queries_only:
                raise RefusedError(_no_query())
            self._documents.judged(operation, asked.variables)
            return await self._execute(operation, asked, caller, entry)
        plan, variables = self._documents.plan(operation, asked.variables, self._sealer.pass_of(caller.reach))
        if plan.needs.by_name:
            entry.fields += (plan.needs.fields,)
        plan.needs.check(caller.scopes)
        if plan.statement is not None:
            return await self._fetch(plan.statement, variables, entry)
        if operation.is_introspection:
            return await self._introspect(operation, asked)
        return await self._execute(operation, asked, caller, entry)

    async def _fetch(self, statement: Statement, variables: Variables, entry: Entry) -> Answer:
        """The compiled way: the answer's bytes as PostgreSQL wrote them."""
        try:
            body = await self._pool.fetchval(statement.text, *statement.bind(variables))
        except GraphQLError as error:
            raise RefusedError(error) from error
        except asyncpg.PostgresError as error:
            raise RefusedError(masked_error(error)) from error
        entry.rows = counted(body, statement.providers)
        return Answer(body, Outcome.WHOLE)

    async def _introspect(self, operation: Operation, asked: Asked) -> Answer:
        """What the schema is: some tenths of a second of work, so never in the event loop, and kept."""
        key = asked.document, asked.operation_name
        answer = self._introspections.get(key)
        if answer is None:
            result = await asyncio.to_thread(
                execute_sync, self._schema, operation.document, operation_name=asked.operation_name
            )
            answer = _answer_of(result)
            self._introspections.put(key, answer)
        return answer

    async def _execute(self, operation: Operation, asked: Asked, caller: Caller, entry: Entry) -> Answer:
        """The ordinary way, field by field."""
        seen = self._sealer.pass_of(caller.reach)
        reader = StoreReader(self._pool, self._landing, seen)
        entry.rows = reader.rows
        writer = StoreWriter(self._desk, caller, entry, reader)
        context = GraphContext(
            asker=asker_of(caller),
            reader=reader,
            writer=writer,
            list_writer=StoreListWriter(self._desk, writer, ReachCheck(reader), caller.subject),
            administrator=StoreAdministrator(self._desk, caller, reader.forget),
            inspector=StoreInspector(self._pool, seen),
            preview=lambda document, variables: self._refused(document, variables, caller.scopes),
        )
        result = execute(
            self._schema,
            operation.document,
            variable_values=asked.variables,
            operation_name=asked.operation_name,
            context_value=context,
        )
        return _answer_of(await result if isawaitable(result) else result)


def asker_of(caller: Caller) -> Asker:
    """Who asks, as the graph is told."""
    return Asker(
        client_id=caller.client_id,
        subject=caller.subject,
        scopes=caller.scopes,
        reach=caller.reach,
        grants=caller.grants,
        expires_at=caller.expires_at,
    )


def refusal(error: RefusedError) -> Answer:
    """The answer to a document that is not run."""
    return refused(*map(outward, error.errors))


def _answer_of(result: ExecutionResult) -> Answer:
    errors = [outward(error) for error in result.errors or ()]
    # an error of a field tells where it arose: then the operation was run, whatever is left of its data
    if result.data is None and not any(error.path for error in errors):
        return refused(*errors)
    answer: dict[str, Any] = {"errors": [error.formatted for error in errors]} if errors else {}
    answer["data"] = result.data
    outcome = Outcome.PARTIAL if errors else Outcome.WHOLE
    return Answer(orjson.dumps(answer, default=str), outcome, _first_code(errors))


def refused(*errors: GraphQLError) -> Answer:
    """The answer without data; what became of the document follows from the errors' codes."""
    codes = [(error.extensions or {}).get("code") for error in errors]
    outcome = next((_UNRUN[code] for code in codes if code in _UNRUN), Outcome.INVALID)
    body = orjson.dumps({"errors": [error.formatted for error in errors]})
    return Answer(body, outcome, _first_code(errors))


def refused_fields(error: RefusedError) -> tuple[str, ...]:
    """The fields that were refused."""
    told = [(each.extensions or {}).get("fields", ()) for each in error.errors]
    return tuple(field["field"] for fields in told for field in fields)


def _first_code(errors: Sequence[GraphQLError]) -> str | None:
    codes = ((error.extensions or {}).get("code") for error in errors)
    return next((code for code in codes if isinstance(code, str)), None)


def _no_query() -> GraphQLError:
    return graph_error(
        ErrorCode.METHOD_NOT_ALLOWED,
        "GET 只能查询；变更操作请用 POST。",
        "by GET there are queries only: send a mutation by POST",
    )


def _no_stream() -> GraphQLError:
    return graph_error(
        ErrorCode.BAD_ARGUMENT,
        "订阅须经 WebSocket（graphql-transport-ws），或以 Accept: text/event-stream 请求。",
        "subscribe over WebSocket (graphql-transport-ws), or with Accept: text/event-stream",
    )
