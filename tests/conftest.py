"""Fixtures that tests of the store share. Each such test runs on every PostgreSQL that is here."""

import asyncio
import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings as hypothesis_settings

from hub.config import Settings
from tests.lib.command import use_database
from tests.lib.databases import TEMPLATE, OwnDatabase, Templates
from tests.lib.hub import TestHub
from tests.lib.logs import log_briefly
from tests.lib.postgres import shared_debian_server, shared_embedded_server, stop_debian_server
from tests.lib.shared_run import SharedRun, shared_run

# how long an example takes hangs on what else the machine does
hypothesis_settings.register_profile("suite", deadline=None)
hypothesis_settings.load_profile("suite")
log_briefly()

#: tests of what the hub says over HTTP and SFTP, whichever PostgreSQL stands behind it: one server is enough
_ONE_SERVER = (
    "test_audit",
    "test_nothing_leaks",
    "test_push",
    "test_push_signatures",
    "test_pull_http",
    "test_pull_platforms",
    "test_pull_sftp",
    "test_worker_pulls",
    "test_administration",
    "test_clients",
    "test_sign_in",
    "test_sign_in_refusals",
    "test_sign_in_page",
    "test_person_tokens",
    "test_person_clients",
    "test_provider",
    "test_login_command",
    "test_graph_abuse",
    "test_graph_access",
    "test_graph_identify",
    "test_graph_mutations",
    "test_graph_audits",
    "test_graph_http",
    "test_graph_drug_lists",
    "test_graph_lists",
    "test_drug_lists",
    "test_list_matches",
    "test_list_proposals",
    "test_graph_provenance",
    "test_guide",
    "test_graph_load",
    "test_graph_negotiation",
    "test_graph_procurement",
    "test_graph_reach",
    "test_graph_refusals",
    "test_graph_statements",
    "test_graph_trusted",
    "test_persons_stay_out",
    "test_release_canary",
    "test_pool",
    "test_subscriptions",
    "test_subscriptions_javascript",
    "test_post_transports",
    "test_revocation",
    "test_bound_tokens",
    "test_foreign_issuers",
    "test_bent_tokens",
    "test_graph_cop",
    "test_graph_fuzz",
)


def pytest_collection(session: pytest.Session) -> None:
    """Look for no garbage among what is imported: nearly all of it stays, and looking takes a quarter of the time."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there by now stays to the end: it is not looked through again."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second server where it shows nothing more, to keep the suite short."""
    spared = [item for item in items if item.path.stem in _ONE_SERVER and "[debian" in item.name]
    config.hook.pytest_deselected(items=spared)
    left_out = set(spared)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def logs_as_at_first() -> Iterator[None]:
    """What a test logs by must not be what the next one logs by: its streams are closed by then."""
    yield
    log_briefly()


@pytest.fixture(scope="session")
def the_run() -> Iterator[SharedRun]:
    """What the processes of this run share."""
    with shared_run(stop_debian_server) as found:
        yield found


@pytest.fixture(scope="session")
def embedded(the_run: SharedRun) -> Iterator[str]:
    """The URL of the embedded server."""
    with shared_embedded_server(the_run) as url:
        yield url


@pytest.fixture(scope="session")
def debian(the_run: SharedRun) -> str:
    """The URL of Debian's server."""
    return shared_debian_server(the_run)


@pytest.fixture(scope="session", params=["embedded", "debian"])
def server(request: pytest.FixtureRequest) -> str:
    """The URL of a server: the embedded one, or Debian's. Both stay up until the last test has run."""
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture(scope="session")
def templates(the_run: SharedRun) -> Templates:
    """The databases that others are copies of."""
    return Templates(the_run)


@pytest.fixture(scope="session")
def template(server: str, templates: Templates) -> Path:
    """Makes a migrated database with the divisions on the server; gives the data folder that goes with it."""
    return templates.folder(server)


@pytest.fixture
async def empty_database(server: str) -> AsyncIterator[str]:
    """The URL of a database with nothing in it."""
    async with OwnDatabase(server, "template0") as url:
        yield url


@pytest.fixture
async def settings(server: str, template: Path, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings of a hub whose database is migrated and knows the divisions."""
    shutil.copytree(template, tmp_path / "data")
    async with OwnDatabase(server, TEMPLATE) as url:
        yield Settings(data_dir=tmp_path / "data", database_url=url)


@pytest.fixture
async def hub(settings: Settings) -> AsyncIterator[TestHub]:
    """A hub for one test."""
    assert settings.database_url is not None
    connection = await asyncpg.connect(settings.database_url, server_settings={"timezone": "UTC"})
    try:
        yield TestHub(settings, connection)
    finally:
        await connection.close()


@pytest.fixture
def data(embedded: str, templates: Templates) -> Iterator[Path]:
    """A data folder for commands, all of which work on a database of the embedded server."""
    with tempfile.TemporaryDirectory(prefix="baogong-cli-") as name:
        folder = Path(name)
        shutil.copytree(templates.folder(embedded), folder, dirs_exist_ok=True)
        own = OwnDatabase(embedded, TEMPLATE)
        use_database(folder, asyncio.run(own.make()))
        yield folder
        asyncio.run(own.drop())


@pytest.fixture
async def other_hub(server: str, template: Path, tmp_path: Path) -> AsyncIterator[TestHub]:
    """A second hub, to compare the first with."""
    shutil.copytree(template, tmp_path / "other")
    async with OwnDatabase(server, TEMPLATE) as url:
        connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
        try:
            yield TestHub(Settings(data_dir=tmp_path / "other", database_url=url), connection)
        finally:
            await connection.close()
