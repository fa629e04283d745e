"""Who is signed in on this machine: tokens by hub, in a file that its owner alone can read."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

_FILE = "sessions.json"
_LOCK = "sessions.lock"

#: what is kept of one hub: `access_token`, `refresh_token`, `expires_at`, `scope`, `account`
Kept = dict[str, Any]


class SessionFile:
    """The file, locked: of two commands at a time one waits, for a refresh token is good once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def get(self, origin: str) -> Kept | None:
        """What is kept of this hub."""
        kept: Kept | None = self._read().get(origin)
        return kept

    def put(self, origin: str, kept: Kept | None) -> None:
        """Keep it; None: forget it."""
        every = {name: value for name, value in (self._read() | {origin: kept}).items() if value is not None}
        draft = self._path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(every, file, ensure_ascii=False, indent=1)
        draft.replace(self._path)

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


@contextmanager
def session_file() -> Iterator[SessionFile]:
    """The file, for as long as the context lasts nobody else's."""
    folder = user_config_path("baogong", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield SessionFile(folder)
    finally:
        os.close(descriptor)
