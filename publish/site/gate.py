"""The gate before Datasette: what is not answered at all, and the headers of what is."""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

#: largest integer that a JavaScript number holds exactly
_SAFE_INTEGER = 2**53 - 1
#: nobody but Datasette itself may see the inner pages, nor the tables of the search index
_HIDDEN_PREFIXES = ("/-/",)
_HIDDEN_PARTS = ("product_search", "sqlite_", "_internal")
#: an address that nothing answers: Datasette's router then gives our 404
_NOWHERE = "/-/nowhere"
#: Datasette's own arguments that are of use here; the others run costly or broken paths, or name SQL
_ARGUMENTS = re.compile(
    "_(?:sort|sort_desc|sort_by_desc|next|size|shape|nl|dl|header|col|nocol|nocount"
    "|filter_(?:column|op|value)(?:_[0-9]+)?)"
)
_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self';"
    b" base-uri 'none'; frame-ancestors 'none'"
)
_SECURITY: Headers = [
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_BOM = b"\xef\xbb\xbf"
#: set by Datasette from the visitor's Host or for signed-in visitors, of whom there are none
_DROPPED = frozenset((b"link", b"vary", b"cache-control", b"referrer-policy", b"content-length"))


class Gate:
    """Wraps the application: read-only, without cookies, with an entity tag that names release and site."""

    def __init__(self, app: App, tag: str) -> None:
        self._app = app
        self._tag = f'W/"{tag}"'.encode("latin-1")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on the events of starting and stopping."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, [(b"allow", b"GET, HEAD")])
            return
        path = scope.get("raw_path", scope["path"].encode()).partition(b"?")[0].decode("latin-1")
        scope = _anonymous(scope)
        if is_hidden(path):
            scope = {**scope, "path": _NOWHERE, "raw_path": _NOWHERE.encode(), "query_string": b""}
        elif self._is_known_to(scope):
            await _answer(send, 304, self._caching())
            return
        await self._app(scope, receive, Sealing(send, self._caching()).send)

    def _is_known_to(self, scope: Scope) -> bool:
        tags = b",".join(value for name, value in scope["headers"] if name == b"if-none-match")
        return self._tag.removeprefix(b"W/") in [tag.strip().removeprefix(b"W/") for tag in tags.split(b",")]

    def _caching(self) -> Headers:
        return [(b"etag", self._tag), (b"cache-control", b"public, max-age=300")]


class Sealing:
    """Sends an answer on, with our headers, identifiers as texts in JSON, and the mark Excel needs in CSV."""

    def __init__(self, send: Send, caching: Headers) -> None:
        self._send = send
        self._caching = caching
        self._start: Message = {}
        self._kind = b""
        self._held: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Take one message of the application."""
        if message["type"] == "http.response.start":
            self._begin(message)
            if self._kind != b"application/json":
                await self._send(self._start)
        elif message["type"] == "http.response.body" and self._kind == b"application/json":
            await self._collect(message)
        elif message["type"] == "http.response.body" and self._kind == b"text/csv":
            self._kind = b""
            await self._send(dict(message, body=_BOM + message.get("body", b"")))
        else:
            await self._send(message)

    def _begin(self, message: Message) -> None:
        headers = [(bytes(name).lower(), bytes(value)) for name, value in message.get("headers", [])]
        self._kind = dict(headers).get(b"content-type", b"").partition(b";")[0]
        kept = [(name, value) for name, value in headers if name not in _DROPPED]
        caching = self._caching if message["status"] == 200 else [(b"cache-control", b"no-cache")]
        self._start = dict(message, headers=[*kept, *_SECURITY, *caching])

    async def _collect(self, message: Message) -> None:
        self._held.append(message.get("body", b""))
        if message.get("more_body"):
            return
        body = b"".join(self._held)
        if body:
            body = json.dumps(safe_integers(json.loads(body)), ensure_ascii=False).encode()
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def is_hidden(path: str) -> bool:
    """Whether an address belongs to Datasette's insides."""
    return path.startswith(_HIDDEN_PREFIXES) or any(
        part.startswith(_HIDDEN_PARTS) for part in path.split("/")[1:3]
    )


def safe_integers(value: Any) -> Any:
    """The same JSON with integers as texts where JavaScript would round them: identifiers have 63 bits."""
    if isinstance(value, dict):
        return {key: safe_integers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [safe_integers(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _SAFE_INTEGER:
        return str(value)
    return value


def _anonymous(scope: Scope) -> Scope:
    """The request without cookies and credentials, which mean nothing here, and with the arguments we know."""
    headers = [(name, value) for name, value in scope["headers"] if name not in (b"cookie", b"authorization")]
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not name.startswith("_") or _ARGUMENTS.fullmatch(name)]
    query = scope["query_string"] if kept == pairs else urlencode(kept).encode()
    return {**scope, "headers": headers, "query_string": query}


async def _answer(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *_SECURITY]})
    await send({"type": "http.response.body", "body": b""})
