"""Subscriptions over WebSocket: the protocol graphql-transport-ws, at /graphql."""

import asyncio
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from hub.access.authentication import Authentication
from hub.access.caller import Caller
from hub.access.refusals import TokenError
from hub.audit.entry import Entry, Kind, Transport
from hub.errors import AuditUnavailableError
from hub.web.engine import Answer, refusal, refused
from hub.web.http_request import RequestError, understood
from hub.web.recording import audit_error, entry_of, settle
from hub.web.subscriptions import EndedError, ExpiredError, GoingAwayError, RevokedError, Subscriptions
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.prepared import RefusedError
from schema.graph.pushed import Pushed

PROTOCOL = "graphql-transport-ws"
#: until a client has said who it is
INIT_SECONDS = 10.0
#: what the first message may say in place of headers
_SAID = ("authorization", "dpop")
#: operations of one connection at a time
MAX_OPERATIONS = 20

Message = dict[str, Any]


class CloseError(Exception):
    """The connection is closed, with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class SocketEndpoint:
    """The graph's address, for WebSockets."""

    def __init__(self, subscriptions: Subscriptions, authentication: Authentication) -> None:
        self._subscriptions = subscriptions
        self._authentication = authentication

    def route(self) -> WebSocketRoute:
        """Where it is reached."""
        return WebSocketRoute("/graphql", self.converse)

    async def converse(self, socket: WebSocket) -> None:
        """Speak the protocol until either side has enough."""
        spoken = PROTOCOL in socket.scope.get("subprotocols", ())
        await socket.accept(PROTOCOL if spoken else None)
        if not spoken:
            await _close(socket, CloseError(4406, "Subprotocol not acceptable"))
            return
        try:
            caller = await self._introduced(socket)
            with self._subscriptions.room(caller):
                await _send(socket, {"type": "connection_ack"})
                await _Conversation(socket, self._subscriptions, caller).run()
        except CloseError as error:
            await _close(socket, error)
        except WebSocketDisconnect:
            return

    async def _introduced(self, socket: WebSocket) -> Caller:
        """Who it is, by the first message's token or else the request's."""
        try:
            async with asyncio.timeout(INIT_SECONDS):
                message = await _receive(socket)
                while message["type"] in ("ping", "pong"):
                    await _pong(socket, message)
                    message = await _receive(socket)
        except TimeoutError as error:
            raise CloseError(4408, "Connection initialisation timeout") from error
        if message["type"] != "connection_init":
            raise CloseError(4401, "Unauthorized")
        entry = entry_of(socket, Kind.REQUEST, Transport.WEBSOCKET)
        try:
            entry.caller = await self._authentication.caller(socket, _headers(message.get("payload")))
            self._subscriptions.check_room(entry.caller)
        except TokenError as error:
            entry.refuse(error.code)
            self._subscriptions.audit.note(entry)
            raise _closing(error) from error
        except RequestError as error:
            entry.refuse(error.code)
            self._subscriptions.audit.note(entry)
            raise CloseError(1013, "Try again later") from error
        return entry.caller


class _Conversation:
    """What is said after the introduction: operations side by side, each by its identifier."""

    def __init__(self, socket: WebSocket, subscriptions: Subscriptions, caller: Caller) -> None:
        self._socket = socket
        self._subscriptions = subscriptions
        self._caller = caller
        self._operations: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Take messages until the connection ends. Raises CloseError or WebSocketDisconnect."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._expire())
                while True:
                    await self._take(await _receive(self._socket), group)
        except* (CloseError, WebSocketDisconnect) as ended:
            raise _first(ended) from None

    async def _expire(self) -> None:
        await self._subscriptions.until_over(self._caller)
        raise CloseError(4403, "Forbidden")

    async def _take(self, message: Message, group: asyncio.TaskGroup) -> None:
        match message["type"]:
            case "ping" | "pong":
                await _pong(self._socket, message)
            case "subscribe":
                name = _identifier(message)
                if name in self._operations:
                    raise CloseError(4409, f"Subscriber for {name[:80]} already exists")
                # judged now, not when the task begins: others may have come by then
                has_room = len(self._operations) < MAX_OPERATIONS
                operating = self._operate(name, message.get("payload"), has_room=has_room)
                self._operations[name] = group.create_task(operating)
            case "complete":
                task = self._operations.pop(_identifier(message), None)
                if task is not None:
                    task.cancel()
            case "connection_init":
                raise CloseError(4429, "Too many initialisation requests")
            case _:
                raise CloseError(4400, "Invalid message")

    async def _operate(self, name: str, payload: Any, *, has_room: bool) -> None:
        entry = entry_of(self._socket, Kind.REQUEST, Transport.WEBSOCKET)
        entry.caller = self._caller
        try:
            pushed = await self._begin(name, payload, entry, has_room=has_room)
            if pushed is not None:
                await self._push(name, pushed, entry)
        except AuditUnavailableError:
            await self._tell_errors(name, refusal(RefusedError(audit_error())).body)
        except (ExpiredError, RevokedError) as error:
            raise CloseError(4403, "Forbidden") from error
        except GoingAwayError as error:
            raise CloseError(1012, "Service restart") from error
        finally:
            if self._operations.get(name) is asyncio.current_task():
                del self._operations[name]

    async def _begin(self, name: str, payload: Any, entry: Entry, *, has_room: bool) -> Pushed | None:
        """Answer, or give the subscription that begins; either once the record of it is safe."""
        if not isinstance(payload, dict):
            raise CloseError(4400, "Invalid message")
        pushed, answer = await self._judged(payload, entry) if has_room else (None, _no_room())
        if answer is not None:
            settle(entry, answer)
        await self._subscriptions.audit.keep(entry)
        if answer is not None and answer.was_run:
            await self._next(name, answer.body)
            await _send(self._socket, {"id": name, "type": "complete"})
        elif answer is not None:
            await self._tell_errors(name, answer.body)
        return pushed

    async def _judged(self, payload: Message, entry: Entry) -> tuple[Pushed | None, Answer | None]:
        """The subscription asked for, or an answer, which may be a refusal."""
        try:
            asked = self._subscriptions.asked(understood(payload))
            pushed = self._subscriptions.opened(asked, self._caller, entry)
            if pushed is not None:
                return pushed, None
            return None, await self._subscriptions.answer(asked, self._caller, entry)
        except RequestError as error:
            told = graph_error(error.code, error.message.zh, error.message.en)
            return None, refusal(RefusedError(told))
        except RefusedError as error:
            return None, refusal(error)

    async def _push(self, name: str, pushed: Pushed, entry: Entry) -> None:
        """Pages, each recorded, until the subscription ends. Raises EndedError and AuditUnavailableError."""
        with self._subscriptions.until_end(entry) as ended:
            try:
                async for page in self._subscriptions.pages(pushed, self._caller, entry, pushed.first):
                    if page is not None:
                        await self._next(name, page.payload)
            except EndedError as error:
                ended.refuse(error.code)
                raise
            except RefusedError as error:
                answer = refusal(error)
                settle(ended, answer)
                await self._tell_errors(name, answer.body)

    async def _next(self, name: str, payload: bytes) -> None:
        """The payload goes out as the database wrote it; a client that is slow to read is waited for."""
        head = orjson.dumps({"id": name, "type": "next"})[:-1]
        await self._socket.send_text((head + b',"payload":' + payload + b"}").decode())

    async def _tell_errors(self, name: str, body: bytes) -> None:
        errors = orjson.loads(body)["errors"]
        await _send(self._socket, {"id": name, "type": "error", "payload": errors})


async def _receive(socket: WebSocket) -> Message:
    """The next message. Raises CloseError for what is none, WebSocketDisconnect at the end."""
    received = await socket.receive()
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1005))
    try:
        message = orjson.loads(received.get("text") or b"")
    except orjson.JSONDecodeError as error:
        raise CloseError(4400, "Invalid message") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise CloseError(4400, "Invalid message")
    return message


async def _send(socket: WebSocket, message: Message) -> None:
    await socket.send_text(orjson.dumps(message).decode())


async def _pong(socket: WebSocket, message: Message) -> None:
    if message["type"] == "ping":
        await _send(socket, {"type": "pong"})


async def _close(socket: WebSocket, error: CloseError) -> None:
    try:
        await socket.close(error.code, error.reason)
    except (RuntimeError, WebSocketDisconnect):
        return  # the other side was first


def _headers(payload: Any) -> Headers | None:
    """The first message in place of headers, where it has the token: browsers cannot send any. None: it has not."""
    given = {name.lower(): text for name, text in payload.items()} if isinstance(payload, dict) else {}
    if not isinstance(given.get("authorization"), str):
        return None
    said = {name: given[name] for name in _SAID if isinstance(given.get(name), str)}
    # a message may hold what no header can: then it is no token either
    return Headers(raw=[(name.encode(), text.encode("utf-8", "replace")) for name, text in said.items()])


def _closing(error: TokenError) -> CloseError:
    if error.code == "temporarily_unavailable":
        return CloseError(1013, "Try again later")
    return CloseError(4403, "Forbidden")


def _identifier(message: Message) -> str:
    name = message.get("id")
    if not isinstance(name, str) or not name:
        raise CloseError(4400, "Invalid message")
    return name


def _first(ended: BaseExceptionGroup[Any]) -> BaseException:
    """Of what ended a conversation at once, what came first."""
    found = ended.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


def _no_room() -> Answer:
    return refused(
        graph_error(
            ErrorCode.BUSY,
            f"一个连接至多同时 {MAX_OPERATIONS} 个订阅。",
            f"a connection has at most {MAX_OPERATIONS} subscriptions at a time",
        )
    )
