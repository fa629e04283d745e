"""The demo as a newcomer runs it: one command, and graph and public site agree."""

import json
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.lib.command import answer, baogong, free_port, processes_of, start

NUMBER = "国药准字H44029001"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that the embedded server's own user can reach too."""
    with tempfile.TemporaryDirectory(prefix="baogong-demo-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def test_demo_takes_nothing_in_twice(folder: Path) -> None:
    """Every file is promoted with balanced books; a second run has repeats only and makes the same release."""
    first = baogong(folder, "demo", "--no-serve", "--data", folder)
    batches = answer(baogong(folder, "feed", "batches", "--json"))
    second = baogong(folder, "demo", "--no-serve", "--data", folder)
    again = answer(baogong(folder, "feed", "batches", "--json"))
    assert (0, 0) == (first.returncode, second.returncode), first.stderr + second.stderr
    assert len(batches) == len(again)
    for batch in batches:
        outcomes = ("rows_promoted", "rows_unchanged", "rows_quarantined", "rows_skipped")
        assert batch["rows_read"] == sum(batch[name] for name in outcomes)
    assert len(list((folder / "releases").glob("2*"))) == 1


def test_graph_and_public_page_agree_and_lead_to_the_row(folder: Path) -> None:
    """The same medicine in both, from the same row of the same file; Ctrl-C leaves no process behind."""
    hub, site, sql = free_port(), free_port(), free_port()
    process = start(
        folder,
        "demo",
        "--data",
        str(folder),
        HUB_PORT=str(hub),
        HUB_SITE_PORT=str(site),
        HUB_SITE_SQL_PORT=str(sql),
    )
    try:
        curl = _curl_of(process)
        said = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=True).stdout
        page = httpx.get(f"http://127.0.0.1:{site}/medicine/{NUMBER}", follow_redirects=True).text
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    product = json.loads(said)["data"]["product"]
    assert ("注射用硝普钠", {"fileName": "nmpa_table.csv", "rowNumber": 29}) == (
        product["nameZh"],
        product["provenance"],
    )
    assert "注射用硝普钠" in page
    assert "nmpa_table.csv" in page
    assert "29" in page
    assert [] == processes_of(folder)
    assert process.returncode in (0, 130)


def test_a_taken_port_is_told_of(folder: Path) -> None:
    """A sentence with the port, exit status 1, and no process left."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        done = baogong(folder, "serve", HUB_PORT=str(port))
    assert 1 == done.returncode
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr
    assert [] == processes_of(folder)


def _curl_of(process: subprocess.Popen[str]) -> str:
    """The ready-made curl that the demo prints when both addresses answer."""
    assert process.stdout is not None
    began, seen = time.monotonic(), []
    for line in process.stdout:
        seen.append(line)
        if line.startswith("curl "):
            return line
        if time.monotonic() - began > 90:
            break
    raise AssertionError("the demo printed no curl: " + "".join(seen))
