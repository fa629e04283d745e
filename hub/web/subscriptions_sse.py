"""Subscriptions as server-sent events: GraphQL over SSE, its mode of distinct connections, at /graphql."""

from collections.abc import AsyncIterator

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Match, Route
from starlette.types import Scope as AsgiScope

from hub.access.authentication import Authentication
from hub.access.caller import Caller
from hub.access.refusals import TokenError, refusal_response
from hub.audit.entry import Entry, Kind, Transport
from hub.errors import AuditUnavailableError
from hub.web.engine import Answer, Asked, refusal
from hub.web.http_answer import refuse, respond
from hub.web.http_media import GRAPHQL_JSON, choices
from hub.web.http_request import RequestError, read_request
from hub.web.recording import audit_error, entry_of, recorded, settle, settle_error
from hub.web.subscriptions import ExpiredError, GoingAwayError, RevokedError, Subscriptions
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.prepared import RefusedError
from schema.graph.pushed import Pushed
from schema.plan.changes import place_at
from schema.plan.marks import without_marks

EVENTS = "text/event-stream"
#: a comment is sent when nothing else was for so long, lest somebody between takes the connection for dead
BEAT_SECONDS = 15.0
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Accept, Authorization"}
_COMPLETE = b"event: complete\ndata:\n\n"
_BEAT = b":\n\n"


class EventsRoute(Route):
    """A route for those only who accept events."""

    def matches(self, scope: AsgiScope) -> tuple[Match, AsgiScope]:
        """Whether path, method and Accept fit."""
        return super().matches(scope) if scope["type"] == "http" and wants_events(scope) else (Match.NONE, {})


def wants_events(scope: AsgiScope) -> bool:
    """Whether a request over HTTP asks to be answered by events."""
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"").decode("latin-1")
    # most requests do not even name them
    return EVENTS in accepted.lower() and any(
        choice.value == EVENTS and choice.weight > 0 for choice in choices(accepted)
    )


class EventsEndpoint:
    """The graph's address, for those who accept events."""

    def __init__(self, subscriptions: Subscriptions, authentication: Authentication) -> None:
        self._subscriptions = subscriptions
        self._authentication = authentication

    def route(self) -> Route:
        """Where it is reached."""
        return EventsRoute("/graphql", self.answer, methods=["GET", "POST"])

    async def answer(self, request: Request) -> Response:
        """Answer, or open the stream, once the record of it is safe."""
        entry = entry_of(request, Kind.REQUEST, Transport.EVENTS)
        return await recorded(self._subscriptions.audit, entry, self._response(request, entry))

    async def _response(self, request: Request, entry: Entry) -> Response:
        """Check the token, read the request, open the stream."""
        try:
            entry.caller = caller = await self._authentication.caller(request)
        except TokenError as error:
            entry.refuse(error.code)
            return refusal_response(error)
        try:
            return await self._open(request, caller, entry)
        except RequestError as error:
            settle_error(entry, error)
            return refuse(GRAPHQL_JSON, error)
        except RefusedError as error:
            answer = refusal(error)
            settle(entry, answer)
            return await respond(request, GRAPHQL_JSON, caller, answer, False)
        except ClientDisconnect:
            entry.abandon()
            return Response(status_code=400)  # to nobody

    async def _open(self, request: Request, caller: Caller, entry: Entry) -> Response:
        asked = self._subscriptions.asked(await read_request(request), queries_only=request.method != "POST")
        pushed = self._subscriptions.opened(asked, caller, entry)
        if pushed is None:
            return await self._once(request, asked, caller, entry)
        self._subscriptions.check_room(caller)
        place = _place(request) or pushed.first
        events = self._events(pushed, caller, entry, place)
        return StreamingResponse(events, media_type=EVENTS, headers=_HEADERS)

    async def _once(self, request: Request, asked: Asked, caller: Caller, entry: Entry) -> Response:
        """A query or a mutation: one event, and the end."""
        answer = await self._subscriptions.answer(asked, caller, entry)
        if not answer.was_run:
            return await respond(request, GRAPHQL_JSON, caller, answer, False)
        return Response(_next(answer.body) + _COMPLETE, media_type=EVENTS, headers=_HEADERS)

    async def _events(self, pushed: Pushed, caller: Caller, entry: Entry, place: str) -> AsyncIterator[bytes]:
        with self._subscriptions.room(caller), self._subscriptions.until_end(entry) as ended:
            yield _BEAT  # the headers go out at once, whenever the first page comes
            try:
                async for page in self._subscriptions.pages(pushed, caller, entry, place, BEAT_SECONDS):
                    yield _BEAT if page is None else _next(page.payload, page.last)
            except ExpiredError as error:
                ended.refuse(error.code)
                yield _errors(refusal(RefusedError(_expired()))) + _COMPLETE
            except RevokedError as error:
                ended.refuse(error.code)
                yield _errors(refusal(RefusedError(_revoked()))) + _COMPLETE
            except RefusedError as error:
                settle(ended, refusal(error))
                yield _errors(refusal(error)) + _COMPLETE
            except AuditUnavailableError:
                ended.fail(ErrorCode.AUDIT_UNAVAILABLE)
                yield _errors(refusal(RefusedError(audit_error()))) + _COMPLETE
            except GoingAwayError as error:
                ended.fail(error.code)
                return  # without the word that it is complete: come again


def _place(request: Request) -> str | None:
    """Where a client goes on that has lost its connection. Raises RefusedError."""
    given = request.headers.get("last-event-id")
    if not given:
        return None
    try:
        return place_at(given).cursor
    except GraphQLError as error:
        raise RefusedError(error) from error


def _next(payload: bytes, place: str | None = None) -> bytes:
    payload = without_marks(payload)  # a field of an event ends with its line
    name = f"id: {place}\n".encode() if place else b""
    return b"event: next\n" + name + b"data: " + payload + b"\n\n"


def _errors(answer: Answer) -> bytes:
    return _next(orjson.dumps({"errors": orjson.loads(answer.body)["errors"]}))


def _expired() -> GraphQLError:
    return graph_error(
        ErrorCode.EXPIRED,
        "令牌已过期；换新令牌后从最后的游标继续。",
        "the token has expired: go on from the last cursor with a new one",
    )


def _revoked() -> GraphQLError:
    return graph_error(ErrorCode.REVOKED, "令牌已被吊销。", "the token was revoked")
