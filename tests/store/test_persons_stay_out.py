"""Persons' data that a file of the post holds is found nowhere afterwards: in no file, no table, no log."""

import io
import os
import tempfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from connectors.manifest import Manifest
from connectors.registry import CONNECTORS
from hub.ingest import door
from hub.ingest.batches import BatchState
from hub.ingest.door import open_door, take_in
from hub.ingest.landing import Landing
from hub.jobs.worker import take_inbox
from tests.lib.hub import TestHub
from tests.lib.persons import (
    NAME,
    PHONE,
    READABLE,
    UNREADABLE,
    csv_text,
    found_in,
    found_in_folder,
    found_in_tables,
)

POST: Manifest = CONNECTORS["postal"].manifest


async def left_of_persons(hub: TestHub, capsys: pytest.CaptureFixture[str]) -> object:
    """Where anything planted is still to be found."""
    said = "".join(capsys.readouterr())
    return (
        found_in_folder(hub.settings.data_dir),
        await found_in_tables(hub.connection),
        found_in(said.encode()),
    )


NOWHERE: object = ({}, {}, [])


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """A search that finds nothing must be able to."""
    for name, content in (READABLE | UNREADABLE).items():
        if content and name.endswith((".csv", ".json", ".xml", ".html")):
            (tmp_path / name).write_bytes(content)
            assert found_in_folder(tmp_path)
            (tmp_path / name).unlink()


@pytest.mark.parametrize("name", READABLE)
async def test_nothing_of_a_person_is_left_of_a_file_that_was_read(
    hub: TestHub,
    name: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In whichever format; what is no person's is there, and the books balance."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    outcome = await hub.take("postal", READABLE[name], name=f"{PHONE}-{name}")
    assert outcome.state is BatchState.PROMOTED
    assert outcome.books is not None
    assert (outcome.books.promoted, outcome.books.skipped) == (1, 2)
    assert await left_of_persons(hub, capsys) == NOWHERE
    assert list((tmp_path / "tmp").iterdir()) == []
    assert await hub.value("SELECT consignee_name FROM consignment") == "演示县人民医院"


@pytest.mark.parametrize("name", UNREADABLE)
async def test_nothing_of_a_person_is_left_of_a_file_that_was_refused(
    hub: TestHub, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its refusal and its checksum are all that is kept of it."""
    outcome = await hub.take("postal", UNREADABLE[name], name=name)
    assert outcome.state is BatchState.REFUSED
    assert await left_of_persons(hub, capsys) == NOWHERE
    received = sha256(UNREADABLE[name]).hexdigest()
    assert await hub.value("SELECT received_sha256 FROM batch WHERE feed_code = 'postal'") == received


async def test_a_dropped_file_is_deleted_and_not_put_aside(
    hub: TestHub, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder of what was taken has no copy; nor has the log its name."""
    path = hub.settings.inbox_dir / "postal" / f"{PHONE}.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(READABLE["gbk.csv"])
    os.utime(path, (1, 1))
    [outcome] = await take_inbox(hub.settings, hub.connection, lambda: datetime.now(UTC))
    assert outcome.state is BatchState.PROMOTED
    assert await left_of_persons(hub, capsys) == NOWHERE


async def test_a_defect_of_the_door_tells_nothing(
    hub: TestHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error whose words repeat the file's: it is told of by its kind only, and the bytes are not kept."""

    def broken(*_: object) -> None:
        raise ValueError(f"cannot make sense of {NAME}")

    monkeypatch.setattr(door, "redact", broken)
    outcome = await hub.take("postal", READABLE["gbk.csv"])
    assert outcome.stop is not None
    assert outcome.stop.code == "file.unscreened"
    assert await left_of_persons(hub, capsys) == NOWHERE


async def test_the_same_bytes_are_known_by_what_was_received(hub: TestHub) -> None:
    """Sent twice they are a repeat, although landing never had them."""
    first = await hub.take("postal", READABLE["gbk.csv"])
    again = await hub.take("postal", READABLE["gbk.csv"])
    assert (again.is_repeat, again.batch.id) == (True, first.batch.id)


async def test_other_persons_with_the_same_consignments_change_nothing(hub: TestHub) -> None:
    """A new batch, for other bytes came; but of what is kept nothing differs."""
    first = await hub.take("postal", READABLE["utf8.csv"])
    other = await hub.take("postal", csv_text().replace(NAME, "上官某某"))
    assert (other.is_repeat, other.batch.sha256) == (False, first.batch.sha256)
    assert other.books is not None
    assert (other.books.promoted, other.books.unchanged) == (0, 1)


def test_received_bytes_lie_on_no_disk(hub_free_landing: Path) -> None:
    """Half received, then broken off: a folder that never had anything."""
    with open_door(Landing(hub_free_landing), POST) as receiving:
        receiving.write(READABLE["gbk.csv"])
        assert found_in_folder(hub_free_landing.parent) == {}
    assert list(hub_free_landing.parent.rglob("*")) == []


def test_a_file_beyond_the_limit_is_refused(hub_free_landing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is counted to its end and not held; its checksum is right all the same."""
    monkeypatch.setattr(door, "MOST_BYTES_WITH_PERSONS", 100)
    landed = take_in(Landing(hub_free_landing), POST, io.BytesIO(READABLE["gbk.csv"]))
    assert "file.personal_too_large" in landed.path.read_text("utf-8")
    assert landed.received_sha256 == sha256(READABLE["gbk.csv"]).hexdigest()
    assert landed.received_byte_count == len(READABLE["gbk.csv"])


@pytest.fixture
def hub_free_landing(tmp_path: Path) -> Path:
    """A landing that no hub uses."""
    return tmp_path / "landing"
