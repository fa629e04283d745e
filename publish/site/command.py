"""How the public site is started: a process of its own, with nothing in it that could open the database."""

import os
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONWARNINGS")


def site_command(release_folder: Path, host: str, port: int) -> list[str]:
    """The command that serves the release in this folder (for instance `…/current`) until it is terminated.

    The release is fixed when the process starts: after a switch start a new process and end the old one.
    """
    return [sys.executable, "-m", "publish.site.serve", str(release_folder), host, str(port)]


def site_environment() -> dict[str, str]:
    """The environment to start it with: what Python needs, and nothing that could name or open the database."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # Without the safe path Python would import from whatever folder the command happens to start in.
    return kept | {"PYTHONPATH": str(_ROOT), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
