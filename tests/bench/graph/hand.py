"""Hand-written SQL over the hub's own ASGI server: one statement a query, PostgreSQL writes the answer.

Run as `python -m tests.bench.graph.hand PORT`, with the hub's settings in the environment: it asks for the same token.
"""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access.authentication import presented_token
from hub.access.keys import load_or_create_keys
from hub.access.refusals import TokenError, refusal_response
from hub.access.tokens import TokenVerifier
from hub.access.trusted_issuer import TrustedIssuer
from hub.clock import system_clock
from hub.config import Settings
from tests.bench.graph.cases import CASES, Case


async def _no_reset(_connection: asyncpg.Connection) -> None:
    """Reading leaves nothing behind; asyncpg's own reset is a round trip."""


def _bytes_untouched(value: Any) -> bytes:
    return bytes(value)


async def _as_bytes(connection: asyncpg.Connection) -> None:
    """Text comes as the bytes that go out."""
    await connection.set_type_codec(
        "text", schema="pg_catalog", encoder=str.encode, decoder=_bytes_untouched, format="binary"
    )


def build_app(settings: Settings) -> Starlette:
    """One route a case: POST /<case> with the same body as the graph gets."""
    keys = load_or_create_keys(settings.key_dir)
    verifier = TokenVerifier([TrustedIssuer(settings.hub_origin, settings.hub_origin, keys)], system_clock)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            settings.database_url,
            min_size=1,
            max_size=10,
            init=_as_bytes,
            reset=_no_reset,
            server_settings={"timezone": "UTC"},
        ) as pool:
            app.state.pool = pool
            yield

    routes = [
        Route(f"/{case.name}", _answer(case, case.sql, verifier), methods=["POST"])
        for case in CASES
        if case.sql is not None
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _answer(case: Case, statement: str, verifier: TokenVerifier) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            await verifier.verify(presented_token(request.headers)[1])
        except TokenError as error:
            return refusal_response(error)
        values = case.values(orjson.loads(await request.body())["variables"])
        body = await request.app.state.pool.fetchval(statement, *values)
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    return answer


if __name__ == "__main__":
    uvicorn.run(build_app(Settings()), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
