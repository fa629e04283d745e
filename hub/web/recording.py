"""No record, no answer: what a request came to is in the audit before its response goes out."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_plus

import orjson
from graphql import GraphQLError
from joserfc.util import json_b64decode
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route

from hub.audit.entry import Entry, Kind, Transport
from hub.audit.port import Audit
from hub.errors import AuditUnavailableError
from hub.web.engine import Answer, Outcome
from hub.web.http_request import RequestError
from schema.graph.errors import ErrorCode, graph_error

#: how far the record had come, signed, with each answer
CHECKPOINT_HEADER = b"baogong-checkpoint"
_FAILED = {Outcome.FAILED, Outcome.LATE}
_FIRST_OF_REFUSALS, _FIRST_OF_FAILURES = 400, 500
_UNAVAILABLE = AuditUnavailableError().message


def entry_of(connection: HTTPConnection, kind: Kind, transport: Transport) -> Entry:
    """An entry about a request or a connection."""
    client = connection.client
    return Entry(
        kind,
        transport,
        address=None if client is None else client.host,
        request_id=connection.headers.get("x-request-id"),
    )


async def recorded(audit: Audit, entry: Entry, response: Awaitable[Response]) -> Response:
    """The response, once the record of it is safe; what stands in it does not go out before."""
    try:
        made = await response
    except asyncio.CancelledError:
        entry.abandon()
        audit.note(entry)
        raise
    except Exception:
        entry.fail(ErrorCode.INTERNAL)
        audit.note(entry)
        raise
    try:
        await audit.keep(entry)
    except AuditUnavailableError:
        return unrecorded()
    if audit.checkpoint is not None:
        made.raw_headers.append((CHECKPOINT_HEADER, audit.checkpoint.encode()))
    return made


def settle(entry: Entry, answer: Answer) -> None:
    """What became of a document."""
    if answer.was_run:
        entry.code = answer.code
    elif answer.outcome in _FAILED:
        entry.fail(answer.code or answer.outcome.name)
    else:
        entry.refuse(answer.code or answer.outcome.name)


def settle_error(entry: Entry, error: RequestError) -> None:
    """A request that is none, or for which there is no time."""
    if error.status >= _FIRST_OF_FAILURES:
        entry.fail(error.code)
    else:
        entry.refuse(error.code)


def audit_error() -> GraphQLError:
    """Nothing goes out, for it cannot be recorded."""
    return graph_error(ErrorCode.AUDIT_UNAVAILABLE, _UNAVAILABLE.zh, _UNAVAILABLE.en)


def unrecorded() -> Response:
    """The response where the record cannot be written."""
    told = audit_error()
    code = ErrorCode.AUDIT_UNAVAILABLE
    body = orjson.dumps({"error": code, "message": str(_UNAVAILABLE), "errors": [told.formatted]})
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Cache-Control": "no-store",
        "Retry-After": "2",
    }
    return Response(body, 503, headers)


async def refuse_unrecorded(_request: Request, _error: Exception) -> Response:
    """What an application answers where something was not done because it could not be recorded."""
    return unrecorded()


def recorded_tokens(routes: list[Route], audit: Audit) -> list[Route]:
    """The issuer's routes; what is asked of it by POST (tokens, what becomes of them) is recorded."""
    return [
        Route(route.path, _recorded_token(route.endpoint, audit), methods=["POST"])
        if "POST" in (route.methods or ())
        else route
        for route in routes
    ]


def _recorded_token(
    endpoint: Callable[[Request], Awaitable[Response]], audit: Audit
) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        entry = entry_of(request, Kind.TOKEN, Transport.HTTP)
        entry.operation = request.url.path

        async def response() -> Response:
            made = await endpoint(request)
            entry.details = {"client": _basic_client(request), **_of_token(made)}
            if made.status_code >= _FIRST_OF_REFUSALS:
                entry.refuse(str(entry.details.get("error") or made.status_code))
            return made

        return await recorded(audit, entry, response())

    return respond


def _basic_client(request: Request) -> str | None:
    """Who says to ask: not proven where the answer is a refusal."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return unquote_plus(base64.b64decode(encoded, validate=True).decode().partition(":")[0])[:200]
    except ValueError:
        return None


def _of_token(response: Response) -> dict[str, Any]:
    """What was given: the token's number and what it opens, never the token."""
    try:
        body = orjson.loads(response.body)
        if not isinstance(body, dict) or "access_token" not in body:
            return {"error": body["error"]} if isinstance(body, dict) and "error" in body else {}
        claims = json_b64decode(str(body["access_token"]).split(".")[1].encode())
    except (ValueError, IndexError):
        return {}
    told = ("client_id", "sub", "jti", "scope", "exp")
    return {name: claims[name] for name in told if name in claims}
