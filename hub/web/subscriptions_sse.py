"""Subscriptions as server-sent events: GraphQL over SSE, its mode of distinct connections, at /graphql."""

from collections.abc import AsyncIterator

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Match, Route
from starlette.types import Scope as AsgiScope

from hub.access.authentication import Authentication
from hub.access.caller import Caller
from hub.access.refusals import TokenError, refusal_response
from hub.web.engine import Answer, Asked, refusal
from hub.web.http_answer import refuse, respond
from hub.web.http_media import GRAPHQL_JSON, choices
from hub.web.http_request import RequestError, read_request
from hub.web.subscriptions import ExpiredError, GoingAwayError, RevokedError, Subscriptions
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.prepared import RefusedError
from schema.graph.pushed import Pushed
from schema.plan.changes import place_at

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
        """Check the token, read the request, open the stream."""
        try:
            caller = await self._authentication.caller(request)
        except TokenError as error:
            return refusal_response(error)
        try:
            return await self._open(request, caller)
        except RequestError as error:
            return refuse(GRAPHQL_JSON, error)
        except RefusedError as error:
            return await respond(request, GRAPHQL_JSON, caller, refusal(error), False)

    async def _open(self, request: Request, caller: Caller) -> Response:
        asked = self._subscriptions.asked(await read_request(request), queries_only=request.method != "POST")
        pushed = self._subscriptions.opened(asked, caller)
        if pushed is None:
            return await self._once(request, asked, caller)
        self._subscriptions.check_room(caller)
        place = _place(request) or pushed.first
        return StreamingResponse(self._events(pushed, caller, place), media_type=EVENTS, headers=_HEADERS)

    async def _once(self, request: Request, asked: Asked, caller: Caller) -> Response:
        """A query or a mutation: one event, and the end."""
        answer = await self._subscriptions.answer(asked, caller)
        if not answer.was_run:
            return await respond(request, GRAPHQL_JSON, caller, answer, False)
        return Response(_next(answer.body) + _COMPLETE, media_type=EVENTS, headers=_HEADERS)

    async def _events(self, pushed: Pushed, caller: Caller, place: str) -> AsyncIterator[bytes]:
        with self._subscriptions.room(caller):
            yield _BEAT  # the headers go out at once, whenever the first page comes
            try:
                async for page in self._subscriptions.pages(pushed, caller, place, BEAT_SECONDS):
                    yield _BEAT if page is None else _next(page.payload, page.last)
            except ExpiredError:
                yield _errors(refusal(RefusedError(_expired()))) + _COMPLETE
            except RevokedError:
                yield _errors(refusal(RefusedError(_revoked()))) + _COMPLETE
            except RefusedError as error:
                yield _errors(refusal(error)) + _COMPLETE
            except GoingAwayError:
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
