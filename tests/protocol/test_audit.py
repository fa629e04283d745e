"""The audit of a served hub: exactly one record of each answer, before it goes out, or no answer."""

import asyncio
import base64
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from websockets.asyncio.client import connect

from hub.audit.checkpoint import read_checkpoint
from hub.audit.entry import Kind
from hub.audit.signature import known_keys
from hub.audit.verify import Verifier
from hub.clock import system_clock
from schema.scopes import Scope
from tests.lib.auditing import Record, records
from tests.lib.graph import CHAIN, GraphCaller, ServedHub
from tests.lib.hub import TestHub
from tests.lib.samples import stores
from tests.protocol.test_push import push
from tests.protocol.test_subscriptions import OF_PHARMACIES, PATIENCE, PROTOCOL, address

REGIONS = "query Some($first: Int!) { regions(first: $first) { nodes { code name } } }"
EVENTS = {"Accept": "text/event-stream"}


async def kept(hub: ServedHub, *kinds: Kind, token: str | None = None) -> list[Record]:
    """The records of some kinds, of requests with one token where it is named."""
    found = await records(hub.connection, *kinds)
    jti = None if token is None else claims(token)["jti"]
    return [record for record in found if jti is None or record.get("who", {}).get("token") == jti]


def claims(token: str) -> Any:
    """What a token says."""
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


@asynccontextmanager
async def without_audit(hub: ServedHub) -> AsyncIterator[None]:
    """The audit's table cannot be written to."""
    await hub.connection.execute("ALTER TABLE audit_segment RENAME TO audit_elsewhere")
    try:
        yield
    finally:
        await hub.connection.execute("ALTER TABLE audit_elsewhere RENAME TO audit_segment")


async def test_a_record_tells_who_was_answered_what(own_hub: ServedHub) -> None:
    """By whom, under which token, what was read of whom by which rule; of the variables only their digest."""
    caller = await own_hub.caller(Scope.REGION_READ)
    answer = await caller.post({"query": REGIONS, "variables": {"first": 3}}, **{"X-Request-Id": "r-1"})
    assert 200 == answer.status_code
    (record,) = await kept(own_hub, Kind.REQUEST, token=caller.token)
    assert ("answered", "http", "Some", {"civil_affairs": 3}, "r-1", "127.0.0.1") == tuple(
        record[name] for name in ("decision", "transport", "operation", "rows", "request", "address")
    )
    token = claims(caller.token)
    assert {
        "client": token["client_id"],
        "subject": token["sub"],
        "issuer": token["iss"],
        "token": token["jti"],
        "region": "000000",
    } == record["who"]
    (fields,) = [
        each for each in await records(own_hub.connection, Kind.FIELDS) if each["name"] in record["fields"]
    ]
    assert [["region:read"]] == fields["needs"]["Region.code"]
    assert 64 == len(record["document"]) == len(record["variables"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ listings { nodes { id } } }"}, "FORBIDDEN_FIELD"),
        ([], "BATCHING_REFUSED"),
        ({"documentId": f"sha256:{'0' * 64}"}, "PERSISTED_QUERY_NOT_FOUND"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_refusals_are_recorded_with_their_rule(own_hub: ServedHub, body: Any, code: str) -> None:
    """One record each; of what a token does not open, the fields too."""
    caller = await own_hub.caller(Scope.REGION_READ)
    assert (await caller.post(body)).status_code >= 400
    (record,) = await kept(own_hub, Kind.REQUEST, token=caller.token)
    assert ("refused", code) == (record["decision"], record["code"])
    assert (code == "FORBIDDEN_FIELD") is ("Query.listings" in record.get("refused", []))


async def test_failed_tokens_and_clients_are_recorded(own_hub: ServedHub) -> None:
    """A bad token, none at all, a wrong secret; none of what was shown stands in the record."""
    for headers in ({"Authorization": "Bearer nonsense-token"}, {}):
        await own_hub.http.post("/graphql", json={"query": REGIONS}, headers=headers)
    wrong = ("somebody", "canary-secret")
    await own_hub.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=wrong)
    found = await kept(own_hub, Kind.REQUEST, Kind.TOKEN)
    assert [("refused", "invalid_token"), ("refused", "missing_token"), ("refused", "invalid_client")] == [
        (record["decision"], record["code"]) for record in found
    ]
    assert "somebody" == found[-1]["details"]["client"]
    assert "nonsense" not in str(found)
    assert "canary" not in str(found)


async def test_a_text_that_jsonb_refuses_hides_no_record(own_hub: ServedHub) -> None:
    """Whoever asks may call himself U+0000; the record says so in a character that can be read."""
    named = base64.b64encode(b"some%00body:nonsense").decode()
    headers, form = {"Authorization": f"Basic {named}"}, {"grant_type": "client_credentials"}
    answer = await own_hub.http.post("/oauth/token", data=form, headers=headers)
    assert 400 <= answer.status_code < 500
    (record,) = await kept(own_hub, Kind.TOKEN)
    assert "some\ufffdbody" == record["details"]["client"]


async def test_tokens_that_are_issued_are_recorded(own_hub: ServedHub) -> None:
    """By their number and what they open, never the token."""
    caller = await own_hub.caller(Scope.REGION_READ)
    (record,) = [each for each in await kept(own_hub, Kind.TOKEN) if each["decision"] == "answered"]
    assert (claims(caller.token)["jti"], "region:read") == (
        record["details"]["jti"],
        record["details"]["scope"],
    )
    assert caller.token.split(".")[2] not in str(record)


async def test_exactly_one_record_of_each_answer_under_load(own_hub: ServedHub) -> None:
    """Of 300 requests side by side, a part of which hang up: none that was answered is missing or there twice."""
    caller = await own_hub.caller(Scope.REGION_READ)

    async def ask(number: int) -> bool:
        body = {"query": REGIONS, "variables": {"first": 1 + number % 50}}
        asking = caller.post(body, **{"X-Request-Id": str(number)})
        if number % 3:
            return (await asking).status_code == 200
        try:
            return (await asyncio.wait_for(asking, 0.001 * (number % 40))).status_code == 200
        except TimeoutError:
            return False

    limits = httpx.Limits(max_connections=32)
    async with httpx.AsyncClient(
        base_url=own_hub.http.base_url, timeout=60, trust_env=False, limits=limits
    ) as http:
        caller = GraphCaller(http, caller.token)
        answered = await asyncio.gather(*(ask(number) for number in range(300)))
    await asyncio.sleep(0.5)  # those that hung up are recorded too, and nobody waits for it
    found = Counter(record["request"] for record in await kept(own_hub, Kind.REQUEST, token=caller.token))
    assert all(count == 1 for count in found.values())
    assert [] == [number for number, was in enumerate(answered) if was and str(number) not in found]
    report = await Verifier(known_keys(own_hub.settings.key_dir), system_clock()).verify(own_hub.connection)
    assert [] == report.findings


async def test_checkpoints_are_handed_out(own_hub: ServedHub) -> None:
    """With each answer, at an address, and in a history; the public key verifies them all."""
    caller = await own_hub.caller(Scope.REGION_READ)
    handed = (await caller.post({"query": "{ regions { totalCount } }"})).headers["Baogong-Checkpoint"]
    newest = (await own_hub.http.get("/audit/checkpoint")).json()["checkpoint"]
    history = (await own_hub.http.get("/audit/checkpoints")).json()["checkpoints"]
    later = (await own_hub.http.get("/audit/checkpoints", params={"since": newest})).json()["checkpoints"]
    assert handed == newest == history[-1]
    assert [] == later
    assert read_checkpoint(handed).is_signed(known_keys(own_hub.settings.key_dir))
    assert (await own_hub.http.get("/audit/keys.pem")).text.startswith("-----BEGIN PUBLIC KEY-----")
    assert 400 == (await own_hub.http.get("/audit/checkpoints", params={"since": "yesterday"})).status_code


async def test_no_audit_no_data(own_hub: ServedHub) -> None:
    """On every way: a query, an event stream, a WebSocket, a push, a token. Afterwards all is well again."""
    caller = await own_hub.caller(
        Scope.REGION_READ, Scope.FEED_DECIDE, Scope.FEED_PHARMACY_WRITE, sender="chain-a"
    )
    writer = await own_hub.caller(Scope.FEED_PHARMACY_WRITE, sender="chain-a")
    query = {"query": "{ regions(first: 1) { nodes { name } } }"}
    async with without_audit(own_hub):
        for headers in ({}, EVENTS):
            answer = await caller.post(query, **headers)
            assert (503, "AUDIT_UNAVAILABLE") == (
                answer.status_code,
                answer.json()["errors"][0]["extensions"]["code"],
            )
            assert "nodes" not in answer.text
        assert (
            503
            == (
                await own_hub.http.post("/oauth/token", data={"grant_type": "x"}, auth=("a", "b"))
            ).status_code
        )
        assert 503 == (await push(writer, "pharmacy", stores("S1"))).status_code
        assert 0 == await own_hub.connection.fetchval("SELECT count(*) FROM pharmacy")
        told = await one_by_socket(own_hub, caller, query["query"])
        assert ("error", "AUDIT_UNAVAILABLE") == (told["type"], told["payload"][0]["extensions"]["code"])
    assert 200 == (await caller.post(query)).status_code
    assert 200 == (await push(writer, "pharmacy", stores("S1"))).status_code
    report = await Verifier(known_keys(own_hub.settings.key_dir), system_clock()).verify(own_hub.connection)
    assert [] == report.findings


async def one_by_socket(hub: ServedHub, caller: GraphCaller, document: str) -> Any:
    """The first message that answers a document over a WebSocket."""
    async with (
        asyncio.timeout(PATIENCE),
        connect(address(hub), subprotocols=[PROTOCOL], proxy=None) as socket,
    ):
        payload = {"Authorization": f"Bearer {caller.token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert "connection_ack" == json.loads(await socket.recv())["type"]
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": document}}))
        return json.loads(await socket.recv())


async def test_each_pushed_page_is_recorded(own_hub: ServedHub) -> None:
    """Over both protocols: that it began, each page with its rows, that it ended."""
    await TestHub(own_hub.settings, own_hub.connection).take(
        "pharmacy", stores("S1", "S2", "S3"), sender=CHAIN
    )
    caller = await own_hub.caller()
    body = {"query": OF_PHARMACIES}
    headers = {"Authorization": f"Bearer {caller.token}", **EVENTS}
    async with (
        asyncio.timeout(PATIENCE),
        own_hub.http.stream("POST", "/graphql", json=body, headers=headers) as got,
    ):
        lines = got.aiter_lines()
        pages = 0
        while pages < 2:
            line = await anext(lines)
            if line.startswith("data: "):
                json.loads(line.removeprefix("data: "))
                pages += 1
    socket_page = await one_by_socket(own_hub, caller, OF_PHARMACIES)
    assert "next" == socket_page["type"]
    for _ in range(100):
        found = await kept(own_hub, Kind.REQUEST, Kind.PAGE, Kind.UNSUBSCRIBED, token=caller.token)
        if sum(record["kind"] == Kind.UNSUBSCRIBED for record in found) == 2:
            break
        await asyncio.sleep(0.1)
    by_events = [record["kind"] for record in found if record["transport"] == "events"]
    assert ["request", "page", "page", "unsubscribed"] == by_events
    pages_told = [record["rows"] for record in found if record["kind"] == Kind.PAGE]
    assert [{"hub": 2, "pharmacies": 2}, {"hub": 1, "pharmacies": 1}] == pages_told[:2]


async def test_a_push_is_recorded_before_it_changes_anything(own_hub: ServedHub) -> None:
    """That it begins, with its bytes' digest, and what it came to."""
    writer = await own_hub.caller(Scope.FEED_PHARMACY_WRITE, sender="chain-a")
    await push(writer, "pharmacy", stores("S1"))
    act, answer = await kept(own_hub, Kind.ACT, Kind.REQUEST, token=writer.token)
    assert (Kind.ACT, "begun", "pharmacy", "chain-a") == (
        *(act[name] for name in ("kind", "decision")),
        *(act["details"][name] for name in ("feed", "sender")),
    )
    assert ("answered", "promoted") == (answer["decision"], answer["details"]["state"])


async def test_a_mutation_is_recorded_before_it_is_done(own_hub: ServedHub) -> None:
    """The act, then the answer that tells what became of it."""
    caller = await own_hub.caller(Scope.FEED_DECIDE)
    given = '{batchId: 7, decidedBy: "审核员", reason: "试"}'
    document = f"mutation {{ rejectBatch(input: {given}) {{ errors {{ __typename }} }} }}"
    assert 200 == (await caller.post({"query": document})).status_code
    act, answer = await kept(own_hub, Kind.ACT, Kind.REQUEST, token=caller.token)
    assert ("rejectBatch", 7, "begun") == (act["details"]["act"], act["details"]["batch"], act["decision"])
    assert "answered" == answer["decision"]


async def test_auditors_read_and_others_do_not(own_hub: ServedHub) -> None:
    """With audit:read pages of records, which is recorded in its turn; without it 403, for administrators too."""
    auditor = await own_hub.caller(Scope.AUDIT_READ)
    administrator = await own_hub.caller(Scope.ACCESS_READ, Scope.ACCESS_PROPOSE, Scope.ACCESS_APPROVE)
    for caller, status in ((auditor, 200), (administrator, 403)):
        authorization = {"Authorization": f"Bearer {caller.token}"}
        assert status == (await own_hub.http.get("/audit/records", headers=authorization)).status_code
    assert 401 == (await own_hub.http.get("/audit/records")).status_code
    authorization = {"Authorization": f"Bearer {auditor.token}"}
    seen: list[Record] = []
    after: dict[str, str] = {}
    while True:
        page = (
            await own_hub.http.get("/audit/records", params={"first": 2, **after}, headers=authorization)
        ).json()
        seen += page["records"]
        if page["next"] is None or len(seen) > 200:
            break
        after = {"after": page["next"]}
    numbers = [record["n"] for record in seen]
    assert numbers == sorted(set(numbers))
    assert "audit.records" == seen[-1]["operation"]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert (
            405 == (await own_hub.http.request(method, "/audit/records", headers=authorization)).status_code
        )


async def test_nobody_changes_a_record(own_hub: ServedHub) -> None:
    """Not even the tables' owner, by any ordinary statement."""
    for statement in (
        "UPDATE audit_segment SET lines = ''",
        "DELETE FROM audit_segment",
        "TRUNCATE audit_segment",
        "UPDATE audit_checkpoint SET text = ''",
        "DELETE FROM audit_checkpoint",
        "TRUNCATE audit_checkpoint",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await own_hub.connection.execute(statement)
