"""How the public site is started: a process of its own, with nothing in it that could open the database."""

import os
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONWARNINGS")


def site_command(
    releases: Path,
    host: str,
    port: int,
    *,
    url: str,
    sql_url: str | None = None,
    is_sql: bool = False,
    is_mcp: bool = False,
    per_second: float = 1.0,
) -> list[str]:
    """The command that serves the current release of this folder, and each next one, until it is terminated.

    `url` is how the public reaches this process, `sql_url` the one for SQL (which this is, with `is_sql`: one address
    may then ask so many questions a second; with `is_mcp` language models may ask it too).
    """
    command = [sys.executable, "-m", "publish.site.serve", "--releases", str(releases)]
    command += ["--host", host, "--port", str(port), "--url", url]
    if sql_url is not None:
        command += ["--sql-url", sql_url]
    if is_mcp:
        command.append("--mcp")
    return [*command, "--sql", "--per-second", str(per_second)] if is_sql else command


def site_environment() -> dict[str, str]:
    """The environment to start it with: what Python needs, and nothing that could name or open the database."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # Without the safe path Python would import from whatever folder the command happens to start in.
    return kept | {"PYTHONPATH": str(_ROOT), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
