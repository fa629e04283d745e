"""Pulls over SFTP from a real server: settled files only, from the right host only, each once."""

import os
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from connectors.sandbox.sftp_source import Fault, SftpSource, serving
from hub.ingest.batches import BatchState
from hub.jobs.pull import PullResult
from tests.lib.hub import TestHub
from tests.lib.samples import stock_take, stores
from tests.lib.sources import SFTP_SECRET, pull, sftp_entry

#: two items in one store
SALE = stock_take("S1,A1,地高辛片,0.25mg,,5,1", "S1,A2,某保健品,1盒,,5,1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the source offers: a chain's stores, then its stock-take."""
    path = tmp_path / "offered"
    path.mkdir()
    put(path, "stores.csv", stores("S1"), at=1_790_000_000)
    put(path, "on_sale.csv", SALE, at=1_790_000_060)
    return path


def put(folder: Path, name: str, content: str, *, at: int) -> None:
    """A file that was last written to at this second."""
    (folder / name).write_text(content, "utf-8")
    os.utime(folder / name, (at, at))


async def pull_from(
    hub: TestHub, source: SftpSource, secrets: dict[str, str] = SFTP_SECRET, **entry: Any
) -> PullResult:
    """One pull from a source that is served while it lasts."""
    async with serving(source) as port:
        return await pull(hub, sftp_entry(port, source, **entry), secrets)


def files(result: PullResult) -> list[tuple[str, BatchState]]:
    """Name and state of what a pull took in."""
    return [(outcome.file_name, outcome.state) for outcome in result.outcomes]


def code(result: PullResult) -> str | None:
    """Why a pull failed."""
    return result.stop.code if result.stop else None


BOTH = [("stores.csv", BatchState.PROMOTED), ("on_sale.csv", BatchState.PROMOTED)]


async def test_files_are_taken_in_the_order_of_their_age(hub: TestHub, folder: Path) -> None:
    """The stores first, for they are older; nothing stays in the spool."""
    result = await pull_from(hub, SftpSource(folder))
    assert (BOTH, None) == (files(result), code(result))
    assert [] == list(hub.settings.pull_dir.rglob("incoming-*"))
    assert [(2, "sftp")] == await hub.rows("SELECT file_count, transport_code FROM pull")


async def test_what_was_taken_is_not_fetched_again(hub: TestHub, folder: Path) -> None:
    """The second pull opens no file; a file with new bytes is taken."""
    source = SftpSource(folder)
    async with serving(source) as port:
        entry = sftp_entry(port, source)
        await pull(hub, entry, SFTP_SECRET)
        assert [] == (await pull(hub, entry, SFTP_SECRET)).outcomes
        put(folder, "on_sale.csv", stock_take("S1,A1,地高辛片,0.25mg,,6,1"), at=1_790_000_120)
        await pull(hub, entry, SFTP_SECRET)
    assert ["stores.csv", "on_sale.csv", "on_sale.csv"] == source.opened


async def test_a_lost_memory_costs_repeats_only(hub: TestHub, folder: Path) -> None:
    """Without its notes the pull takes all again, and the hub knows the bytes."""
    source = SftpSource(folder)
    async with serving(source) as port:
        entry = sftp_entry(port, source)
        await pull(hub, entry, SFTP_SECRET)
        [notes] = hub.settings.pull_dir.rglob("taken.json")
        notes.unlink()
        again = await pull(hub, entry, SFTP_SECRET)
    assert [True, True] == [outcome.is_repeat for outcome in again.outcomes]


async def test_a_half_written_file_is_left_until_it_is_whole(hub: TestHub, folder: Path) -> None:
    """It grows between the two looks of the first two pulls; the third takes it, with every byte."""
    source = SftpSource(folder, frozenset({Fault.HALF_WRITTEN}))
    async with serving(source) as port:
        entry = sftp_entry(port, source)
        results = [await pull(hub, entry, SFTP_SECRET) for _ in range(3)]
    assert [2, 2, 0] == [len(result.left_alone) for result in results]
    assert [0, 0, 2] == [len(result.outcomes) for result in results]
    assert len(SALE.encode()) in [
        row[0] for row in await hub.rows("SELECT byte_count FROM batch WHERE feed_code = 'pharmacy'")
    ]


@pytest.mark.parametrize("name", ["new.csv.part", "new.csv.filepart", ".new.csv", "new.TMP"])
async def test_names_of_unfinished_files_are_left_alone(hub: TestHub, folder: Path, name: str) -> None:
    """They are not even looked into."""
    put(folder, name, "x", at=1_790_000_000)
    source = SftpSource(folder)
    assert BOTH == files(await pull_from(hub, source))
    assert name not in source.opened


async def test_a_hostile_name_is_kept_and_shown_without_what_nobody_sees(hub: TestHub, folder: Path) -> None:
    """Escape sequences, line breaks and marks that turn the direction of writing; the file is taken all the same."""
    for path in folder.iterdir():
        path.unlink()
    put(folder, "stores\u202evsc\x1b[2J\n.csv", stores("S1"), at=1_790_000_000)
    source = SftpSource(folder)
    async with serving(source) as port:
        first, second = [await pull(hub, sftp_entry(port, source), SFTP_SECRET) for _ in range(2)]
    assert [("storesvsc[2J.csv", BatchState.PROMOTED)] == files(first)
    assert ([], None) == (second.outcomes, second.stop)
    named = "SELECT file_name FROM {} WHERE file_name LIKE 'stores%'"
    for table in ("batch", "delivery"):
        assert [("storesvsc[2J.csv",)] == await hub.rows(named.format(table))


async def test_folders_and_links_are_left_alone(hub: TestHub, folder: Path) -> None:
    """Only files are files."""
    (folder / "archive").mkdir()
    (folder / "link.csv").symlink_to(folder / "stores.csv")
    assert BOTH == files(await pull_from(hub, SftpSource(folder)))


async def test_only_names_of_the_pattern_are_taken(hub: TestHub, folder: Path) -> None:
    """As in a shell."""
    assert BOTH[:1] == files(await pull_from(hub, SftpSource(folder), pattern="st*.csv"))


async def test_a_dropped_connection_is_made_again(hub: TestHub, folder: Path) -> None:
    """Cut in the middle of a file: it is fetched once more from its beginning."""
    source = SftpSource(folder, frozenset({Fault.CONNECTION_DROPPED}))
    result = await pull_from(hub, source)
    assert (1, BOTH, None) == (source.drops, files(result), code(result))


async def test_a_connection_that_always_drops_fails_the_pull(hub: TestHub, folder: Path) -> None:
    """After four attempts; no batch, and the reason on record."""
    source = SftpSource(folder, frozenset({Fault.DOWN}))
    result = await pull_from(hub, source)
    assert (4, [], "pull.unreachable") == (source.drops, files(result), code(result))
    assert 0 == await hub.value("SELECT count(*) FROM batch WHERE feed_code = 'pharmacy'")
    assert ["pull.unreachable"] == [row[0] for row in await hub.rows("SELECT stop_code FROM pull")]


async def test_a_server_with_another_key_is_not_logged_in_to(hub: TestHub, folder: Path) -> None:
    """No trust at first sight: the password is not sent."""
    source = SftpSource(folder)
    other = SftpSource(folder).public_host_key
    result = await pull_from(hub, source, host_keys=[other])
    assert ("pull.host_key", []) == (code(result), source.logins)


async def test_a_key_opens_the_server_too(hub: TestHub, folder: Path, tmp_path: Path) -> None:
    """A private key under a passphrase, which comes from the environment."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key", passphrase="open sesame")
    source = SftpSource(folder, keys=[key])
    entry = {"password_variable": None, "key_file": str(tmp_path / "key"), "passphrase_variable": "KEY_PASS"}
    assert BOTH == files(await pull_from(hub, source, {"KEY_PASS": "open sesame"}, **entry))


@pytest.mark.parametrize("passphrase", ["wrong", None])
async def test_a_key_that_cannot_be_read_is_told(
    hub: TestHub, folder: Path, tmp_path: Path, passphrase: str | None
) -> None:
    """A wrong passphrase, or no key file at all."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    if passphrase:
        key.write_private_key(tmp_path / "key", passphrase="open sesame")
    entry = {"password_variable": None, "key_file": str(tmp_path / "key"), "passphrase_variable": "KEY_PASS"}
    result = await pull_from(hub, SftpSource(folder), {"KEY_PASS": passphrase or "x"}, **entry)
    assert "source.secret" == code(result)


async def test_a_wrong_password_is_told_and_tried_once(hub: TestHub, folder: Path) -> None:
    """No hammering."""
    source = SftpSource(folder)
    result = await pull_from(hub, source, {"SFTP_SECRET": "wrong"})
    assert ("pull.unauthorized", 1) == (code(result), len(source.logins))


async def test_a_folder_that_is_not_there_is_told(hub: TestHub, folder: Path) -> None:
    """By its name."""
    source = SftpSource(folder)
    async with serving(source) as port:
        entry = sftp_entry(port, source)
        result = await pull(hub, entry | {"address": f"{entry['address']}nowhere"}, SFTP_SECRET)
    assert "pull.folder" == code(result)
    assert result.stop is not None
    assert "/nowhere" in result.stop.reason


async def test_a_file_beyond_the_limit_is_told_and_keeps_no_other_out(hub: TestHub, folder: Path) -> None:
    """The smaller one is taken in."""
    result = await pull_from(hub, SftpSource(folder), max_bytes=len(SALE.encode()) - 1)
    assert (BOTH[:1], "pull.too_large") == (files(result), code(result))


async def test_a_full_file_that_is_suddenly_empty_closes_nothing(hub: TestHub, folder: Path) -> None:
    """A header without rows where two items were on sale: refused, and both stay."""
    await pull_from(hub, SftpSource(folder))
    put(folder, "on_sale.csv", f"在售盘点\n{SALE}", at=1_790_000_200)
    source = SftpSource(folder, frozenset({Fault.EMPTY_FILE}))
    result = await pull_from(hub, source, pattern="on_sale.csv")
    [outcome] = result.outcomes
    assert outcome.stop is not None
    assert (BatchState.REFUSED, "file.no_rows") == (outcome.state, outcome.stop.code)
    live = "valid_to = 'infinity' AND superseded_at = 'infinity'"
    assert 2 == await hub.value(f"SELECT count(*) FROM on_sale WHERE {live}")


async def test_a_full_file_that_lost_most_of_its_rows_is_held(hub: TestHub, folder: Path) -> None:
    """One row of two is less than four fifths: nothing closes until a person has looked."""
    await pull_from(hub, SftpSource(folder))
    put(folder, "on_sale.csv", stock_take("S1,A1,地高辛片,0.25mg,,5,1"), at=1_790_000_200)
    [outcome] = (await pull_from(hub, SftpSource(folder), pattern="on_sale.csv")).outcomes
    assert outcome.stop is not None
    assert (BatchState.HELD, "guard.vanished") == (outcome.state, outcome.stop.code)
