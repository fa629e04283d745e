"""Serving releases to the public: `python -m publish.site.serve --releases FOLDER …`; `--sql` for the process of SQL.

Datasette's own command line is not used for three reasons: it logs who asked for which medicine, it wants the
metadata as a file, and it serves one release for ever.
"""

import argparse
from pathlib import Path

import uvicorn

from publish.site.front import Front
from publish.site.settings import SiteSettings

#: the seconds that pages being sent may take when the site is told to stop
_STOP_SECONDS = 10


def read_settings(arguments: list[str] | None = None) -> SiteSettings:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m publish.site.serve")
    parser.add_argument("--releases", type=Path, required=True)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--sql-url")
    parser.add_argument("--per-second", type=float, default=1.0)
    parser.add_argument("--sql", action="store_true", dest="is_sql")
    parser.add_argument("--mcp", action="store_true", dest="is_mcp")
    return SiteSettings(**vars(parser.parse_args(arguments)))


def main() -> None:
    """Serve until terminated. No access log: what people look up is nobody's business."""
    settings = read_settings()
    uvicorn.run(
        Front(settings),
        host=settings.host,
        port=settings.port,
        lifespan="on",
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=_STOP_SECONDS,
    )


if __name__ == "__main__":
    main()
