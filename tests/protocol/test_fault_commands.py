"""`feed faults` in pages and as a list for the sender, and `state digest`, as a user has them."""

import csv
from pathlib import Path

from tests.lib.command import answer, baogong
from tests.lib.samples import APPROVALS

_FAULTY = APPROVALS + "国药准字H2005900,=1+1,1mg\n国药准字H2005901,乙药,1mg\n国药准字H20059003\n"


def taken(folder: Path) -> tuple[Path, str]:
    """A data folder whose hub took a file with three faulty rows, and the number of its batch."""
    (folder / "faulty.csv").write_text(_FAULTY, "utf-8")
    [outcome] = answer(
        baogong(folder / "data", "feed", "ingest", "registration", folder / "faulty.csv", "--json")
    )
    return folder / "data", str(outcome["batch"])


def test_faults_come_in_pages_and_as_a_list_for_the_sender(tmp_path: Path) -> None:
    """Two on the first page, one on the second; the list has the rows as sent, and nothing a spreadsheet would run."""
    data, batch = taken(tmp_path)
    first = baogong(data, "feed", "faults", "--feed", "registration", "--limit", "2", "--json")
    second = baogong(data, "feed", "faults", "--limit", "2", "--page", "2", "--json")
    assert [4, 5, 6] == [fault["row_number"] for fault in (*answer(first), *answer(second))]
    assert "--page 2" in first.stderr
    baogong(data, "feed", "faults", batch, "--csv", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert "批准文号: 国药准字H2005900；产品名称: =1+1；规格: 1mg" == rows[1][-1]
    assert 0o600 == (tmp_path / "out.csv").stat().st_mode & 0o777
    assert 2 == baogong(data, "feed", "faults", "--csv", tmp_path / "all.csv").returncode


def test_the_digest_tells_of_lost_bytes(tmp_path: Path) -> None:
    """The same state has the same digest; once bytes in landing are gone it is another, and the status is 1."""
    data, _ = taken(tmp_path)
    before = answer(baogong(data, "state", "digest", "--json"))
    assert before == answer(baogong(data, "state", "digest", "--json"))
    lost = max((data / "landing").rglob("*"), key=lambda path: path.stat().st_mtime if path.is_file() else 0)
    lost.unlink()
    after = baogong(data, "state", "digest", "--json")
    assert (1, [lost.name]) == (after.returncode, answer(after)["missing"])
    assert before["sha256"] != answer(after)["sha256"]
