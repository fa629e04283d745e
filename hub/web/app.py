"""The hub as an ASGI application: graph, push, issuer, query page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.access.clients import Client, ClientDirectory
from hub.access.issuer import Issuer, build_issuer_routes
from hub.access.keys import load_or_create_keys
from hub.access.store import fetch_clients
from hub.access.tokens import TokenVerifier
from hub.audit.port import Audit
from hub.audit.signature import known_keys
from hub.clock import Clock
from hub.config import Settings
from hub.db.reading import ReadingPool
from hub.ingest.landing import Landing
from hub.web.audit import AuditEndpoint
from hub.web.console import console_routes
from hub.web.engine import GraphEngine
from hub.web.examples import examples_json, shipped_examples
from hub.web.graphql import GraphEndpoint
from hub.web.http_gate import Gate
from hub.web.listener import ChangeListener
from hub.web.push import PushEndpoint
from hub.web.recording import recorded_tokens
from hub.web.subscriptions import Subscriptions
from hub.web.subscriptions_sse import EventsEndpoint
from hub.web.subscriptions_ws import SocketEndpoint
from hub.web.trusted import load_trusted
from hub.web.writer import Desk

#: folder of GraphiQL's own files, under the data folder; `make graphiql` fills it
GRAPHIQL_DIR = "graphiql"


def build_app(
    settings: Settings, pool: asyncpg.Pool, graph_pool: ReadingPool, clock: Clock, audit: Audit
) -> Starlette:
    """The application over open pools, the graph's being its own; it closes them when it ends.

    `state.farewell` ends subscriptions: to be called when the server begins to stop.
    """
    keys = load_or_create_keys(settings.key_dir)

    async def fetch() -> list[Client]:
        async with pool.acquire() as connection:
            return await fetch_clients(connection)

    clients = ClientDirectory(fetch, clock)
    issuer = Issuer(
        url=settings.hub_origin,
        audience=settings.hub_origin,
        keys=keys,
        clients=clients,
        clock=clock,
        token_lifetime_seconds=settings.token_seconds,
    )
    verifier = TokenVerifier(settings.hub_origin, settings.hub_origin, keys.public, clock)
    landing = Landing(settings.landing_dir)
    engine = GraphEngine(graph_pool, landing, Desk(pool, landing, clients, clock, audit))
    trusted = load_trusted(settings.trusted_documents, settings.trusted_only)
    gate = Gate(settings.graph_connections, settings.graph_seconds)
    graph = GraphEndpoint(engine, trusted, verifier, gate, audit)
    listener = ChangeListener(pool)
    subscriptions = Subscriptions(
        engine,
        trusted,
        listener,
        clock,
        audit,
        most=max(1, settings.graph_connections // 2),
        seconds=settings.graph_seconds,
    )
    push = PushEndpoint(
        pool, landing, verifier, clients, clock, settings.push_max_bytes, settings.hub_origin, audit
    )

    async def health(_request: Request) -> Response:
        await pool.fetchval("SELECT 1")
        return JSONResponse({"status": "ok"})

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        listening = asyncio.create_task(listener.run())
        yield
        listener.close()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await pool.close()
        await graph_pool.close()

    application = Starlette(
        routes=[
            EventsEndpoint(subscriptions, verifier).route(),
            SocketEndpoint(subscriptions, verifier).route(),
            *graph.routes(),
            *push.routes(),
            *AuditEndpoint(pool, audit, verifier, known_keys(settings.key_dir), clock).routes(),
            *recorded_tokens(build_issuer_routes(issuer), audit),
            Route("/health", health),
            *console_routes(
                settings.data_dir / GRAPHIQL_DIR,
                lambda: examples_json(shipped_examples(), engine.needs),
                f"{settings.site_origin}/",
            ),
        ],
        lifespan=lifespan,
    )
    application.state.farewell = listener.close
    return application
