"""The folder of releases: which there are, which is current, and switching. Every step leaves it whole if killed.

`<id>/` is a sealed release; `failed/<id>/` one that did not pass its checks, which nobody else may read; `current`
a link to the one that is served; `accepted/<id>.json` says who let which drift pass; `.building-…` is not finished.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path

from publish.layout import CURRENT, FAILED, MANIFEST_NAME, RELEASE_ID, SUMS_NAME
from publish.manifest import Release, read_release

_ACCEPTED, _LOCK, _BUILDING = "accepted", ".lock", ".building-"


class BusyError(Exception):
    """Another process builds or switches a release."""


class NoSuchReleaseError(Exception):
    """No sealed release has this id, or there is none to go back to."""


class BrokenReleaseError(Exception):
    """A sealed release's files are not what its checksums say."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who let a drift pass, and why. Kept beside the releases, and not published."""

    by: str
    reason: str
    #: ISO, UTC
    accepted_at: str


@contextmanager
def working_on(folder: Path) -> Iterator[None]:
    """Nobody else builds or switches meanwhile. What a killed build left goes. Raises BusyError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError from error
        for stray in folder.glob(f"{_BUILDING}*"):
            shutil.rmtree(stray)
        yield


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """A folder to build in; what is left of it at the end goes."""
    working = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder))
    try:
        yield working
    finally:
        shutil.rmtree(working, ignore_errors=True)


def sealed(folder: Path) -> list[Release]:
    """The sealed releases, the newest data first."""
    return _read(path for path in folder.glob("*") if RELEASE_ID.fullmatch(path.name))


def failed(folder: Path) -> list[Release]:
    """The releases that failed their checks, the newest data first."""
    return _read((folder / FAILED).glob("*"))


def current(folder: Path) -> Release | None:
    """The release that is served."""
    return read_release(folder / CURRENT) if (folder / CURRENT).exists() else None


def find(folder: Path, release_id: str) -> Release:
    """The sealed release of this id. Raises NoSuchReleaseError."""
    if not RELEASE_ID.fullmatch(release_id) or not (folder / release_id / MANIFEST_NAME).exists():
        raise NoSuchReleaseError(release_id)
    return read_release(folder / release_id)


def before_current(folder: Path) -> Release:
    """The release that the current one followed. Raises NoSuchReleaseError."""
    now = current(folder)
    if now is None or now.previous is None:
        raise NoSuchReleaseError(CURRENT)
    return find(folder, now.previous)


def keep(folder: Path, working: Path, release: Release) -> None:
    """Give a sealed release its name: from here on it is there, whole."""
    _sync(working)
    working.chmod(0o755)
    working.rename(folder / release.id)
    _sync_folder(folder)
    shutil.rmtree(folder / FAILED / release.id, ignore_errors=True)


def keep_failed(folder: Path, working: Path, release: Release) -> None:
    """Keep a release that failed its checks, for those who find out why. It replaces an earlier try."""
    aside = folder / FAILED
    aside.mkdir(mode=0o700, exist_ok=True)
    _sync(working)
    shutil.rmtree(aside / release.id, ignore_errors=True)
    working.rename(aside / release.id)
    _sync_folder(aside)


def accept(folder: Path, release: Release, acceptance: Acceptance) -> None:
    """Write down who let a release's drift pass. Before the release gets its name: none is without."""
    aside = folder / _ACCEPTED
    aside.mkdir(mode=0o700, exist_ok=True)
    path = aside / f"{release.id}.json"
    _replace(path, json.dumps(asdict(acceptance), ensure_ascii=False) + "\n")


def acceptance_of(folder: Path, release_id: str) -> Acceptance | None:
    """Who let a release's drift pass, if anybody had to."""
    path = folder / _ACCEPTED / f"{release_id}.json"
    return Acceptance(**json.loads(path.read_text("utf-8"))) if path.exists() else None


def switch(folder: Path, release_id: str) -> None:
    """Point `current` to a release: a new link is made beside and renamed over the old one."""
    link = folder / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(folder / CURRENT)
    _sync_folder(folder)


def write_sums(working: Path) -> None:
    """Write the checksums of all files, and take away the right to write."""
    paths = sorted(path for path in working.rglob("*") if path.is_file())
    lines = [f"{digest(path)}  {path.relative_to(working).as_posix()}\n" for path in paths]
    (working / SUMS_NAME).write_text("".join(lines), "utf-8")
    for path in (*paths, working / SUMS_NAME):
        path.chmod(0o444)


def verify(folder: Path) -> None:
    """Read a sealed release through. Raises BrokenReleaseError."""
    for line in (folder / SUMS_NAME).read_text("utf-8").splitlines():
        expected, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or digest(path) != expected:
            raise BrokenReleaseError(f"{folder.name}/{name}")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _read(folders: Iterator[Path]) -> list[Release]:
    found = [read_release(path) for path in folders if (path / MANIFEST_NAME).exists()]
    return sorted(found, key=lambda each: (each.data_as_of, each.id), reverse=True)


def _sync(folder: Path) -> None:
    """See to it that all of a folder is on disk."""
    for path in folder.rglob("*"):
        _sync_folder(path)
    _sync_folder(folder)


def _sync_folder(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _replace(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.chmod(0o600)
    _sync_folder(new)
    new.replace(path)
