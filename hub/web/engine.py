"""Runs a document for a caller and gives the bytes of its answer."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import asyncpg
import orjson
from graphql import GraphQLError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from hub.access.tokens import Caller
from hub.ingest.landing import Landing
from hub.web.masking import outward
from hub.web.reader import StoreReader
from schema.graph.build import build_rules, build_schema, sdl
from schema.graph.context import GraphContext
from schema.graph.errors import ErrorCode, graph_error


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


_UNRUN = {
    ErrorCode.GRAPHQL_PARSE_FAILED: Outcome.UNREADABLE,
    ErrorCode.FORBIDDEN_FIELD: Outcome.FORBIDDEN,
    ErrorCode.METHOD_NOT_ALLOWED: Outcome.NO_QUERY,
    ErrorCode.TIMEOUT: Outcome.LATE,
    ErrorCode.INTERNAL: Outcome.FAILED,
}


class GraphEngine:
    """The graph over a pool of connections."""

    def __init__(self, pool: asyncpg.Pool, landing: Landing) -> None:
        self._pool = pool
        self._landing = landing
        self._schema = build_schema()
        self._rules = build_rules(self._schema)
        #: the schema's text
        self.sdl = sdl(self._schema)

    async def answer(self, asked: Asked, caller: Caller) -> Answer:
        """Run a document; every refusal is an answer too."""
        reader = StoreReader(self._pool, self._landing)
        context = GraphContext(reader, caller.scopes, self._rules, asked.operation_name)
        try:
            result = await self._schema.execute(
                asked.document,
                variable_values=asked.variables,
                operation_name=asked.operation_name,
                context_value=context,
                allowed_operation_types=[OperationType.QUERY] if asked.queries_only else None,
            )
        except CannotGetOperationTypeError:
            return refused(_no_operation())
        except InvalidOperationTypeError:
            return refused(_no_query())
        return _answer_of(result)


def _answer_of(result: ExecutionResult) -> Answer:
    errors = [outward(error) for error in result.errors or ()]
    # an error of a field tells where it arose: then the operation was run, whatever is left of its data
    if result.data is None and not any(error.path for error in errors):
        return refused(*errors)
    answer: dict[str, Any] = {"errors": [error.formatted for error in errors]} if errors else {}
    answer["data"] = result.data
    return Answer(orjson.dumps(answer, default=str), Outcome.PARTIAL if errors else Outcome.WHOLE)


def refused(*errors: GraphQLError) -> Answer:
    """The answer without data; what became of the document follows from the errors' codes."""
    codes = [(error.extensions or {}).get("code") for error in errors]
    outcome = next((_UNRUN[code] for code in codes if code in _UNRUN), Outcome.INVALID)
    return Answer(orjson.dumps({"errors": [error.formatted for error in errors]}), outcome)


def _no_operation() -> GraphQLError:
    return graph_error(
        ErrorCode.BAD_ARGUMENT, "文档中没有要执行的操作。", "the document has no such operation to run"
    )


def _no_query() -> GraphQLError:
    return graph_error(
        ErrorCode.METHOD_NOT_ALLOWED,
        "GET 只能查询；变更操作请用 POST。",
        "by GET there are queries only: send a mutation by POST",
    )
