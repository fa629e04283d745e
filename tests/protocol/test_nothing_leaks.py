"""No word of a defect reaches a client, wherever it arises; no secret stands in a log or in the audit."""

import asyncio
import inspect
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from hub.access.authentication import Authentication
from hub.access.clients import ClientDirectory
from hub.access.tokens import TokenVerifier
from hub.audit.writer import AuditWriter
from hub.config import Settings
from hub.db.reading import ReadingPool
from hub.ingest.run import Ingest
from hub.observe import configure_logging
from hub.web import graphql, http_answer, push, subscriptions_sse
from hub.web.engine import GraphEngine
from hub.web.http_gate import Gate
from hub.web.inspector import StoreInspector
from hub.web.reader import StoreReader
from hub.web.subscriptions import Subscriptions
from hub.web.trusted import TrustedDocuments
from hub.web.writer import Desk, StoreWriter
from schema.graph import prepared
from schema.graph.prepared import Documents, Operation, Requirement
from schema.plan.planner import Planner
from schema.plan.sql.statement import Statement
from schema.scopes import Scope
from tests.lib.graph import GraphCaller, ServedHub, served
from tests.lib.samples import stores
from tests.protocol.test_audit import EVENTS, REGIONS
from tests.protocol.test_push import push as push_file
from tests.protocol.test_subscriptions import OF_PHARMACIES, PROTOCOL, address

CANARY = "postgresql://hub:hunter2@db/hub"
#: every public method of these is made to fail
CLASSES = (
    Authentication,
    TokenVerifier,
    ClientDirectory,
    TrustedDocuments,
    Gate,
    GraphEngine,
    Documents,
    Operation,
    Requirement,
    Planner,
    Statement,
    ReadingPool,
    StoreReader,
    StoreWriter,
    StoreInspector,
    Desk,
    Subscriptions,
    Ingest,
    AuditWriter,
)
#: and these functions
FUNCTIONS = (
    (graphql, "read_request"),
    (graphql, "respond"),
    (http_answer, "encoded"),
    (subscriptions_sse, "respond"),
    (push, "read_headers"),
    (push, "open_door"),
    (prepared, "parse"),
    (prepared, "validate"),
    (prepared, "visit"),
    (prepared, "render"),
)
#: what the server itself calls to begin and to end
_NOT_FOR_REQUESTS = {"close", "start", "routes"}


class PlantedError(Exception):
    """What must not be told."""


@contextmanager
def _planted(owner: Any, name: str) -> Iterator[Callable[[], bool]]:
    """While it lasts, the thing fails; gives whether anybody came by."""
    calls = 0

    def fail(*_given: Any, **_named: Any) -> Any:
        nonlocal calls
        calls += 1
        raise PlantedError(CANARY)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, fail)
        yield lambda: calls > 0


def places() -> Iterator[tuple[Any, str]]:
    """Everything that is made to fail, one at a time."""
    for each in CLASSES:
        for name, member in vars(each).items():
            # what is private gives back what was taken: if that failed, the hub would be another from then on
            if inspect.isfunction(member) and name not in _NOT_FOR_REQUESTS and not name.startswith("_"):
                yield each, name
    yield from FUNCTIONS
    yield from (
        (asyncpg.connection.Connection, name) for name in ("fetch", "fetchrow", "fetchval", "execute")
    )


async def everything(hub: ServedHub, caller: GraphCaller) -> list[str]:
    """All that a client is told who asks by each way: status, headers, bodies, frames."""
    mutation = (
        'mutation { rejectBatch(input: {batchId: 7, decidedBy: "a", reason: "b"}) { errors { __typename } } }'
    )
    documents = [
        REGIONS.replace("$first: Int!", "$first: Int = 1"),
        "{ me { scopes } __schema { description } }",
        '{ identify(text: "86900000000000") { __typename } }',
        mutation,
    ]
    told: list[str] = []
    for document in documents:
        # never the same twice: what is kept of it from before would be used
        fresh = f"{document} # {len(told)} {id(told)}"
        told.append(_all_of(await caller.post({"query": fresh}, **(EVENTS if len(told) % 2 else {}))))
    told.append(_all_of(await push_file(caller, "pharmacy", stores("S1"))))
    basic = ("nobody", "nothing")
    told.append(
        _all_of(await hub.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=basic))
    )
    for path in ("/audit/records", "/audit/checkpoints", "/health"):
        told.append(_all_of(await hub.http.get(path, headers={"Authorization": f"Bearer {caller.token}"})))
    told.append(await _by_socket(hub, caller))
    return told


def _all_of(response: httpx.Response) -> str:
    return f"{response.status_code} {response.headers} {response.text}"


async def _by_socket(hub: ServedHub, caller: GraphCaller) -> str:
    """What a subscriber is told until it is disconnected, or half a second is over."""
    told = ""
    try:
        async with connect(address(hub), subprotocols=[PROTOCOL], proxy=None) as socket:
            payload = {"Authorization": f"Bearer {caller.token}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            for number, document in enumerate((OF_PHARMACIES, "{ me { scopes } }")):
                message = {"id": str(number), "type": "subscribe", "payload": {"query": document}}
                await socket.send(json.dumps(message))
            async with asyncio.timeout(0.2):
                while True:
                    told += str(await socket.recv())
    except (ConnectionClosed, InvalidStatus) as ended:
        return f"{told} {ended}"
    except TimeoutError:
        return told


async def test_no_word_of_a_defect_reaches_a_client(own_hub: ServedHub) -> None:
    """An exception is planted in every step, one after the other, and every way of asking is tried."""
    caller = await own_hub.caller(
        Scope.REGION_READ, Scope.FEED_PHARMACY_WRITE, Scope.FEED_DECIDE, Scope.AUDIT_READ, sender="chain-a"
    )
    transport = httpx.AsyncClient(base_url=own_hub.http.base_url, timeout=30, trust_env=False)
    failed = 0
    async with transport as http:
        caller = GraphCaller(http, caller.token)
        whole = await everything(own_hub, caller)
        for owner, name in places():
            with _planted(owner, name) as was_called:
                told = await everything(own_hub, caller)
            assert [] == [text for text in told if "hunter2" in text or "Planted" in text], (owner, name)
            failed += was_called()
        while (await caller.post({"query": REGIONS, "variables": {"first": 1}})).status_code == 503:
            await asyncio.sleep(0.05)  # whoever watches the database has not found it again yet
        again = await everything(own_hub, caller)
    # most of it was indeed come by, and afterwards all is as before
    assert failed > 25
    assert [text[:3] for text in whole] == [text[:3] for text in again]


async def test_no_secret_stands_in_a_log_or_in_the_audit(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    """A client's secret, a token, the database's password, signing keys, values of variables."""
    configure_logging(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)
    for others in ("httpx", "httpcore", "asyncio"):  # the test's own client
        logging.getLogger(others).setLevel(logging.WARNING)
    told = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(told)
    url = (
        f"{settings.database_url}{'&' if '?' in str(settings.database_url) else '?'}password=canary-password"
    )
    secrets = {"canary-password", "canary-value", "canary-secret"}
    try:
        async with served(settings.model_copy(update={"database_url": url})) as hub:
            caller = await hub.caller(Scope.REGION_READ)
            secrets.add(caller.token.rpartition(".")[2])
            query = "query ($name: String!) { regions(filter: {name: {eq: $name}}) { nodes { code } } }"
            for document in (query, "query ($name: Int!) { nothing }", f"{query} }}"):
                await caller.post({"query": document, "variables": {"name": "canary-value"}})
            await hub.http.post(
                "/oauth/token", data={"grant_type": "client_credentials"}, auth=("a", "canary-secret")
            )
            await hub.http.post("/graphql", headers={"Authorization": "Bearer canary-secret"}, json={})
            with _planted(ReadingPool, "fetchval"):
                assert (
                    500
                    == (
                        await caller.post({"query": query, "variables": {"name": "canary-value"}})
                    ).status_code
                )
            lines = await hub.connection.fetch(
                "SELECT convert_from(lines, 'UTF8') AS text FROM audit_segment"
            )
        for path in settings.key_dir.glob("*.pem"):
            secrets |= set(path.read_text().splitlines()[1:-1])
    finally:
        logging.getLogger().removeHandler(told)
        logging.getLogger().setLevel(logging.WARNING)
    logged = "".join(capfd.readouterr())
    assert "graph.internal" in logged
    assert lines
    for place in (logged, *(row["text"] for row in lines)):
        assert [] == [secret for secret in secrets if secret in place]
