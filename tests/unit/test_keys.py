"""The keys by which the hub signs: rotated without a restart, retired when nothing hangs on them any more."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.access.keys import FIRST_KEY, KeyFolder, SigningKeyError, list_keys, retire, rotate
from hub.cli.main import app

LIFE = timedelta(minutes=5)


class Turning:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        """The present of the test."""
        return self.now


@pytest.fixture
def clock() -> Turning:
    """A clock."""
    return Turning()


@pytest.fixture
def folder(tmp_path: Path, clock: Turning) -> Path:
    """A folder with a first key that is an hour old."""
    KeyFolder(tmp_path, clock)
    an_hour_ago = (clock.now - timedelta(hours=1)).timestamp()
    os.utime(tmp_path / FIRST_KEY, (an_hour_ago, an_hour_ago))
    return tmp_path


async def test_a_new_key_signs_and_the_old_one_verifies(folder: Path, clock: Turning) -> None:
    """In a process that runs already."""
    keys = KeyFolder(folder, clock)
    old = keys.current
    made = rotate(folder)
    clock.now += timedelta(seconds=1)
    assert made.key_id == keys.current.kid
    assert await keys.find(str(old.kid)) is old
    assert [old.kid, made.key_id] == [key["kid"] for key in keys.public_jwks()["keys"]]


async def test_a_key_that_another_process_made_is_found_at_once(folder: Path, clock: Turning) -> None:
    """A token that it signed may come before the next look."""
    keys = KeyFolder(folder, clock)
    made = rotate(folder)
    assert await keys.find(made.key_id) is not None


async def test_a_retired_key_verifies_no_more(folder: Path, clock: Turning) -> None:
    """In a process that runs already."""
    keys = KeyFolder(folder, clock)
    old = str(keys.current.kid)
    rotate(folder)
    retire(folder, old, clock.now + LIFE + timedelta(minutes=1), LIFE)
    clock.now += timedelta(seconds=1)
    assert await keys.find(old) is None


def test_a_key_whose_tokens_may_be_good_is_kept(folder: Path, clock: Turning) -> None:
    """Unless it has leaked: then they are to be worthless."""
    [old] = list_keys(folder)
    rotate(folder)
    with pytest.raises(SigningKeyError, match="until"):
        retire(folder, old.key_id, clock.now + LIFE / 2, LIFE)
    retire(folder, old.key_id, clock.now, LIFE, at_once=True)
    assert 1 == len(list_keys(folder))


@pytest.mark.parametrize("which", ["the one that signs", "none"])
def test_what_cannot_be_retired_stays(folder: Path, clock: Turning, which: str) -> None:
    """The key that signs, leaked or not: another has to take over first."""
    key_id = list_keys(folder)[-1].key_id if which == "the one that signs" else "x"
    with pytest.raises(SigningKeyError):
        retire(folder, key_id, clock.now, LIFE, at_once=True)
    assert 1 == len(list_keys(folder))


def test_a_new_key_never_writes_over_another(folder: Path) -> None:
    """Numbers go on after the last, whatever was removed."""
    names = [rotate(folder).path.name for _ in range(3)]
    (folder / names[0]).unlink()
    assert ["es256-0002.pem", "es256-0003.pem", "es256-0004.pem"] == names
    assert "es256-0005.pem" == rotate(folder).path.name


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder for commands."""
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    return tmp_path


def test_commands_rotate_list_and_retire(own_data: Path) -> None:
    """The whole life of a key; what cannot be done is one line and status 1."""
    run = CliRunner().invoke
    assert 0 == run(app, ["keys", "rotate"]).exit_code
    [first] = list_keys(own_data / "keys")
    assert 1 == run(app, ["keys", "retire", first.key_id]).exit_code
    assert 0 == run(app, ["keys", "rotate"]).exit_code
    assert 1 == run(app, ["keys", "retire", first.key_id]).exit_code
    assert 0 == run(app, ["keys", "retire", first.key_id, "--leaked"]).exit_code
    listed = run(app, ["keys", "list", "--json"]).stdout
    assert first.key_id not in listed
    assert list_keys(own_data / "keys")[0].key_id in listed
