"""The command line on files good and bad, and on a process killed on the way."""

import asyncio
import json
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.db.migrate import upgrade
from tests.lib.command import answer, baogong, baogong_process, processes_of, start
from tests.lib.databases import OwnDatabase
from tests.lib.samples import APPROVALS, stock_take, stores
from tests.lib.shared_data import shared_file


@pytest.fixture
def own_server() -> Iterator[Path]:
    """A data folder without a database yet: commands start an embedded server there, whose user can reach it."""
    with tempfile.TemporaryDirectory(prefix="baogong-own-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def write(folder: Path, name: str, content: bytes | str) -> Path:
    """A file to send."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_real_approvals_balance_and_repeat(data: Path) -> None:
    """2,872 rows read = promoted + unchanged + quarantined + skipped; a second run reports a repeat."""
    path = shared_file("nmpa_import_chemical.jsonl")
    [first] = answer(baogong(data, "feed", "ingest", "registration", path, "--json"))
    [second] = answer(baogong(data, "feed", "ingest", "registration", path, "--json"))
    parts = [first[name] for name in ("promoted", "unchanged", "quarantined", "skipped")]
    assert (2872, 2872, False, True) == (first["rows_read"], sum(parts), first["repeat"], second["repeat"])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("unknown.csv", b"\xff\xfe\x00\xd8" * 40, ["unknown.csv"]),
        ("error.csv", "<!DOCTYPE html><title>502</title>", ["error.csv", "HTML"]),
        ("cut.xlsx", b"PK\x03\x04\x14\x00\x06\x00" + b"\x01" * 90, ["cut.xlsx"]),
        ("empty.csv", b"", ["empty.csv", "空"]),
        ("noname.csv", "批准文号,规格\n国药准字H20059001,50mg\n", ["noname.csv", "产品名称", "1"]),
    ],
    ids=["no-encoding", "a-page", "cut-workbook", "empty", "no-name"],
)
def test_a_refused_file_is_told_of_and_exits_1(
    data: Path, tmp_path: Path, name: str, content: bytes | str, told: list[str]
) -> None:
    """The message names the file and what is wrong with it; the bytes are in landing."""
    done = baogong(data, "feed", "ingest", "registration", write(tmp_path, name, content))
    assert 1 == done.returncode
    for word in told:
        assert word in done.stdout
    [batch] = [b for b in answer(baogong(data, "feed", "batches", "--json")) if b["file_name"] == name]
    assert "refused" == batch["state_code"]
    assert (data / "landing" / batch["sha256"][:2] / batch["sha256"]).is_file()


def test_faulty_rows_are_listed_with_row_column_text_and_hint(data: Path, tmp_path: Path) -> None:
    """A row with too few cells and an approval number of seven digits; the file's other rows are promoted."""
    path = write(tmp_path, "faulty.csv", APPROVALS + "国药准字H2005900,某药,1mg\n国药准字H20059003\n")
    [outcome] = answer(baogong(data, "feed", "ingest", "registration", path, "--json"))
    faults = answer(baogong(data, "feed", "faults", str(outcome["batch"]), "--json"))
    assert (2, 2) == (outcome["promoted"] + outcome["unchanged"], outcome["quarantined"])
    assert [(4, "approval_number.digits", "批准文号"), (5, "row.too_few_cells", None)] == [
        (fault["row_number"], fault["code"], fault["column_name"]) for fault in faults
    ]


def test_a_chain_must_be_named(data: Path, tmp_path: Path) -> None:
    """Codes are each sender's own: without --sender nothing is taken in."""
    done = baogong(data, "feed", "ingest", "pharmacy", write(tmp_path, "s.csv", stores("S1")))
    assert 1 == done.returncode
    assert "--sender" in done.stderr


def test_an_unknown_feed_is_told_with_those_there_are(data: Path, tmp_path: Path) -> None:
    """The message names the feeds."""
    done = baogong(data, "feed", "ingest", "weather", write(tmp_path, "w.csv", "x"))
    assert 1 == done.returncode
    assert "registration" in done.stderr


def test_unmatched_items_are_listed_with_the_reason(data: Path, tmp_path: Path) -> None:
    """An item without approval number waits, visibly."""
    rows = stock_take("S1,A9,某保健品,1盒,,5,1")
    for name, content in (("stores.csv", stores("S1")), ("sale.csv", rows)):
        done = baogong(data, "feed", "ingest", "pharmacy", write(tmp_path, name, content), "--sender", "wait")
        assert 0 == done.returncode
    waiting = answer(baogong(data, "feed", "waiting", "--json"))
    assert [("A9", "waiting")] == [
        (item["item_code"], item["match_code"]) for item in waiting if item["sender_code"] == "wait"
    ]


def test_a_wrong_setting_is_told_by_its_name(data: Path) -> None:
    """Exit status 2 and the variable's name."""
    done = baogong(data, "feed", "list", HUB_PORT="many")
    assert (2, True) == (done.returncode, "HUB_PORT" in done.stderr)


def test_an_unreachable_database_is_a_sentence(data: Path) -> None:
    """No traceback."""
    done = baogong(data, "feed", "list", HUB_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert (1, False) == (done.returncode, "Traceback" in done.stderr)


@pytest.fixture
def sorted_by_language(debian: str) -> Iterator[str]:
    """The URL of a database that sorts Chinese as a dictionary does."""
    own = OwnDatabase(debian, "template0", "LOCALE_PROVIDER icu ICU_LOCALE 'zh-CN'")
    yield asyncio.run(own.make())
    asyncio.run(own.drop())


def test_a_database_that_sorts_otherwise_is_refused(tmp_path: Path, sorted_by_language: str) -> None:
    """While it is empty; one that was migrated before is warned of, and served all the same."""
    done = baogong(tmp_path, "db", "upgrade", HUB_DATABASE_URL=sorted_by_language)
    assert (1, True) == (done.returncode, "C.UTF-8" in done.stderr)
    asyncio.run(upgrade(sorted_by_language))
    again = baogong(tmp_path, "db", "upgrade", HUB_DATABASE_URL=sorted_by_language)
    assert (0, True) == (again.returncode, "C.UTF-8" in again.stderr)


def test_killed_on_the_way_and_started_again_nothing_is_lost(own_server: Path, tmp_path: Path) -> None:
    """SIGKILL at two moments of an ingest; the same command again ends with all rows in, once."""
    baogong(own_server, "db", "upgrade")
    rows = (f'{{"code": "国药准字H{20000000 + n}", "zh": "药{n}"}}' for n in range(20_000))
    path = write(tmp_path, "many.jsonl", "\n".join(rows) + "\n")
    for after in (0.9, 1.5):
        process = start(own_server, "feed", "ingest", "registration", str(path))
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    [outcome] = answer(baogong(own_server, "feed", "ingest", "registration", path, "--json"))
    assert (20_000, "promoted") == (outcome["promoted"], outcome["state"])
    batches = answer(baogong(own_server, "feed", "batches", "--feed", "registration", "--json"))
    assert [20_000] == [batch["rows_promoted"] for batch in batches]


def test_a_new_client_is_shown_its_secret_once(data: Path) -> None:
    """While the hub is being installed at once; the listing has roles and reach, and no secret."""
    options = ["--client-id", "gov-a", "--role", "health_commission", "--region", "44", "--json"]
    made = json.loads(baogong(data, "client", "add", "某系统", *options).stdout)
    assert ("at_once", "gov-a") == (made["state"], made["client_id"])
    listed = baogong(data, "client", "list", "--json").stdout
    [client] = json.loads(listed)
    assert ("health_commission", "440000") == (client["roles"], client["region"])
    assert made["client_secret"] not in listed


def test_a_client_that_names_no_scope_can_only_read(data: Path) -> None:
    """What writes, and what takes a grant, has to be asked for."""
    baogong(data, "client", "add", "某系统", "--region", "000000", "--json")
    [client] = json.loads(baogong(data, "client", "list", "--json").stdout)
    assert all(scope.endswith(":read") for scope in client["scopes"].split())
    assert "confidential" not in client["scopes"]


@pytest.mark.parametrize(
    "options",
    [
        ["--region", "000000", "--scope", "feed.pharmacy:write"],
        ["--region", "000000", "--scope", "feed:read", "--sender", "chain-a"],
        ["--scope", "feed:read"],
        ["--role", "auditor"],
        ["--role", "finance", "--organization", "sender:a"],
        ["--region", "4", "--role", "finance"],
    ],
)
def test_a_client_that_cannot_be_is_refused_in_a_sentence(data: Path, options: list[str]) -> None:
    """Pushing without a sender or the other way round, no reach, an administrator, a role with another's reach."""
    done = baogong(data, "client", "add", "某系统", *options)
    assert (1, 1, True) == (
        done.returncode,
        len(done.stderr.splitlines()),
        "proposal" in done.stderr or "standing" in done.stderr,
    )


def test_no_command_leaves_a_process_behind(own_server: Path) -> None:
    """The embedded server stops with the last command."""
    assert 0 == baogong_process(own_server, "feed", "list").returncode
    assert [] == processes_of(own_server)
