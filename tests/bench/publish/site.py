"""Serving a release: pages against a plain Datasette on the same file, search, and a change of release under load.

CPU time of the server's process is compared, not rates: it does not hang on what else the machine does.
"""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psutil

from publish.layout import CURRENT, MANIFEST_NAME, SQLITE_NAME
from publish.site.command import site_command, site_environment
from tests.bench.figures import figure
from tests.bench.publish.site_search import NAMES, p99, queries, search_p99_ms
from tests.bench.publish.site_search_release import release_of_names

_BENCHMARK = "publish"
#: pages asked of each server in one run
_PAGES = {"small": 40, "full": 120}
_LOAD = ("wrk", "-t1", "-c4", "-d4s")
_CHANGES = 4
_VISITORS = 4
_START_SECONDS = 120.0


def measure(releases: Path, size: str, runs: int) -> None:
    """Measure all of it on the current release of a folder."""
    file = releases / CURRENT / SQLITE_NAME
    with _plain(file) as plain, _ours(releases) as ours:
        paths = _table_pages(file, _PAGES[size] * (runs + 1))
        _warm(plain, ours, paths[: _PAGES[size]])
        cached, uncached = [], []
        for run in range(runs):
            fresh = paths[_PAGES[size] * (run + 1) : _PAGES[size] * (run + 2)]
            uncached.append(ours.cpu_ms(fresh) / plain.cpu_ms(fresh))
            cached.append(plain.cpu_ms_under_load(fresh[0]) / ours.cpu_ms_under_load(fresh[0]))
    figure(_BENCHMARK, "table", "cached_over_datasette", cached)
    figure(_BENCHMARK, "table", "uncached_cpu_over_datasette", uncached)
    case = f"search in {NAMES[size]} names"
    figure(_BENCHMARK, f"{case}, CPU", "search_p99_ms", [search_p99_ms(size) for _ in range(runs)])
    for what, took in _served_searches(size, runs).items():
        figure(_BENCHMARK, f"{case}, {what} over HTTP", "search_p99_ms", took)
    figure(_BENCHMARK, "change", "lost_requests", [float(_lost_requests(releases)) for _ in range(runs)])


class Server:
    """A server that is measured."""

    def __init__(self, base: str, process: subprocess.Popen[bytes]) -> None:
        self._base = base
        self._client = httpx.Client(
            base_url=base, timeout=_START_SECONDS, headers={"accept-encoding": "identity"}
        )
        self._process = psutil.Process(process.pid)

    def cpu_ms(self, paths: list[str]) -> float:
        """CPU time of the server for one of these requests."""
        before = self._cpu_seconds()
        for path in paths:
            self._client.get(path).raise_for_status()
        return (self._cpu_seconds() - before) * 1000 / len(paths)

    def cpu_ms_under_load(self, path: str) -> float:
        """CPU time of the server for one request of a page that four clients ask for again and again."""
        before = self._cpu_seconds()
        said = subprocess.run(
            [*_LOAD, f"{self._base}{path}"], capture_output=True, text=True, check=True
        ).stdout
        (count,) = re.findall(r"(\d+) requests in", said)
        return (self._cpu_seconds() - before) * 1000 / int(count)

    def ms(self, path: str, query: str) -> float:
        """The time that one answer to a query takes to arrive."""
        began = time.perf_counter()
        self._client.get(path, params={"q": query}).raise_for_status()
        return (time.perf_counter() - began) * 1000

    def _cpu_seconds(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)


def _served_searches(size: str, runs: int) -> dict[str, list[float]]:
    """The 99th percentile of searches that nobody asked before, as their answers arrive over loopback, by page."""
    pages = {"first page": "/search", "suggestions": "/suggest"}
    took: dict[str, list[float]] = {what: [] for what in pages}
    with tempfile.TemporaryDirectory(prefix="baogong-bench-") as name:
        names = release_of_names(Path(name), NAMES[size])
        asked = list(dict.fromkeys(queries(names)))
        for _ in range(runs):
            # a server of its own each time: what was asked once is kept
            with _ours(Path(name)) as server:
                for what, path in pages.items():
                    took[what].append(p99([server.ms(path, query) for query in asked]))
    return took


@contextmanager
def _plain(file: Path) -> Iterator[Server]:
    """Datasette as it comes, on the same file; without its costliest habit, which nobody would leave on."""
    port = _free_port()
    command = [sys.executable, "-m", "datasette", "serve", "-i", str(file), "--port", str(port)]
    command += ["--setting", "suggest_facets", "off", "--setting", "default_page_size", "50"]
    with _running(command, port, dict(os.environ)) as server:
        yield server


@contextmanager
def _ours(releases: Path) -> Iterator[Server]:
    port = _free_port()
    command = site_command(releases, "127.0.0.1", port, url=f"http://127.0.0.1:{port}")
    with _running(command, port, site_environment()) as server:
        yield server


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/robots.txt", process)
        yield Server(base, process)
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(url, timeout=_START_SECONDS)
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers at {url}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _table_pages(file: Path, count: int) -> list[str]:
    """As many different pages of what one pharmacy has on sale; with few pharmacies their further pages are others."""
    with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as connection:
        pharmacies = [
            id_ for (id_,) in connection.execute("SELECT id FROM pharmacy ORDER BY id LIMIT ?", [count])
        ]
    sizes = range(50, 50 - (1 + count // len(pharmacies)), -1)
    pages = [f"/{file.stem}/on_sale?_size={size}&pharmacy_id={id_}" for size in sizes for id_ in pharmacies]
    return pages[:count]


def _warm(plain: Server, ours: Server, paths: list[str]) -> None:
    """Templates, connections and what else is made once."""
    plain.cpu_ms(paths)
    ours.cpu_ms(paths)


def _lost_requests(releases: Path) -> int:
    """Requests without a good answer while visitors ask on and the release changes four times."""
    with tempfile.TemporaryDirectory(dir=releases) as name:
        folder = Path(name)
        ids = _two_releases((releases / CURRENT).resolve(), folder)
        _point(folder, ids[0])
        port = _free_port()
        base = f"http://127.0.0.1:{port}"
        with _running(site_command(folder, "127.0.0.1", port, url=base), port, site_environment()):
            stop, lost = threading.Event(), list[str]()
            visitors = [threading.Thread(target=_visit, args=(base, stop, lost)) for _ in range(_VISITORS)]
            for visitor in visitors:
                visitor.start()
            for change in range(_CHANGES):
                _point(folder, ids[(change + 1) % 2])
                _wait_for_release(base, ids[(change + 1) % 2])
            stop.set()
            for visitor in visitors:
                visitor.join()
    return len(lost)


def _visit(base: str, stop: threading.Event, lost: list[str]) -> None:
    paths = ("/", "/lists", "/regions", "/search?q=a", "/api/v1", f"/latest/{MANIFEST_NAME}")
    with httpx.Client(base_url=base, timeout=_START_SECONDS) as client:
        while not stop.is_set():
            for path in paths:
                try:
                    client.get(path).raise_for_status()
                except httpx.HTTPError as error:
                    lost.append(f"{path}: {error}")


def _wait_for_release(base: str, release_id: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while httpx.get(base, timeout=_START_SECONDS).headers["baogong-release"] != release_id:
        if time.monotonic() > deadline:
            raise RuntimeError("the site did not change to the next release")
        time.sleep(0.1)


def _two_releases(release: Path, folder: Path) -> tuple[str, str]:
    """The same release under two names: files are linked, only the manifests differ."""
    ids = (release.name, f"{release.name[:9]}{'0' * 8}")
    for id_ in ids:
        shutil.copytree(release, folder / id_, copy_function=os.link)
        path = folder / id_ / MANIFEST_NAME
        manifest = json.loads(path.read_text("utf-8")) | {"id": id_}
        path.unlink()
        path.write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return ids


def _point(folder: Path, release_id: str) -> None:
    link = folder / "link"
    link.symlink_to(release_id)
    link.replace(folder / CURRENT)
