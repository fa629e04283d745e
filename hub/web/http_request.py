"""A GraphQL request as HTTP brings it: in the body of a POST or in the address of a GET."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from schema.declare import Label
from schema.graph.errors import ErrorCode
from schema.graph.limits import excess_of_variables

#: a document of the most tokens allowed, with generous variables
MAX_BODY_BYTES = 256 * 1024
#: of a GET; longer ones belong into a POST
MAX_ADDRESS_BYTES = 16 * 1024
#: how long a body may take to arrive
READ_SECONDS = 30.0
#: media types whose meaning is kept: clients say the same each time
_KINDS = 64
_SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


class RequestError(Exception):
    """A request that is not run: status, stable code, why, and what the headers tell."""

    def __init__(
        self, status: int, code: ErrorCode, message: Label, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(message))
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class GraphRequest:
    """The parameters of a request; the text of the document, or its SHA-256, or both."""

    document: str | None
    #: in small hexadecimal digits
    sha256: str | None
    operation_name: str | None
    variables: dict[str, Any]


async def read_request(request: Request) -> GraphRequest:
    """What is asked for. Raises RequestError."""
    return understood(_of_address(request) if request.method in ("GET", "HEAD") else await _of_body(request))


def understood(asked: dict[str, Any]) -> GraphRequest:
    """The parameters of a request, however they came. Raises RequestError."""
    document = _text(asked, "query")
    operation_name = _text(asked, "operationName")
    sha256 = _identifier(asked)
    if document is None and sha256 is None:
        raise _malformed("须有 query 文本，或 documentId。", "a text `query` is needed, or a `documentId`")
    variables = _mapping(asked, "variables")
    excess = excess_of_variables(variables)
    if excess is not None:
        raise RequestError(422, ErrorCode.TOO_LARGE, Label(excess.zh, excess.en))
    return GraphRequest(document, sha256, operation_name, variables)


def _of_address(request: Request) -> dict[str, Any]:
    if len(request.url.query) > MAX_ADDRESS_BYTES:
        raise RequestError(
            414,
            ErrorCode.TOO_LARGE,
            Label(
                f"地址超过 {MAX_ADDRESS_BYTES} 字节，请用 POST。",
                f"the address has more than {MAX_ADDRESS_BYTES} bytes: use POST",
            ),
        )
    # the empty text says nothing, as if the parameter were not there
    asked: dict[str, Any] = {name: value for name, value in request.query_params.items() if value}
    for name in ("variables", "extensions"):
        if name in asked:
            asked[name] = _json(asked[name].encode("utf-8", "surrogatepass"), Label(name, name))
    return asked


async def _of_body(request: Request) -> dict[str, Any]:
    _check_kind(request.headers.get("content-type", ""))
    try:
        async with asyncio.timeout(READ_SECONDS):
            body = await _bytes_of(request)
    except TimeoutError as error:
        raise RequestError(
            408, ErrorCode.TIMEOUT, Label("请求体迟迟未到齐。", "the body did not arrive in time")
        ) from error
    asked = _json(body, Label("请求体", "the body"))
    if isinstance(asked, list):
        raise RequestError(
            422,
            ErrorCode.BATCHING_REFUSED,
            Label("一次请求只能有一个操作，不接受批量。", "one operation a request: batches are not taken"),
        )
    if not isinstance(asked, dict):
        raise _malformed("请求体须为 JSON 对象。", "the body must be a JSON object")
    return asked


async def _bytes_of(request: Request) -> bytes:
    body, more = b"", True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise RequestError(
                413,
                ErrorCode.TOO_LARGE,
                Label(
                    f"请求体超过 {MAX_BODY_BYTES} 字节。", f"the body has more than {MAX_BODY_BYTES} bytes"
                ),
            )
    return body


def _check_kind(content_type: str) -> None:
    """JSON in UTF-8 only: what a page of another site could send without asking first is not taken."""
    if not _is_json(content_type):
        raise RequestError(
            415,
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            Label("请求体须为 UTF-8 的 application/json。", "the body must be application/json in UTF-8"),
            {"Accept-Post": "application/json"},
        )


@lru_cache(maxsize=_KINDS)
def _is_json(content_type: str) -> bool:
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [part.partition("=")[2].strip('" ') for part in parameters if part.startswith("charset")]
    return kind == "application/json" and all(charset in ("utf-8", "utf8") for charset in charsets)


def _json(text: bytes, name: Label) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestError(
            400, ErrorCode.BAD_ARGUMENT, Label(f"{name.zh} 不是 JSON。", f"{name.en} is not JSON")
        ) from error


def _text(asked: dict[str, Any], name: str) -> str | None:
    value = asked.get(name)
    if not isinstance(value, str | None):
        raise _malformed(f"{name} 须为文本。", f"`{name}` must be text")
    return value or None


def _mapping(asked: dict[str, Any], name: str) -> dict[str, Any]:
    value = asked.get(name)
    if not isinstance(value, dict | None):
        raise _malformed(f"{name} 须为 JSON 对象。", f"`{name}` must be a JSON object")
    return value or {}


def _identifier(asked: dict[str, Any]) -> str | None:
    """The SHA-256 of the document: `documentId` of the specification's draft, or Apollo's `persistedQuery`."""
    given = _text(asked, "documentId")
    persisted = _mapping(asked, "extensions").get("persistedQuery")
    if given is None and persisted is not None:
        known = isinstance(persisted, dict) and persisted.get("version", 1) == 1
        given = persisted.get("sha256Hash") if known else ""
        if not isinstance(given, str):
            given = ""
    if given is None:
        return None
    found = _SHA256.fullmatch(given.lower())
    if found is None:
        raise _malformed(
            "文档标识须为 sha256: 加 64 位十六进制数。",
            "a document's identifier is `sha256:` and 64 hexadecimal digits",
        )
    return found[1]


def _malformed(zh: str, en: str) -> RequestError:
    return RequestError(422, ErrorCode.BAD_ARGUMENT, Label(zh, en))
