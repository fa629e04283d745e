"""POST /feeds/{feed}: a client pushes a file of its own sender; the answer is what became of it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.access.authentication import Authentication
from hub.access.caller import Caller
from hub.access.clients import Client, ClientDirectory, ClientsUnavailableError, may_send
from hub.access.refusals import TokenError, refusal_response
from hub.access.signatures import REQUIRED, SignatureError, SignedRequest, verify
from hub.audit.entry import Entry, Kind, Transport
from hub.audit.port import Audit
from hub.clock import Clock
from hub.errors import AuditUnavailableError, UnknownFeedError
from hub.ingest.batches import BatchState
from hub.ingest.door import Receiving, open_door
from hub.ingest.landing import Landed, Landing
from hub.ingest.outcome import outcome_record
from hub.ingest.run import Delivery, Ingest, Outcome, find_connector
from hub.web.push_request import PushError, PushHeaders, read_headers, too_large
from hub.web.recording import entry_of, recorded, unrecorded
from schema.declare import Label
from schema.scopes import Scope, write_scope

#: uploads at one time; each may fill the disk up to the largest file
_MOST_AT_ONCE = 8
#: how long an upload may stand still
_SILENCE_SECONDS = 60
_BLOCK = 1 << 20
_STATUS = {
    BatchState.PROMOTED: 200,
    BatchState.HELD: 409,
    BatchState.REJECTED: 409,
    BatchState.REFUSED: 422,
    BatchState.FAILED: 500,
    BatchState.LANDED: 202,
}
_NO_STORE = {"Cache-Control": "no-store"}

log = structlog.get_logger(__name__)


class PushEndpoint:
    """Takes files from clients that are bound to a sender."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        landing: Landing,
        authentication: Authentication,
        clients: ClientDirectory,
        clock: Clock,
        most_bytes: int,
        origin: str,
        audit: Audit,
    ) -> None:
        """`origin` is that of the hub as clients see it: signatures cover it."""
        self._origin = origin
        self._audit = audit
        self._pool = pool
        self._landing = landing
        self._authentication = authentication
        self._clients = clients
        self._clock = clock
        self._most_bytes = most_bytes
        self._uploads = 0
        # files wait for their turn here, and not each with a connection that the graph needs
        self._turn = asyncio.Lock()

    def routes(self) -> list[Route]:
        """The endpoint."""
        return [Route("/feeds/{feed}", self.answer, methods=["POST"])]

    async def answer(self, request: Request) -> Response:
        """Answer, once the record of it is safe."""
        entry = entry_of(request, Kind.REQUEST, Transport.HTTP)
        entry.operation = "push"
        return await recorded(self._audit, entry, self._response(request, entry))

    async def _response(self, request: Request, entry: Entry) -> Response:
        """Check who sends what, take the bytes, and bring them as far as they go."""
        try:
            entry.caller = caller = await self._authentication.caller(request)
            feed = _known_feed(request.path_params["feed"])
            client, sender = await self._client(caller, write_scope(feed))
            _check_sender(feed, sender)
            said = read_headers(request.headers, self._most_bytes, self._clock())
            self._check_signature(request, client)
            landed = await self._receive(request, feed, said)
        except TokenError as error:
            entry.refuse(error.code)
            return refusal_response(error)
        except PushError as error:
            entry.refuse(error.code)
            body = {"error": error.code, "message": str(error.message)}
            return JSONResponse(body, error.status, {**_NO_STORE, **error.headers})
        except ClientDisconnect:
            entry.abandon()
            return Response(status_code=400)  # to nobody: the client has gone, and nothing was landed
        name = said.file_name or f"{feed}-{landed.received_sha256[:12]}"
        about = {"feed": feed, "sender": sender, "sha256": landed.received_sha256}
        try:
            # before anything is changed by it
            await self._audit.keep(entry.act({"act": "push", **about}))
        except AuditUnavailableError:
            return unrecorded()
        outcome = await self._ingest(Delivery(feed, sender, name, "push", said.as_of), landed)
        entry.details = {**about, "state": outcome.state}
        return JSONResponse(outcome_record(outcome), _STATUS[outcome.state], _NO_STORE)

    async def _client(self, caller: Caller, scope: Scope) -> tuple[Client, str]:
        """The client and whose data it may write, as the table of clients says now, whatever the token's age."""
        if scope not in caller.scopes:
            raise PushError(
                403,
                "push.scope",
                Label(f"令牌没有权限 {scope}。", f"the token lacks the scope {scope}"),
                {"WWW-Authenticate": f'Bearer realm="baogong", error="insufficient_scope", scope="{scope}"'},
            )
        try:
            await self._clients.refresh(caller.client_id)
        except ClientsUnavailableError as error:
            log.exception("push.clients")
            raise _not_now() from error
        client = self._clients.get(caller.client_id)
        sender = None if client is None else client.sender_code
        if client is None or sender is None or scope not in client.scopes:
            raise PushError(
                403,
                "push.sender",
                Label(
                    "该客户端已停用，或没有绑定发送方，不能推送。",
                    "the client is disabled or bound to no sender: it cannot push",
                ),
            )
        if not (may_send(client.reach, sender) and may_send(caller.reach, sender)):
            raise PushError(
                403,
                "push.organization",
                Label(
                    f"该客户端所属机构不含 sender:{sender}，不能推送其数据。",
                    f"sender:{sender} is not among the codes of the client's organisation: it cannot push its data",
                ),
            )
        return client, sender

    def _check_signature(self, request: Request, client: Client) -> None:
        """Where the client has registered a key, the request must be signed with it (RFC 9421)."""
        if not client.must_sign:
            return
        required = (*REQUIRED, "as-of") if "as-of" in request.headers else REQUIRED
        url = f"{self._origin}{request.url.path}"
        if request.url.query:
            url += f"?{request.url.query}"
        try:
            verify(SignedRequest(request.method, url, request.headers), client.keys, required)
        except SignatureError as error:
            covered = " ".join(f'"{name}"' for name in required)
            raise PushError(
                403,
                "push.signature",
                Label(
                    "该客户端登记了公钥，请求须按 RFC 9421 用其中一把签名，且签名未超过 5 分钟。",
                    f"this client has registered a key and must sign by RFC 9421, not over 5 minutes ago: {error}",
                ),
                {"Accept-Signature": f"sig=({covered});created;keyid"},
            ) from error

    async def _receive(self, request: Request, feed: str, said: PushHeaders) -> Landed:
        """The body in landing. If it is too large, breaks off, or is not what its digest says, nothing stays."""
        if self._uploads >= _MOST_AT_ONCE:
            raise _not_now()
        self._uploads += 1
        try:
            with open_door(self._landing, find_connector(feed).manifest) as incoming:
                async for block in _blocks(request):
                    await self._add(incoming, block)
                if incoming.digest != said.digest:
                    raise PushError(
                        400,
                        "push.digest_mismatch",
                        Label(
                            "收到的字节与 Content-Digest 不符，未接收；请重送。",
                            "the bytes are not those of Content-Digest; nothing was taken, send them again",
                        ),
                    )
                return await asyncio.to_thread(incoming.settle)
        finally:
            self._uploads -= 1

    async def _add(self, incoming: Receiving, block: bytes) -> None:
        if incoming.byte_count + len(block) > self._most_bytes:
            raise too_large(self._most_bytes)
        await asyncio.to_thread(incoming.write, block)

    async def _ingest(self, delivery: Delivery, landed: Landed) -> Outcome:
        async with self._turn, self._pool.acquire() as connection:
            return await Ingest(connection, self._landing, self._clock).take_landed(delivery, landed)


def _known_feed(feed: str) -> str:
    """The feed, if there is one of this code."""
    try:
        find_connector(feed)
    except UnknownFeedError as error:
        raise PushError(404, error.code, error.message) from error
    return feed


def _check_sender(feed: str, sender: str) -> None:
    """Refuse a sender who may not write the feed.

    Where the codes are everyone's (a feed with a default sender), what one sends overwrites what others know: only
    the default sender may.
    """
    default = find_connector(feed).manifest.default_sender
    if default is not None and default != sender:
        raise PushError(
            403,
            "push.feed",
            Label(
                f"数据源 {feed} 只接受发送方 {default}，该客户端绑定的是 {sender}。",
                f"feed {feed} takes files of {default} only; this client is bound to {sender}",
            ),
        )


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    """The body in blocks of about a megabyte. Raises PushError where it stands still for too long."""
    stream = aiter(request.stream())
    block = bytearray()
    while True:
        try:
            part = await asyncio.wait_for(anext(stream), _SILENCE_SECONDS)
        except StopAsyncIteration:
            break
        except TimeoutError as error:
            raise PushError(
                408, "push.silence", Label("上传中断太久。", "the upload stood still for too long")
            ) from error
        block += part
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _not_now() -> PushError:
    return PushError(
        503, "push.busy", Label("暂时不能接收，请稍后再试。", "not just now; try again"), {"Retry-After": "5"}
    )
