"""`baogong serve` and `baogong site`: the graph, and the public site in a process of its own."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec

import asyncpg
import typer
import uvicorn

from hub.access.store import fetch_sealer
from hub.audit.opening import audit_of
from hub.audit.port import RunningAudit
from hub.cli.listing import err
from hub.cli.runtime import read_settings, ready_database, run
from hub.clock import system_clock
from hub.config import Settings
from hub.db.pool import open_pool
from hub.db.reading import ReadingPool, open_reading_pool
from hub.db.reading_store import check_reader
from hub.errors import HubError, PortTakenError, SettingError
from hub.web.app import build_app
from hub.web.http_request import MAX_BODY_BYTES
from publish.layout import CURRENT
from publish.site.command import site_command, site_environment
from schema.declare import Label
from schema.policies import GRAPH_ROLE


def serve() -> None:
    """提供数据图谱（GraphQL） Serve the graph."""
    run(_serve(read_settings()))


def site() -> None:
    """提供公开网站（Datasette），进程内无数据库凭据 Serve the public site, without database credentials."""
    settings = read_settings()
    _become(settings, _site_command(settings, settings.site_sql_url))


def site_sql() -> None:
    """提供公开数据的 SQL 查询（限时、限量、限次） Answer SQL over the open data: limited in time, size and rate."""
    settings = read_settings()
    if settings.site_mcp and find_spec("datasette_mcp") is None:
        err.print(
            "HUB_SITE_MCP 需要附加依赖 wants the extra: pip install 'baogong[mcp]'",
            markup=False,
        )
        raise typer.Exit(1)
    _become(settings, _sql_command(settings))


def _become(settings: Settings, command: list[str]) -> None:
    """Become a process of the site, with nothing of our environment but what it needs."""
    if not (settings.release_dir / CURRENT).exists():
        err.print(
            "还没有发布：请先 baogong publish release。 No release yet: run baogong publish release first."
        )
        raise typer.Exit(1)
    os.execve(command[0], command, site_environment())  # noqa: S606


def _site_command(settings: Settings, sql_url: str | None) -> list[str]:
    return site_command(
        settings.release_dir,
        settings.host,
        settings.site_port,
        url=settings.site_origin,
        sql_url=sql_url,
        is_mcp=settings.site_mcp,
    )


def _sql_command(settings: Settings) -> list[str]:
    return site_command(
        settings.release_dir,
        settings.host,
        settings.site_sql_port,
        url=settings.site_sql_origin,
        is_sql=True,
        is_mcp=settings.site_mcp,
    )


@asynccontextmanager
async def hub_server(
    settings: Settings, url: str, audit: RunningAudit | None = None
) -> AsyncIterator[uvicorn.Server]:
    """The graph's server, started; stops with the context. It leaves signals to its caller.

    `audit`: None: as the settings say; `NoAudit` to measure what it costs.
    """
    require_free(settings.host, settings.port)
    pool = await open_pool(url)
    graph_pool = await open_reading_pool(
        settings.graph_database_url or url,
        settings.graph_connections,
        settings.graph_seconds,
        None if settings.graph_database_url else GRAPH_ROLE,
    )
    try:
        await check_reader(graph_pool)
        async with pool.acquire() as connection:
            sealer = await fetch_sealer(connection)
        audit = audit or audit_of(settings, url, system_clock)
        application = build_app(settings, pool, graph_pool, sealer, system_clock, audit)
    except HubError:
        await _close(pool, graph_pool)
        raise
    except ValueError as error:
        await _close(pool, graph_pool)
        raise SettingError(
            "setting.public_url", Label(f"HUB_PUBLIC_URL：{error}", "cannot be used")
        ) from error
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,  # below that level; uvicorn would put each line together all the same
        timeout_graceful_shutdown=5,
        ws="websockets-sansio",
        ws_max_size=MAX_BODY_BYTES,
        proxy_headers=False,  # the application's own middleware does it, by the hub's own settings
    )
    server = _HubServer(config, application.state.farewell)
    await audit.start()
    task = asyncio.create_task(server.serve())
    try:
        while not server.started and not task.done():  # uvicorn has no event for it
            await asyncio.sleep(0.02)
        yield server
        await task
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)
        await audit.close()


class _HubServer(uvicorn.Server):
    """A server that ends streams when it stops: they have no end of their own to wait for."""

    def __init__(self, config: uvicorn.Config, farewell: Callable[[], None]) -> None:
        super().__init__(config)
        self._farewell = farewell

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._farewell()
        await super().shutdown(sockets)


async def _close(*pools: asyncpg.Pool | ReadingPool) -> None:
    for pool in pools:
        await pool.close()


@contextmanager
def site_processes(settings: Settings) -> Iterator[None]:
    """The public site and the answering of SQL, each a process of its own, ended with the context."""
    for port in (settings.site_port, settings.site_sql_port):
        require_free(settings.host, port)
    with (
        _running(_site_command(settings, settings.site_sql_origin)),
        _running(_sql_command(settings)),
    ):
        yield


@contextmanager
def _running(command: list[str]) -> Iterator[None]:
    # a session of its own: Ctrl-C reaches us, and we end it
    process = subprocess.Popen(
        command, env=site_environment(), stdout=subprocess.DEVNULL, stderr=sys.stderr, start_new_session=True
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def require_free(host: str, port: int) -> None:
    """Raise PortTakenError where something else listens already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(
                "port.taken",
                Label(
                    f"端口 {host}:{port} 已被占用；可用 HUB_PORT、HUB_SITE_PORT、HUB_SITE_SQL_PORT 另选。",
                    f"port {host}:{port} is taken; choose others by HUB_PORT, HUB_SITE_PORT and HUB_SITE_SQL_PORT",
                ),
            ) from error


async def _serve(settings: Settings) -> None:
    async with ready_database(settings) as url, hub_server(settings, url):
        err.print(f"数据图谱 graph: {settings.hub_origin}/graphql", highlight=False)
