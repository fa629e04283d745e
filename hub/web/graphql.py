"""GraphQL over HTTP: who asks, what is asked, and an answer in which no internal text leaves."""

from typing import Any

import asyncpg
import orjson
import strawberry
import structlog
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from strawberry.schema.exceptions import CannotGetOperationTypeError

from hub.access.tokens import Caller, TokenError, TokenVerifier, bearer_token, refusal_response
from hub.ingest.landing import Landing
from hub.web.inspector import StoreInspector
from hub.web.reader import StoreReader
from hub.web.writer import Desk, StoreWriter
from schema.declare import Label
from schema.graph.build import build_rules, build_schema, sdl
from schema.graph.context import GraphContext
from schema.graph.errors import ErrorCode, graph_error

#: a document of the most tokens allowed, with generous variables
MAX_BODY_BYTES = 256 * 1024
_GRAPHQL_JSON = "application/graphql-response+json"

log = structlog.get_logger(__name__)


class GraphEndpoint:
    """POST /graphql."""

    def __init__(self, pool: asyncpg.Pool, landing: Landing, verifier: TokenVerifier, desk: Desk) -> None:
        self._pool = pool
        self._desk = desk
        self._landing = landing
        self._verifier = verifier
        self._schema = build_schema()
        self._rules = build_rules(self._schema)

    def routes(self) -> list[Route]:
        """The endpoint and the schema's text."""
        text = sdl(self._schema)

        async def schema_text(_request: Request) -> Response:
            return PlainTextResponse(text)

        return [
            Route("/graphql", self.answer, methods=["POST"]),
            Route("/graphql/schema.graphql", schema_text, methods=["GET"]),
        ]

    async def answer(self, request: Request) -> Response:
        """Check the token, read the request, run it."""
        try:
            caller = self._verifier.verify(bearer_token(request.headers))
        except TokenError as error:
            return refusal_response(error)
        asked = await _read(request)
        if isinstance(asked, Label):
            return _refuse(asked)
        return await self._execute(request, caller, asked)

    async def _execute(self, request: Request, caller: Caller, asked: dict[str, Any]) -> Response:
        reader = StoreReader(self._pool, self._landing)
        context = GraphContext(
            reader,
            StoreWriter(self._desk, caller.client_id, reader.forget),
            StoreInspector(self._pool),
            caller.scopes,
            self._rules,
            asked.get("operationName"),
        )
        try:
            result = await self._schema.execute(
                asked["query"],
                variable_values=asked.get("variables"),
                operation_name=asked.get("operationName"),
                context_value=context,
            )
        except CannotGetOperationTypeError:
            return _refuse(Label("query 中没有要执行的操作。", "`query` has no such operation to run"))
        return _respond(request, result)


async def _read(request: Request) -> dict[str, Any] | Label:
    """The request's body, or why it is none."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return Label("请求体须为 application/json。", "the body must be application/json")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            return Label(
                f"请求体超过 {MAX_BODY_BYTES} 字节。", f"the body has more than {MAX_BODY_BYTES} bytes"
            )
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Label("请求体不是 JSON。", "the body is not JSON")
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str) or not asked["query"]:
        return Label(
            "请求体须为含 query 文本的 JSON 对象。", "the body must be a JSON object with a text `query`"
        )
    if not isinstance(asked.get("variables"), dict | None):
        return Label("variables 须为 JSON 对象。", "`variables` must be a JSON object")
    if not isinstance(asked.get("operationName"), str | None):
        return Label("operationName 须为文本。", "`operationName` must be text")
    return asked


def _refuse(reason: Label) -> Response:
    error = graph_error(ErrorCode.BAD_ARGUMENT, reason.zh, reason.en)
    return _json({"errors": [error.formatted]}, 400, "application/json")


def _respond(request: Request, result: strawberry.types.ExecutionResult) -> Response:
    """200, or 400 for a document that was not run, where the client speaks the newer media type."""
    media = _GRAPHQL_JSON if _GRAPHQL_JSON in request.headers.get("accept", "") else "application/json"
    answer: dict[str, Any] = {}
    if result.errors:
        answer["errors"] = [_outward(error).formatted for error in result.errors]
    was_run = result.data is not None or any(error.path for error in result.errors or ())
    if was_run:
        answer["data"] = result.data
    return _json(answer, 200 if was_run or media != _GRAPHQL_JSON else 400, media)


def _outward(error: GraphQLError) -> GraphQLError:
    """The error as a client may see it: ours and those of the language itself as they are, others masked."""
    inner = error.original_error
    if inner is None or isinstance(inner, GraphQLError):
        return error
    if isinstance(inner, asyncpg.DataError):
        log.warning("graph.out_of_range", error=str(inner))
        masked = graph_error(ErrorCode.BAD_ARGUMENT, "参数值超出范围。", "a value is out of range")
    else:
        log.error("graph.internal", exc_info=inner)
        masked = graph_error(ErrorCode.INTERNAL, "系统内部错误，已记录。", "an internal error, on record")
    return GraphQLError(masked.message, nodes=error.nodes, path=error.path, extensions=masked.extensions)


def _json(answer: dict[str, Any], status: int, media: str) -> Response:
    body = orjson.dumps(answer, default=str)
    return Response(body, status, media_type=media, headers={"Cache-Control": "no-store"})
