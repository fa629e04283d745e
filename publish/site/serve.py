"""Serving one release to the public: `python -m publish.site.serve RELEASE_FOLDER HOST PORT`.

Datasette's own command line is not used for three reasons: it logs who asked for which medicine, it wants the
metadata as a file, and it knows no plugin that is made for one release.
"""

import sys
from hashlib import blake2b
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from publish.release import SQLITE_NAME, Release, read_release
from publish.site.metadata import site_metadata
from publish.site.plugin import SitePlugin

_HERE = Path(__file__).parent
#: the seconds that pages being sent may take when the site is told to stop
_STOP_SECONDS = 10

SETTINGS: dict[str, Any] = {
    "default_allow_sql": False,
    "allow_download": False,
    "allow_facet": False,
    "suggest_facets": False,
    "allow_csv_stream": False,
    "max_csv_mb": 20,
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "num_sql_threads": 4,
    "sql_time_limit_ms": 800,
    "default_cache_ttl": 300,
}


def site_version() -> str:
    """Short digest of the site's own files: with the release's id it tells whether a cached page still holds."""
    digest = blake2b(digest_size=4)
    for path in sorted(_HERE.rglob("*")):
        if path.suffix in (".py", ".html", ".css", ".svg"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def site(release_folder: Path) -> Datasette:
    """Datasette over the sealed SQLite file of a release, with our plugin."""
    # `current` is a link that may move while we serve.
    folder = release_folder.resolve(strict=True)
    release = read_release(folder)
    database = folder / SQLITE_NAME
    pm.register(SitePlugin(release, site_version()))
    return Datasette(
        immutables=[str(database)],
        inspect_data={database.stem: _inspected(database, release)},
        metadata=site_metadata(database.stem),
        template_dir=str(_HERE / "templates"),
        static_mounts=[("static", str(_HERE / "static"))],
        settings=SETTINGS,
        cors=True,
    )


def _inspected(database: Path, release: Release) -> dict[str, Any]:
    """What Datasette would else find out by reading the whole file at each start."""
    return {
        "hash": release.sqlite_sha256,
        "size": database.stat().st_size,
        "file": str(database),
        "tables": {name: {"count": count} for name, count in release.row_counts.items()},
    }


def main() -> None:
    """Serve until terminated. No access log: what people look up is nobody's business."""
    folder, host, port = sys.argv[1:]
    uvicorn.run(
        site(Path(folder)).app(),
        host=host,
        port=int(port),
        lifespan="on",
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=_STOP_SECONDS,
    )


if __name__ == "__main__":
    main()
