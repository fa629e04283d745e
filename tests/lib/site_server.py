"""The real site over a folder of releases, in a process of its own, and how tests ask it."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from publish.manifest import Release
from publish.site.command import site_command, site_environment

START_UP_SECONDS = 60.0


class Site:
    """A served folder of releases."""

    def __init__(self, base: str, release: Release, folder: Path) -> None:
        self.base = base
        self.release = release
        self.folder = folder
        self._client = httpx.Client(base_url=base, timeout=START_UP_SECONDS)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, address: str, **options: dict[str, str]) -> httpx.Response:
        """An answer, redirects not followed."""
        return self._client.get(address, **options)  # type: ignore[arg-type]

    def request(self, method: str, address: str) -> httpx.Response:
        """An answer to another method."""
        return self._client.request(method, address)

    def text(self, address: str) -> str:
        """The text of a page that must be there, without its tags."""
        response = self.get(address)
        assert response.status_code == 200, response.text
        return words(response.text)


def words(html: str) -> str:
    """What a reader sees of a page, with single blanks."""
    shown = re.sub(r"<script.*?</script>|<[^>]*>", " ", html, flags=re.DOTALL)
    return " ".join(shown.split())


@contextmanager
def served(
    folder: Path, release: Release, *, is_sql: bool = False, is_mcp: bool = False, per_second: float = 1000
) -> Iterator[Site]:
    """Serve a folder whose current release is this one."""
    process = serving(folder, is_sql=is_sql, is_mcp=is_mcp, per_second=per_second)
    with (
        process as base,
        closing(Site(base, release, folder)) as site,
    ):
        yield site


@contextmanager
def serving(
    folder: Path,
    *,
    is_sql: bool = False,
    is_mcp: bool = False,
    sql_url: str | None = None,
    per_second: float = 1000,
    python: Path | None = None,
) -> Iterator[str]:
    """Serve a folder of releases in its own process; yields its address without a slash at the end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = site_command(
        folder,
        "127.0.0.1",
        port,
        url=url,
        sql_url=sql_url,
        is_sql=is_sql,
        is_mcp=is_mcp,
        per_second=per_second,
    )
    if python is not None:
        command[0] = str(python)
    process = subprocess.Popen(command, env=site_environment(), cwd=folder)
    try:
        _wait_until_answering(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=START_UP_SECONDS)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_until_answering(base: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_UP_SECONDS
    while True:
        try:
            httpx.get(f"{base}/robots.txt", timeout=START_UP_SECONDS).raise_for_status()
        except httpx.ConnectError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the site did not start") from None
            time.sleep(0.05)
        else:
            return
