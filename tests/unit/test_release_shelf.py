"""The folder of releases: what fails is not served, what is killed leaves nothing half done, one can go back."""

import asyncio
import re
import signal
import subprocess
from pathlib import Path

import pytest

from publish import shelf, tables
from publish.declared import ListingPrice
from publish.files import ParquetFile, Rows
from publish.release import FailedChecksError, Release
from publish.shelf import Acceptance
from publish.suppression import ROW_RULES
from schema.declare import Entity
from schema.entities import LocalItem, Pharmacy
from tests.lib.killed_build import STEPS, exit_of_killed_build
from tests.lib.release_files import everything
from tests.lib.site import Store, build_sample, sample_store

ACCEPTANCE = Acceptance("演示审核员", "连锁停业，已核实", "2026-11-20T03:00:00Z")
MANY = 400


def build(folder: Path, store: Store, acceptance: Acceptance | None = None) -> Release:
    """Build the release of a store."""
    return asyncio.run(build_sample(folder, store, acceptance))


def with_pharmacies(count: int) -> Store:
    """The sample store with so many pharmacies more."""
    store = sample_store()
    for number in range(count):
        store.add(
            Pharmacy, id=number + 1, sender_code="more", store_code=str(number), name=f"演示店{number}",
            region_code="440106", batch_id=2, row_number=number + 1,
        )  # fmt: skip
    return store


def strays(folder: Path) -> list[Path]:
    """What builds that did not end have left."""
    return list(folder.glob(".building-*"))


def test_a_drift_keeps_the_old_release_and_is_shown_as_failed(tmp_path: Path) -> None:
    """Hundreds of pharmacies gone: kept aside with its reason, unreadable for others; `current` stays."""
    old = build(tmp_path, with_pharmacies(MANY))
    with pytest.raises(FailedChecksError) as raised:
        build(tmp_path, with_pharmacies(0))
    assert old == shelf.current(tmp_path)
    assert [old] == shelf.sealed(tmp_path)
    (failed,) = shelf.failed(tmp_path)
    assert failed == raised.value.release
    assert ["drift"] == [each.name for each in failed.failures]
    few = old.row_counts["pharmacy"] - MANY
    assert f"pharmacy {few + MANY} → {few}" in str(failed.failures[0].found)
    assert 0o700 == (tmp_path / "failed").stat().st_mode & 0o777
    assert [] == strays(tmp_path)


def test_a_person_may_accept_a_drift_and_is_not_named_in_the_release(tmp_path: Path) -> None:
    """It is published, its manifest says that it was accepted; who and why is kept beside."""
    build(tmp_path, with_pharmacies(MANY))
    with pytest.raises(FailedChecksError):
        build(tmp_path, with_pharmacies(0))
    made = build(tmp_path, with_pharmacies(0), ACCEPTANCE)
    assert made == shelf.current(tmp_path)
    assert ["accepted"] == [each.state for each in made.checks if each.name == "drift"]
    assert [] == shelf.failed(tmp_path)
    assert ACCEPTANCE == shelf.acceptance_of(tmp_path, made.id)
    content = everything(tmp_path / made.id)
    assert ACCEPTANCE.by.encode() not in content
    assert ACCEPTANCE.reason.encode() not in content


def test_nobody_can_accept_what_must_not_be_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule that leaves narcotics out is broken: the check, told in other words, stops the release."""
    rules: dict[type[Entity], str] = ROW_RULES | {LocalItem: "TRUE"}
    monkeypatch.setattr(tables, "ROW_RULES", rules)
    with pytest.raises(FailedChecksError) as raised:
        build(tmp_path, sample_store(), ACCEPTANCE)
    assert "suppression" in [each.name for each in raised.value.release.failures]
    assert shelf.current(tmp_path) is None


@pytest.mark.parametrize(
    ("forgotten", "what"),
    [
        ("AND (s.valid_to IS NULL OR l.valid_from >= s.valid_to)", "confidential"),
        ("AND special_control_code IS NULL", "not shown"),
        ("l.superseded_at = 'infinity' AND l.price_state_code", "at the same time"),
    ],
)
def test_a_history_of_prices_that_forgets_a_rule_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgotten: str, what: str
) -> None:
    """What must not be in it is counted by other statements, and nobody can let it pass."""
    assert forgotten in ListingPrice.query
    kept = "l.price_state_code" if what == "at the same time" else ""
    monkeypatch.setattr(ListingPrice, "query", ListingPrice.query.replace(forgotten, kept))
    with pytest.raises(FailedChecksError, match=what):
        build(tmp_path, sample_store(), ACCEPTANCE)


def test_files_that_disagree_are_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that loses a row is found when the file is opened again, and cannot be accepted."""
    write = ParquetFile.write

    def lose_one(self: ParquetFile, rows: Rows) -> None:
        write(self, Rows(rows.batch.slice(1), rows.texts))

    monkeypatch.setattr(ParquetFile, "write", lose_one)
    with pytest.raises(FailedChecksError) as raised:
        build(tmp_path, sample_store(), ACCEPTANCE)
    (failure,) = raised.value.release.failures
    assert "agreement" == failure.name
    assert re.search(r"parquet/product\.parquet: \d+ ≠ \d+ rows", str(failure.found))


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is told as it is; the old release serves, what was written goes."""
    old = build(tmp_path, sample_store())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ParquetFile, "write", full)
    with pytest.raises(OSError, match="No space left"):
        build(tmp_path, sample_store(sender="demo-other"))
    assert old == shelf.current(tmp_path)
    assert [] == strays(tmp_path)


def test_a_province_that_vanishes_fails_the_release(tmp_path: Path) -> None:
    """The one before had one: what was there and is not is told by name."""
    build(tmp_path, sample_store())
    empty = sample_store(sender="demo-other")
    for table in ("on_sale", "institution_medicine"):
        empty.forget(table)
    with pytest.raises(FailedChecksError) as raised:
        build(tmp_path, empty)
    found = {each.name: str(each.found) for each in raised.value.release.failures}
    assert "province 44" in found["coverage"]


def test_one_can_go_back_and_forth(tmp_path: Path) -> None:
    """To the release before, to any other; a file that was changed is found before anything is switched."""
    old = build(tmp_path, sample_store())
    new = build(tmp_path, sample_store(sender="demo-other"))
    assert old.id == new.previous
    assert old == shelf.before_current(tmp_path)
    shelf.switch(tmp_path, old.id)
    assert old == shelf.current(tmp_path)
    with pytest.raises(shelf.NoSuchReleaseError):
        shelf.before_current(tmp_path)
    with pytest.raises(shelf.NoSuchReleaseError):
        shelf.find(tmp_path, "../failed")
    damaged = tmp_path / new.id / "citation.txt"
    damaged.chmod(0o644)
    damaged.write_text("changed", "utf-8")
    with pytest.raises(shelf.BrokenReleaseError, match=r"citation\.txt"):
        shelf.verify(tmp_path / new.id)


def test_the_same_snapshot_again_changes_nothing(tmp_path: Path) -> None:
    """Found under its name, switched to; not built over, not named as its own predecessor."""
    first = build(tmp_path, sample_store())
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / first.id).rglob("*")}
    assert first == build(tmp_path, sample_store())
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / first.id).rglob("*")}


def test_two_cannot_build_at_a_time(tmp_path: Path) -> None:
    """The second is told so, and takes nothing from the first."""
    with shelf.working_on(tmp_path), shelf.building(tmp_path) as working:
        with pytest.raises(shelf.BusyError):
            build(tmp_path, sample_store())
        assert working.exists()


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_old_release_serves_and_the_next_build_ends(
    step: str, old_release: Path, tmp_path: Path
) -> None:
    """Nothing half done is ever visible, and what is left is cleared away."""
    subprocess.run(["cp", "-a", f"{old_release}/.", tmp_path], check=True)
    old = shelf.current(tmp_path)
    assert -signal.SIGKILL == exit_of_killed_build(tmp_path, step, "demo-other")
    assert old == shelf.current(tmp_path)
    for each in shelf.sealed(tmp_path):
        shelf.verify(tmp_path / each.id)
    new = build(tmp_path, sample_store(sender="demo-other"))
    assert new == shelf.current(tmp_path)
    assert (old and old.id) == new.previous
    shelf.verify(tmp_path / new.id)
    assert [] == strays(tmp_path)


@pytest.fixture(scope="module")
def old_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release."""
    folder = tmp_path_factory.mktemp("old")
    build(folder, sample_store())
    return folder
