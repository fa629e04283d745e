"""The audit over HTTP: checkpoints and keys for everybody, records for auditors alone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.access.authentication import Authentication
from hub.access.refusals import TokenError, refusal_response
from hub.audit.checkpoint import Checkpoint, read_checkpoint
from hub.audit.entry import Entry, Kind, Transport
from hub.audit.port import Audit
from hub.audit.reading import Place, page_of_records
from hub.audit.signature import PublicKey
from hub.audit.store import checkpoints_after
from hub.clock import Clock
from hub.web.recording import entry_of, recorded
from schema.declare import Label
from schema.provider import Provider
from schema.scopes import Scope

#: checkpoints and records of one answer
_MOST_CHECKPOINTS = 500
_MOST_RECORDS, _RECORDS = 1_000, 100
_NO_STORE = {"Cache-Control": "no-store"}
_CHALLENGE = f'Bearer realm="baogong", error="insufficient_scope", scope="{Scope.AUDIT_READ}"'
_BAD_ARGUMENT = "bad_argument"


class AuditEndpoint:
    """`/audit/…`. Nothing here changes anything."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        audit: Audit,
        authentication: Authentication,
        keys: Mapping[str, PublicKey],
        clock: Clock,
    ) -> None:
        self._pool = pool
        self._audit = audit
        self._authentication = authentication
        self._keys = keys
        self._clock = clock

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/audit/checkpoint", self.newest, methods=["GET"]),
            Route("/audit/checkpoints", self.history, methods=["GET"]),
            Route("/audit/keys.pem", self.keys, methods=["GET"]),
            Route("/audit/records", self.records, methods=["GET"]),
        ]

    async def newest(self, _request: Request) -> Response:
        """The last checkpoint of this process."""
        text = self._audit.checkpoint
        if text is None:
            return _problem(503, "audit.unavailable", Label("还没有检查点。", "there is no checkpoint yet"))
        return JSONResponse(_told(read_checkpoint(text)), headers=_NO_STORE)

    async def history(self, request: Request) -> Response:
        """Checkpoints of all processes, in the order in which they were made; `since` is one of them, or an instant."""
        try:
            at, chain_id, number = _since(request.query_params.get("since", ""))
        except ValueError:
            wanted = Label(
                "since 须为检查点或 ISO 8601 时间。", "`since` is a checkpoint or an ISO 8601 instant"
            )
            return _problem(400, _BAD_ARGUMENT, wanted)
        found = await checkpoints_after(self._pool, at, chain_id, number, _MOST_CHECKPOINTS)
        return JSONResponse({"checkpoints": [each.text for each in found]}, headers=_NO_STORE)

    async def keys(self, _request: Request) -> Response:
        """The public keys that checkpoints are signed with."""
        pem = "".join(key.pem for key in self._keys.values())
        return Response(pem, media_type="application/x-pem-file", headers=_NO_STORE)

    async def records(self, request: Request) -> Response:
        """A page of records, for who may read the audit; reading it is recorded too."""
        entry = entry_of(request, Kind.REQUEST, Transport.HTTP)
        entry.operation = "audit.records"
        return await recorded(self._audit, entry, self._records(request, entry))

    async def _records(self, request: Request, entry: Entry) -> Response:
        try:
            entry.caller = caller = await self._authentication.caller(request)
        except TokenError as error:
            entry.refuse(error.code)
            return refusal_response(error)
        if Scope.AUDIT_READ not in caller.scopes:
            entry.refuse("audit.scope")
            wanted = Label(
                f"令牌没有权限 {Scope.AUDIT_READ}。", f"the token lacks the scope {Scope.AUDIT_READ}"
            )
            return _problem(403, "audit.scope", wanted, {"WWW-Authenticate": _CHALLENGE})
        try:
            since, until, after, most = _page(request.query_params, self._clock())
        except ValueError:
            entry.refuse(_BAD_ARGUMENT)
            return _problem(
                400,
                _BAD_ARGUMENT,
                Label(
                    f"since、until 须为 ISO 8601 时间，after 须为上一页的 next，first 至多 {_MOST_RECORDS}。",
                    f"`since`, `until`: ISO 8601 instants; `after`: a page's `next`; `first`: {_MOST_RECORDS} at most",
                ),
            )
        async with self._pool.acquire() as connection:
            found, place = await page_of_records(connection, since, until, after, most)
        entry.rows = {Provider.HUB: len(found)}
        body = orjson.dumps({"records": found, "next": None if place is None else str(place)})
        return Response(body, media_type="application/json", headers=_NO_STORE)


def _told(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "checkpoint": checkpoint.text,
        "chain": checkpoint.chain_id,
        "number": checkpoint.number,
        "madeAt": checkpoint.made_at.isoformat(),
        "digest": checkpoint.digest_name,
        "head": checkpoint.head.hex(),
        "key": checkpoint.key,
    }


def _since(text: str) -> tuple[datetime, str, int]:
    if not text:
        return datetime.min.replace(tzinfo=UTC), "", 0
    if text.count(".") >= 6:
        checkpoint = read_checkpoint(text)
        return checkpoint.made_at, checkpoint.chain_id, checkpoint.number
    return _instant(text), "", 0


def _page(asked: Mapping[str, str], now: datetime) -> tuple[datetime, datetime, Place | None, int]:
    most = int(asked.get("first", _RECORDS))
    if not 1 <= most <= _MOST_RECORDS:
        raise ValueError("first")
    until = _instant(asked["until"]) if "until" in asked else now + timedelta(minutes=1)
    since = _instant(asked["since"]) if "since" in asked else until - timedelta(days=1)
    return since, until, Place.read(asked["after"]) if "after" in asked else None, most


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("without a zone")
    return found.astimezone(UTC)


def _problem(status: int, code: str, message: Label, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": code, "message": str(message)}, status, {**_NO_STORE, **(headers or {})})
