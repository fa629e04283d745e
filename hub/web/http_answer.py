"""An answer as HTTP sends it: status code, media type, compression, and what a client may keep."""

import hashlib
from collections.abc import Mapping
from functools import cache

import orjson
from starlette.requests import Request
from starlette.responses import Response

from hub.access.caller import Caller
from hub.web.engine import Answer, Outcome
from hub.web.http_coding import encoded
from hub.web.http_media import GRAPHQL_JSON
from hub.web.http_request import RequestError
from schema.graph.errors import graph_error
from schema.scopes import Scope

#: GraphQL over HTTP, working draft of August 2026
_STATUS = {
    Outcome.WHOLE: 200,
    Outcome.PARTIAL: 294,
    Outcome.UNREADABLE: 400,
    Outcome.INVALID: 422,
    Outcome.FORBIDDEN: 403,
    Outcome.NO_QUERY: 405,
    Outcome.LATE: 504,
    Outcome.FAILED: 500,
}
_NO_STORE = {"Cache-Control": "no-store"}
#: what an answer hangs on besides its address
_VARY = {"Vary": "Accept, Accept-Encoding, Authorization"}


class _Plain(Response):
    """An answer as most are: all its headers but the length are written once."""

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Those that are known, and the length; it is given none."""
        self.raw_headers = [*_plain_headers(self.media_type), (b"content-length", b"%d" % len(self.body))]


@cache
def _plain_headers(media: str | None) -> list[tuple[bytes, bytes]]:
    headers = {**_VARY, "Content-Type": f"{media}; charset=utf-8", **_NO_STORE}
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


async def respond(request: Request, media: str, caller: Caller, answer: Answer, trusted: bool) -> Response:
    """The response to a document that was judged, `media` being what the client accepts."""
    status = _STATUS[answer.outcome]
    # a client that knows JSON only takes a success for what it is; a refusal says itself that it is GraphQL's
    shown = media if answer.outcome in (Outcome.WHOLE, Outcome.PARTIAL) else GRAPHQL_JSON
    accept = request.headers.get("accept-encoding") if _may_shrink(answer, caller, trusted) else None
    body, coding = await encoded(answer.body, accept)
    is_kept = trusted and request.method in ("GET", "HEAD") and answer.outcome is Outcome.WHOLE
    if not (is_kept or coding or answer.outcome is Outcome.NO_QUERY):
        return _Plain(body, status, media_type=shown)
    headers = {
        **_VARY,
        "Content-Type": f"{shown}; charset=utf-8",
        **({"Content-Encoding": coding} if coding else {}),
    }
    if answer.outcome is Outcome.NO_QUERY:
        headers["Allow"] = "POST"
    if not is_kept:
        return Response(body, status, headers | _NO_STORE)
    # to be asked again each time: whether it is still so, and still this caller's to read
    headers |= {"ETag": _etag(answer.body, caller, shown, coding), "Cache-Control": "private, no-cache"}
    if _has(request, headers["ETag"]):
        return Response(
            status_code=304, headers={name: headers[name] for name in ("ETag", "Cache-Control", "Vary")}
        )
    return Response(body, status, headers)


def refuse(media: str, error: RequestError) -> Response:
    """The response to a request that is none, or for which there is no time."""
    told = graph_error(error.code, error.message.zh, error.message.en)
    body = orjson.dumps({"errors": [told.formatted]})
    headers = {"Content-Type": f"{media}; charset=utf-8", **_NO_STORE, **_VARY, **error.headers}
    return Response(body, error.status, headers)


def _may_shrink(answer: Answer, caller: Caller, trusted: bool) -> bool:
    """Whether the answer's length may hang on its content.

    A compressed answer tells, by its length, whether a text that somebody chose stands in it again (BREACH). Texts
    are chosen in documents (aliases) and come back in errors; what is worth guessing are confidential prices.
    """
    if answer.outcome is not Outcome.WHOLE:
        return False
    return trusted or Scope.PROCUREMENT_PRICE_CONFIDENTIAL_READ not in caller.scopes


def _etag(body: bytes, caller: Caller, media: str, coding: str | None) -> str:
    """Strong: the same only for the same bytes, under the same rights."""
    digest = hashlib.sha256(body)
    for part in (*sorted(caller.scopes), media, coding or ""):
        digest.update(b"\0" + part.encode())
    return f'"{digest.hexdigest()[:43]}"'


def _has(request: Request, etag: str) -> bool:
    """Whether the client holds this very answer (RFC 9110 §13.1.2)."""
    held = ",".join(request.headers.getlist("if-none-match"))
    return held.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in held.split(",")]
