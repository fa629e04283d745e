"""The gate before Datasette: what is not answered at all, and what every answer is given on its way out."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

from publish.site.asgi import Answer, Headers, Receive, Scope, whole_body

#: largest integer that a JavaScript number holds exactly
_SAFE_INTEGER = 2**53 - 1
#: nobody but Datasette itself may see the inner pages, nor the tables of the search index
_HIDDEN_PREFIXES = ("/-/",)
_HIDDEN_PARTS = ("product_search", "search_", "sqlite_", "_internal", "_memory", "-")
#: what Datasette 1.0 calls the page that asks in SQL
_QUERY_PART = "/-/query"
_POLICY = (
    b"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self';"
    b" font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY: Headers = [
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    # all of it is public, to be read from any page
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After, Baogong-Release"),
]
_BOM = b"\xef\xbb\xbf"
#: set by Datasette from the visitor's Host, for signed-in visitors, of whom there are none, or otherwise than here
_DROPPED = {name for name, _ in SECURITY} | {
    b"vary",
    b"cache-control",
    b"referrer-policy",
    b"content-length",
    b"set-cookie",
}
_METHODS = ("GET", "HEAD")
#: where the process of SQL answers language models, if it does
MODELS_PATH = b"/mcp"
#: no question in SQL is longer; and in how many seconds it has to be here
MODELS_BYTES_MAX = 64 << 10
_BODY_SECONDS = 10.0
#: what tells who asks, and means nothing here
_PERSONAL = (b"cookie", b"authorization")


def refusal(method: str) -> Answer | None:
    """The answer to a method that is not for reading; None where it is."""
    return None if method in _METHODS else Answer(405, [(b"allow", b"GET, HEAD"), *SECURITY])


async def question_of(scope: Scope, receive: Receive) -> bytes | Answer:
    """The body of a language model's request; the refusal of what is none, too large, or does not arrive."""
    if scope["method"] != "POST":
        return Answer(405, [(b"allow", b"POST"), *SECURITY])
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            body = await whole_body(receive, MODELS_BYTES_MAX)
    except TimeoutError:
        return Answer(408, [*SECURITY])
    return Answer(413, [*SECURITY]) if body is None else body


def is_hidden(path: str, *, with_sql: bool = False) -> bool:
    """Whether a path (without the language, not decoded) belongs to Datasette's insides."""
    if with_sql and path.endswith((_QUERY_PART, f"{_QUERY_PART}.json", f"{_QUERY_PART}.csv")):
        return False
    return path.startswith(_HIDDEN_PREFIXES) or any(
        part.startswith(_HIDDEN_PARTS) for part in path.split("/")[1:4]
    )


def anonymous(scope: Scope, path: str, raw_path: bytes, query: bytes) -> dict[str, Any]:
    """A request for this path and query by nobody in particular."""
    headers = [(name, value) for name, value in scope["headers"] if name not in _PERSONAL]
    return {
        **scope, "method": "GET", "headers": headers, "path": path, "raw_path": raw_path, "query_string": query
    }  # fmt: skip


def sealed(answer: Answer, prefix: str) -> Answer:
    """An answer of Datasette as it goes out: our headers, identifiers as texts in JSON, the mark Excel needs in CSV,
    and redirects in the language that was asked in (its prefix)."""
    kind = answer.header(b"content-type").partition(b";")[0]
    body = answer.body
    if kind == b"application/json" and body:
        body = json.dumps(safe_integers(json.loads(body)), ensure_ascii=False).encode()
    elif kind == b"text/csv":
        body = _BOM + body
    headers = [(name, _moved(name, value, prefix)) for name, value in answer.headers if _is_kept(name, value)]
    return Answer(answer.status, [*headers, *SECURITY], body)


def _is_kept(name: bytes, value: bytes) -> bool:
    # Datasette's own link header names its JSON by the visitor's Host
    return name not in _DROPPED and not (name == b"link" and b"datasette" in value)


def _moved(name: bytes, value: bytes, prefix: str) -> bytes:
    if name != b"location" or not prefix or not value.startswith(b"/") or value.startswith(b"//"):
        return value
    return value if value.startswith(f"{prefix}/".encode()) else prefix.encode() + value


def safe_integers(value: Any) -> Any:
    """The same JSON with integers as texts where JavaScript would round them: identifiers have 63 bits."""
    if isinstance(value, MutableMapping):
        return {key: safe_integers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [safe_integers(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _SAFE_INTEGER:
        return str(value)
    return value
