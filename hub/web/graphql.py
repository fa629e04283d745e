"""GraphQL over HTTP: who asks, what is asked, and the answer. GET and POST /graphql."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from hub.access.authentication import Authentication
from hub.access.caller import Caller
from hub.access.refusals import TokenError, refusal_response
from hub.audit.entry import Entry, Kind, Transport
from hub.audit.port import Audit
from hub.web.engine import Answer, Asked, GraphEngine, refused
from hub.web.http_answer import refuse, respond
from hub.web.http_gate import Gate
from hub.web.http_media import GRAPHQL_JSON, JSON, answer_media
from hub.web.http_request import RequestError, read_request
from hub.web.masking import masked_error
from hub.web.recording import entry_of, recorded, settle, settle_error
from hub.web.subscriptions_sse import wants_events
from hub.web.trusted import TrustedDocuments
from schema.declare import Label
from schema.graph.errors import ErrorCode

PATH = "/graphql"
METHODS = ["GET", "POST"]


class GraphEndpoint:
    """The graph's address."""

    def __init__(
        self,
        engine: GraphEngine,
        trusted: TrustedDocuments,
        authentication: Authentication,
        gate: Gate,
        audit: Audit,
    ) -> None:
        self._audit = audit
        self._engine = engine
        self._trusted = trusted
        self._authentication = authentication
        self._gate = gate

    def routes(self) -> list[Route]:
        """The endpoint and the schema's text."""

        async def schema_text(_request: Request) -> Response:
            return PlainTextResponse(self._engine.sdl)

        return [
            Route(PATH, self.answer, methods=METHODS),
            Route(f"{PATH}/schema.graphql", schema_text, methods=["GET"]),
        ]

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI application of its own."""
        response = await self.answer(Request(scope, receive, send))
        await response(scope, receive, send)

    def takes(self, scope: AsgiScope) -> bool:
        """Whether a request is one of those that need not go by the routes, as most are: for the graph, at once."""
        return (
            scope["type"] == "http"
            and scope["path"] == PATH
            and scope["method"] in METHODS
            and not wants_events(scope)
        )

    async def answer(self, request: Request) -> Response:
        """Answer, once the record of it is safe."""
        entry = entry_of(request, Kind.REQUEST, Transport.HTTP)
        return await recorded(self._audit, entry, self._response(request, entry))

    async def _response(self, request: Request, entry: Entry) -> Response:
        """Check the token, read the request, run it."""
        try:
            entry.caller = caller = await self._authentication.caller(request)
        except TokenError as error:
            entry.refuse(error.code)
            return refusal_response(error)
        media = answer_media(request.headers.get("accept"))
        try:
            if media is None:
                raise _not_acceptable()
            return await self._run(request, media, caller, entry)
        except RequestError as error:
            settle_error(entry, error)
            return refuse(media or JSON, error)
        except ClientDisconnect:
            entry.abandon()
            return Response(status_code=400)  # to nobody: the client has gone

    async def _run(self, request: Request, media: str, caller: Caller, entry: Entry) -> Response:
        asked = await read_request(request)
        document, trusted = self._trusted.document(asked)
        work = Asked(document, asked.operation_name, asked.variables, request.method != "POST")
        answer = await self._gate.run(request, lambda: self._answer(work, caller, entry))
        settle(entry, answer)
        return await respond(request, media, caller, answer, trusted)

    async def _answer(self, asked: Asked, caller: Caller, entry: Entry) -> Answer:
        """The engine's answer; whatever else comes out of it is masked here, at the last door."""
        try:
            return await self._engine.answer(asked, caller, entry)
        except Exception as error:
            return refused(masked_error(error))


def _not_acceptable() -> RequestError:
    return RequestError(
        406,
        ErrorCode.NOT_ACCEPTABLE,
        Label(f"只能以 {GRAPHQL_JSON} 或 {JSON} 答复。", f"answers come as {GRAPHQL_JSON} or {JSON} only"),
    )
