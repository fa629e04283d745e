"""A source system that answers over real HTTP, page by page, and can be made to fail in the ways that real ones do.

`python -m connectors.sandbox.http_source --fault 429 --fault token_expires` plays it by hand; see docs/sandbox.md.
"""

import argparse
import asyncio
import secrets
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

import connectors
from connectors.transports.pages import PageStyle

CLIENT_ID = "sandbox"
#: of a source that holds nothing but samples
CLIENT_SECRET = "sandbox-secret"  # noqa: S105
LISTING_PATH = "/api/listing"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
SAMPLE = Path(connectors.__file__).parent / "registration" / "samples" / "nmpa_import.jsonl"
#: pages for which a token is good once it expires midway
_TOKEN_PAGES = 2


class Fault(StrEnum):
    """Ways to fail. Each happens once, at the third page asked for, unless it says otherwise."""

    #: 429 with Retry-After
    TOO_MANY_REQUESTS = "429"
    #: 500, three times
    SERVER_ERROR = "500"
    #: 500 from then on, for ever
    SERVER_DOWN = "down"
    #: the page before comes again
    PAGE_REPEATED = "page_repeated"
    #: the page before comes again, however often one asks, and all later ones come one later
    PAGE_INSERTED = "page_inserted"
    #: the page comes empty, or the cursor leads past it, however often one asks
    PAGE_MISSING = "page_missing"
    #: half of the answer, then the connection drops
    CONNECTION_DROPPED = "connection_dropped"
    #: the token is refused, long before its time
    TOKEN_EXPIRES = "token_expires"  # noqa: S105
    #: the number of records changes while they are read
    LIST_CHANGES = "list_changes"
    #: a login page in place of JSON
    HTML = "html"
    #: a full listing that is suddenly empty, from the first page on
    EMPTY = "empty"
    #: with cursors: the third page's leads back to the second
    CURSOR_LOOPS = "cursor_loops"
    #: with cursors: after the last record come empty pages, each with another cursor, for ever; no total
    ENDLESS = "endless"


@dataclass
class TokenDesk:
    """Gives tokens to the one client of a platform."""

    client_id: str = CLIENT_ID
    secret: str = CLIENT_SECRET
    given: int = 0
    #: requests that each token has opened
    uses: Counter[str] = field(default_factory=Counter)

    async def answer(self, request: Request) -> Response:
        """A token for the client's credentials."""
        form = (await request.body()).decode()
        basic = b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        known = request.headers.get("authorization") == f"Basic {basic}"
        if not known or "grant_type=client_credentials" not in form:
            return JSONResponse({"error": "invalid_client"}, 401)
        self.given += 1
        token = secrets.token_urlsafe(16)
        self.uses[token] = 0
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": 3600})


@dataclass
class HttpSource:
    """One list of a source, its mood, and what was asked of it."""

    #: JSON objects
    records: Sequence[bytes]
    style: PageStyle = PageStyle.CURRENT_SIZE
    faults: frozenset[Fault] = frozenset()
    #: seconds that 429 asks for
    retry_after: int = 0
    #: every page asked for, in order
    asked: list[int] = field(default_factory=list)
    desk: TokenDesk = field(default_factory=TokenDesk)
    #: key under which the page stands in the answer; None: the answer is the page
    envelope: str | None = None
    #: parameter and key: only records whose key is at or after the parameter's instant are listed
    since: tuple[str, str] | None = None
    _listed: Sequence[bytes] = ()
    _happened: Counter[Fault] = field(default_factory=Counter)

    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                Route(TOKEN_PATH, self.desk.answer, methods=["POST"]),
                Route(LISTING_PATH, self.answer, methods=["GET"]),
            ]
        )

    @property
    def tokens_given(self) -> int:
        """How many tokens the desk has given."""
        return self.desk.given

    async def answer(self, request: Request) -> Response:
        """A page of the list, or whatever goes wrong."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.desk.uses or self._is_expired(token):
            return JSONResponse({"error": "invalid_token"}, 401)
        self.desk.uses[token] += 1
        self._listed = self._changed(request)
        page, size = self._place(request)
        self.asked.append(page)
        return self._failure(page, size) or self._answer(page, size)

    def _is_expired(self, token: str) -> bool:
        is_over = self.desk.uses[token] >= _TOKEN_PAGES
        return is_over and self._happens(Fault.TOKEN_EXPIRES)

    def _failure(self, page: int, size: int) -> Response | None:
        """What goes out in place of the page."""
        if self._happens(Fault.TOO_MANY_REQUESTS, page):
            return Response(status_code=429, headers={"Retry-After": str(self.retry_after)})
        if self._happens(Fault.SERVER_ERROR, page, times=3) or self._stays(Fault.SERVER_DOWN, page):
            return Response("busy", 500)
        if self._happens(Fault.HTML, page):
            return Response("<!DOCTYPE html><title>登录</title>", media_type="text/html")
        if self._happens(Fault.CONNECTION_DROPPED, page):
            return _Dropped(self._body(page, size))
        return self._answer(page - 1, size) if self._happens(Fault.PAGE_REPEATED, page) else None

    def _answer(self, page: int, size: int) -> Response:
        return Response(self._body(page, size), media_type="application/json")

    def _changed(self, request: Request) -> Sequence[bytes]:
        """The records, or those that have changed since the instant that is asked for."""
        if Fault.EMPTY in self.faults:
            return []
        asked = request.query_params.get(self.since[0]) if self.since else None
        if self.since is None or asked is None:
            return self.records
        begin = datetime.fromisoformat(asked)
        changed = self.since[1]
        return [each for each in self.records if datetime.fromisoformat(orjson.loads(each)[changed]) >= begin]

    def _body(self, page: int, size: int) -> bytes:
        body = self._page(page, size)
        if self.envelope is None:
            return body
        return b'{"code":0,"msg":"ok","%b":%b}' % (self.envelope.encode(), body)

    def _page(self, page: int, size: int) -> bytes:
        records = self._listed
        total = len(records) + (self._stays(Fault.LIST_CHANGES, page))
        is_missing = Fault.PAGE_MISSING in self.faults and page == 3 and self.style is not PageStyle.CURSOR
        first = (page - 1 - self._stays(Fault.PAGE_INSERTED, page)) * size
        rows = b"[" + b",\n".join([] if is_missing else records[first : first + size]) + b"]"
        match self.style:
            case PageStyle.CURRENT_SIZE:
                return b'{"records":%b,"total":%d,"size":%d,"current":%d}' % (rows, total, size, page)
            case PageStyle.JQGRID:
                return b'{"page":"%d","total":%d,"records":%d,"rows":%b}' % (
                    page,
                    -(-total // size),
                    total,
                    rows,
                )
            case PageStyle.CURSOR:
                following = orjson.dumps(self._next(page, size, total))
                if Fault.ENDLESS in self.faults:
                    return b'{"records":%b,"next_cursor":%b}' % (rows, following)
                return b'{"records":%b,"total":%d,"next_cursor":%b}' % (rows, total, following)

    def _next(self, page: int, size: int, total: int) -> str | None:
        """The cursor of the page after; a page that is missing is led past."""
        if self._stays(Fault.CURSOR_LOOPS, page):
            return "page-2"
        if Fault.ENDLESS in self.faults:
            return f"page-{page + 1}"
        following = page + 1 + (Fault.PAGE_MISSING in self.faults and page == 2)
        listed = (following - 1 - (Fault.PAGE_INSERTED in self.faults)) * size
        return f"page-{following}" if listed < total else None

    def _place(self, request: Request) -> tuple[int, int]:
        query = request.query_params
        match self.style:
            case PageStyle.CURRENT_SIZE:
                return int(query["current"]), int(query["size"])
            case PageStyle.JQGRID:
                return int(query["page"]), int(query["rows"])
            case PageStyle.CURSOR:
                return int(query.get("cursor", "page-1").removeprefix("page-")), int(query["size"])

    def _happens(self, fault: Fault, page: int = 3, times: int = 1) -> bool:
        """Whether a fault is due, which counts as one time."""
        if fault not in self.faults or page < 3 or self._happened[fault] >= times:
            return False
        self._happened[fault] += 1
        return True

    def _stays(self, fault: Fault, page: int) -> bool:
        return fault in self.faults and page >= 3


class _Dropped(Response):
    """Half of an answer; the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


def read_records(path: Path) -> list[bytes]:
    """The records of a file of JSON lines."""
    return [line for line in path.read_bytes().splitlines() if line.strip()]


def serving(source: HttpSource, port: int) -> uvicorn.Server:
    """A server of the source on loopback, to be run; silent about the faults it is made to have."""
    return uvicorn.Server(uvicorn.Config(source.app(), host="127.0.0.1", port=port, log_level="critical"))


def main() -> None:
    """Play the source until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox.http_source", description=__doc__)
    parser.add_argument("--records", type=Path, default=SAMPLE, help="JSON lines to list")
    parser.add_argument("--style", type=PageStyle, choices=list(PageStyle), default=PageStyle.CURRENT_SIZE)
    parser.add_argument("--fault", type=Fault, choices=list(Fault), action="append", default=[])
    parser.add_argument("--retry-after", type=int, default=2, help="seconds that 429 asks for")
    parser.add_argument("--port", type=int, default=8100)
    given = parser.parse_args()
    source = HttpSource(
        read_records(given.records), given.style, frozenset(given.fault), retry_after=given.retry_after
    )
    sys.stdout.write(
        f"http://127.0.0.1:{given.port}{LISTING_PATH} client {CLIENT_ID} secret {CLIENT_SECRET}\n"
    )
    sys.stdout.flush()
    asyncio.run(serving(source, given.port).serve())


if __name__ == "__main__":
    main()
