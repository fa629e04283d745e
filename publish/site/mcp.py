"""What language models ask in SQL: the Model Context Protocol, with the tools of datasette-mcp, over our connections.

The tools go through Datasette's own checks and connections, so that time, rows, values and the authorizer are those of
any question in SQL. How requests come in is ours: each by itself (no sessions that strangers could pile up), with a
small body, and answered as a whole.
"""

import asyncio
from importlib.metadata import version

import datasette_mcp
from datasette.app import Datasette
from mcp.server.mcpserver import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from publish.site.asgi import Answer, Message, Receive, Scope, whole_answer
from publish.site.gate import MODELS_BYTES_MAX, MODELS_PATH, SECURITY, anonymous, sealed
from publish.site.strings import catalogue

#: questions themselves end after half a second
_SECONDS_MAX = 10.0


class Models:
    """Answers models over the connections of one Datasette."""

    def __init__(self, datasette: Datasette) -> None:
        server = MCPServer(
            "baogong",
            title=str(catalogue()["site.title"]),
            instructions=str(catalogue()["mcp.instructions"]),
            version=version("baogong"),
            log_level="ERROR",
            # an open stream for each stranger is more than a question
            subscriptions=False,
        )
        datasette_mcp.register_mcp_tools(datasette, server)
        server.streamable_http_app(
            json_response=True,
            stateless_http=True,
            max_request_body_size=MODELS_BYTES_MAX,
            # everybody may ask, from wherever: there is nothing to steal
            host="0.0.0.0",  # noqa: S104 - no address to listen on, but none to insist on
        )
        self._manager: StreamableHTTPSessionManager = server.session_manager
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to answer."""
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._live(ready))
        await ready.wait()

    async def close(self) -> None:
        """Answer no more."""
        self._stop.set()
        if self._task is not None:
            await self._task

    async def _live(self, ready: asyncio.Event) -> None:
        # what the protocol's library begins in one task it wants to end in the same
        async with self._manager.run():
            ready.set()
            await self._stop.wait()

    async def answer(self, scope: Scope, body: bytes) -> Answer:
        """The answer to one question, as a whole."""
        asked = anonymous(scope, MODELS_PATH.decode(), MODELS_PATH, b"") | {"method": "POST"}
        try:
            async with asyncio.timeout(_SECONDS_MAX):
                answer = sealed(await whole_answer(self._manager.handle_request, asked, _once(body)), "")
        except TimeoutError:
            answer = Answer(503, [*SECURITY])
        answer.headers.append((b"cache-control", b"no-store"))
        return answer


def _once(body: bytes) -> Receive:
    """The body, and then silence: who hangs up is noticed when the answer is sent."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop()

    return receive
