"""`baogong audit`, as an auditor runs it."""

import csv
import json
from pathlib import Path

import pytest

from tests.lib.command import baogong


@pytest.fixture
def acted(data: Path) -> Path:
    """A hub where somebody registered a client and a key that is none."""
    told = baogong(data, "client", "add", "演示客户端", "--client-id", "demo", "--region", "000000", "--json")
    assert 0 == told.returncode, told.stderr
    return data


def test_acts_of_the_command_line_are_recorded_and_the_record_is_whole(acted: Path, tmp_path: Path) -> None:
    """Shown, exported in both forms, verified with checkpoints that were kept; a key that is missing is told of."""
    shown = json.loads(baogong(acted, "audit", "show", "--json").stdout)
    assert "access:change:proposed" in [record.get("operation") for record in shown]
    kept = tmp_path / "kept.txt"
    kept.write_text(baogong(acted, "audit", "checkpoints").stdout)
    report = json.loads(baogong(acted, "audit", "verify", "--checkpoints", str(kept), "--json").stdout)
    assert ([], True) == (report["findings"], report["witnessed"] >= 1)
    target = tmp_path / "records.csv"
    assert 0 == baogong(acted, "audit", "export", "--format", "csv", "--output", str(target)).returncode
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert [record["n"] for record in shown] == [int(row["n"]) for row in rows]
    assert len(shown) == len(baogong(acted, "audit", "export").stdout.splitlines())
    keys = tmp_path / "no-keys.pem"
    keys.write_text("")
    doubtful = baogong(acted, "audit", "verify", "--keys", str(keys))
    assert (1, True) == (doubtful.returncode, "audit.signature" in doubtful.stderr)


def test_pruning_too_early_is_refused_and_recorded(acted: Path) -> None:
    """183 days are kept; that somebody tried stands in the record."""
    refused = baogong(acted, "audit", "prune", "--before", "2099-01-01")
    assert (1, True) == (refused.returncode, "183" in refused.stderr)
    shown = json.loads(baogong(acted, "audit", "show", "--json").stdout)
    acts = [(record["decision"], record.get("code")) for record in shown if record["kind"] == "act"]
    assert [("begun", None), ("refused", "audit.too_young")] == acts


def test_what_is_no_checkpoint_is_told_by_its_line(acted: Path, tmp_path: Path) -> None:
    """A file that somebody damaged."""
    (tmp_path / "kept.txt").write_text("\nnonsense\n")
    told = baogong(acted, "audit", "verify", "--checkpoints", str(tmp_path / "kept.txt"))
    assert (2, True) == (told.returncode, "kept.txt:2" in told.stderr)
