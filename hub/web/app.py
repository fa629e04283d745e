"""The hub as an ASGI application: graph, push, issuer, query page."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from hub.access.issuer_routes import build_issuer_routes
from hub.access.seal import Sealer
from hub.audit.access_events import access_recorder
from hub.audit.port import Audit
from hub.audit.signature import known_keys
from hub.clock import Clock
from hub.config import Settings
from hub.db.reading import ReadingPool
from hub.errors import AuditUnavailableError
from hub.ingest.landing import Landing
from hub.web.audit import AuditEndpoint
from hub.web.console import console_routes
from hub.web.engine import GraphEngine
from hub.web.entry import Entry, build_entry, proxy_middleware
from hub.web.examples import examples_json, shipped_examples
from hub.web.graphql import GraphEndpoint
from hub.web.http_gate import Gate
from hub.web.listener import ChangeListener
from hub.web.push import PushEndpoint
from hub.web.recording import recorded_tokens, refuse_unrecorded
from hub.web.sign_in import sign_in_routes
from hub.web.subscriptions import Subscriptions
from hub.web.subscriptions_sse import EventsEndpoint
from hub.web.subscriptions_ws import SocketEndpoint
from hub.web.trusted import load_trusted
from hub.web.writer import Desk

#: folder of GraphiQL's own files, under the data folder; `make graphiql` fills it
GRAPHIQL_DIR = "graphiql"


class Hub(Starlette):
    """The application. Requests for the graph go there at once: the way by all routes costs as much as an answer."""

    def __init__(self, graph: GraphEndpoint, **given: Any) -> None:
        super().__init__(**given)
        self._graph = graph

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        await (self._graph if self._graph.takes(scope) else super().__call__)(scope, receive, send)


def build_app(
    settings: Settings,
    pool: asyncpg.Pool,
    graph_pool: ReadingPool,
    sealer: Sealer,
    clock: Clock,
    audit: Audit,
) -> Starlette:
    """The application over open pools, the graph's being its own; it closes them when it ends.

    `audit` keeps the record; without it nothing goes out.

    `state.farewell` ends subscriptions: to be called when the server begins to stop.
    """
    record = access_recorder(audit)
    entry = build_entry(settings, pool, clock, record)
    landing = Landing(settings.landing_dir)
    engine = GraphEngine(graph_pool, landing, Desk(pool, landing, entry.clients, clock, audit), sealer)
    trusted = load_trusted(settings.trusted_documents, settings.trusted_only)
    gate = Gate(settings.graph_connections, settings.graph_seconds)
    graph = GraphEndpoint(engine, trusted, entry.authentication, gate, audit)
    listener = ChangeListener(pool)
    subscriptions = Subscriptions(
        engine,
        trusted,
        listener,
        entry.authentication.standing,
        clock,
        audit,
        most=max(1, settings.graph_connections // 2),
        seconds=settings.graph_seconds,
    )
    push = PushEndpoint(
        pool,
        landing,
        entry.authentication,
        entry.clients,
        clock,
        settings.push_max_bytes,
        settings.hub_origin,
        audit,
    )

    application = Hub(
        graph,
        routes=[
            EventsEndpoint(subscriptions, entry.authentication).route(),
            SocketEndpoint(subscriptions, entry.authentication).route(),
            *graph.routes(),
            *push.routes(),
            *AuditEndpoint(pool, audit, entry.authentication, known_keys(settings.key_dir), clock).routes(),
            *recorded_tokens(build_issuer_routes(entry.issuer), audit),
            *sign_in_routes(entry.issuer, entry.people),
            _health(pool),
            *console_routes(
                settings.data_dir / GRAPHIQL_DIR,
                lambda: examples_json(shipped_examples(), engine.needs),
                f"{settings.site_origin}/",
            ),
        ],
        middleware=proxy_middleware(settings),
        lifespan=_lifespan(entry, listener, pool, graph_pool),
        exception_handlers={AuditUnavailableError: refuse_unrecorded},
    )
    application.state.farewell = listener.close
    return application


def _health(pool: asyncpg.Pool) -> Route:
    async def health(_request: Request) -> Response:
        await pool.fetchval("SELECT 1")
        return JSONResponse({"status": "ok"})

    return Route("/health", health)


def _lifespan(
    entry: Entry, listener: ChangeListener, pool: asyncpg.Pool, graph_pool: ReadingPool
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """What runs beside the requests, and what is closed after the last."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await entry.watch.look()
        running = [asyncio.create_task(each.run()) for each in (listener, entry.watch)]
        yield
        listener.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await pool.close()
        await graph_pool.close()

    return lifespan
