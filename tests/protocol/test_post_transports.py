"""The post over its real protocols: whichever way a file comes, nothing of a person is left with the hub."""

import base64
import json
import os
from hashlib import sha256
from pathlib import Path

import pytest

from connectors.sandbox.http_source import Fault, HttpSource
from connectors.sandbox.sftp_source import SftpSource
from connectors.sandbox.sftp_source import serving as serving_sftp
from hub.ingest.batches import BatchState
from schema.scopes import Scope
from tests.lib.graph import ServedHub
from tests.lib.hub import TestHub
from tests.lib.persons import EVENTS, READABLE, ROW, found_in, found_in_folder, found_in_tables
from tests.lib.server import running
from tests.lib.sources import HTTP_SECRET, SFTP_SECRET, http_entry, pull, sftp_entry


async def left_of_persons(hub: TestHub) -> object:
    """Where anything planted is still to be found."""
    return found_in_folder(hub.settings.data_dir), await found_in_tables(hub.connection)


def listing(count: int) -> list[bytes]:
    """Records of the post's system, each with a person."""
    records = (ROW | {"邮件号": f"{n:013d}", "轨迹": EVENTS} for n in range(count))
    return [json.dumps(record, ensure_ascii=False).encode() for record in records]


async def test_pages_of_a_listing_stay_in_memory(hub: TestHub, capsys: pytest.CaptureFixture[str]) -> None:
    """All pages, taken in as one file; nothing of them is spooled."""
    source = HttpSource(listing(25))
    with running(source.app()) as url:
        entry = http_entry(url, source, feed="postal", code="post")
        [outcome] = (await pull(hub, entry, HTTP_SECRET)).outcomes
    assert outcome.books is not None
    assert (outcome.state, outcome.books.promoted) == (BatchState.PROMOTED, 25)
    assert await left_of_persons(hub) == ({}, {})
    assert found_in("".join(capsys.readouterr()).encode()) == []


async def test_a_listing_that_breaks_off_leaves_nothing(hub: TestHub) -> None:
    """The first pages were fetched; the next pull begins anew."""
    source = HttpSource(listing(45), faults=frozenset({Fault.SERVER_DOWN}))
    with running(source.app()) as url:
        result = await pull(hub, http_entry(url, source, feed="postal", code="post"), HTTP_SECRET)
    assert result.stop is not None
    assert source.asked[:2] == [1, 2]
    assert await left_of_persons(hub) == ({}, {})


async def test_zipped_tables_come_by_sftp(hub: TestHub, tmp_path: Path) -> None:
    """Copied into memory, taken in, and not fetched again."""
    folder = tmp_path / "remote"
    folder.mkdir()
    for name in ("archive.zip", "list.xml", "book.xlsx"):
        (folder / name).write_bytes(READABLE[name])
        os.utime(folder / name, (1_790_000_000, 1_790_000_000))
    source = SftpSource(folder)
    async with serving_sftp(source) as port:
        entry = sftp_entry(port, source, feed="postal", sender=None, code="post")
        first = await pull(hub, entry, SFTP_SECRET)
        again = await pull(hub, entry, SFTP_SECRET)
    assert [BatchState.PROMOTED] * 3 == [outcome.state for outcome in first.outcomes]
    assert again.outcomes == []
    assert await left_of_persons(hub) == ({}, {})


@pytest.mark.parametrize(
    ("name", "kind"), [("list.xml", "application/xml"), ("archive.zip", "application/zip")]
)
async def test_a_push_is_let_in_by_its_own_digest(own_hub: ServedHub, name: str, kind: str) -> None:
    """The digest is of what was sent; what is kept has another, and nothing of a person."""
    caller = await own_hub.caller(Scope.FEED_POSTAL_WRITE, sender="post")
    body = READABLE[name]
    digest = base64.b64encode(sha256(body).digest()).decode()
    answer = await caller.http.post(
        "/feeds/postal",
        content=body,
        headers={
            "Authorization": f"Bearer {caller.token}",
            "Content-Type": kind,
            "Content-Digest": f"sha-256=:{digest}:",
        },
    )
    assert answer.status_code == 200, answer.text
    assert found_in(answer.content) == []
    [(kept, received)] = await own_hub.connection.fetch(
        "SELECT sha256, received_sha256 FROM batch WHERE feed_code = 'postal'"
    )
    assert (kept != received, received) == (True, sha256(body).hexdigest())
    assert found_in_folder(own_hub.settings.data_dir) == {}
    assert await found_in_tables(own_hub.connection) == {}


async def test_the_graph_shows_what_was_kept(own_hub: ServedHub) -> None:
    """A consignment with its events and the row as it was kept; only for the scopes that open it."""
    sender = await own_hub.caller(Scope.FEED_POSTAL_WRITE, sender="post")
    body = READABLE["document.json"]
    digest = base64.b64encode(sha256(body).digest()).decode()
    headers = {"Authorization": f"Bearer {sender.token}", "Content-Digest": f"sha-256=:{digest}:"}
    await sender.http.post("/feeds/postal", content=body, headers=headers)
    document = (
        "{ consignments { edges { node { consigneeName goodsText acceptingOutletLinkCode weightKilograms"
        " trackingEvents(orderBy: [{field: HAPPENED_AT}]) { edges { node { mailStatusCode } } }"
        " provenance { originalText } } } } }"
    )
    reader = await own_hub.caller()
    answer = await reader.data(document)
    [edge] = answer["consignments"]["edges"]
    node = edge["node"]
    assert ("演示县人民医院", "unknown") == (node["consigneeName"], node["acceptingOutletLinkCode"])
    assert ["accepted", "out_for_delivery", "delivered"] == [
        event["node"]["mailStatusCode"] for event in node["trackingEvents"]["edges"]
    ]
    assert found_in(json.dumps(answer, ensure_ascii=False).encode()) == []
    public = await own_hub.caller(Scope.POSTAL_READ)
    assert {"FORBIDDEN_FIELD"} == await public.codes(document)
