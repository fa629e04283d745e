"""The hub without limits of rows and without audit, to compare it with: it reads as the owner, whom no policy holds.

All else is the hub's own: the same application, settings, loop and tokens, and the same statements for a caller of the
whole country, of whom the predicate asks nothing.
"""

import sys

import uvicorn

from hub.access.store import fetch_sealer
from hub.audit.port import NoAudit
from hub.cli.runtime import run
from hub.clock import system_clock
from hub.config import Settings
from hub.db.pool import connection_to, open_pool
from hub.db.reading import open_reading_pool
from hub.web.app import build_app


async def serve(port: int) -> None:
    """Serve on a port until stopped; tokens are those of the hub that the settings are of."""
    settings = Settings()
    url = settings.database_url or ""
    async with connection_to(url) as connection:
        sealer = await fetch_sealer(connection)
    graph_pool = await open_reading_pool(url, settings.graph_connections, settings.graph_seconds)
    application = build_app(settings, await open_pool(url), graph_pool, sealer, system_clock, NoAudit())
    config = uvicorn.Config(application, host="127.0.0.1", port=port, log_level="warning")
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    run(serve(int(sys.argv[1])))
