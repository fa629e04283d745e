"""A new release while people ask: no request is lost, and from one moment on all answers are of the new one."""

import asyncio
import threading
import time
from pathlib import Path

import httpx

from tests.lib.site import AMOXICILLIN, build_sample, pharmacy_id, sample_store
from tests.lib.site_server import serving

PATIENCE_SECONDS = 60.0
ADDRESSES = [
    "/",
    f"/medicine/{AMOXICILLIN}",
    f"/pharmacy/{pharmacy_id('A001')}",
    "/api/v1",
    "/latest/manifest.json",
    "/baogong/on_sale",
]


class Visitor(threading.Thread):
    """Asks for one address again and again, and notes what it gets."""

    def __init__(self, base: str, address: str, stop: threading.Event) -> None:
        super().__init__()
        self._base, self._address, self._stop_event = base, address, stop
        #: status and release of each answer, in order
        self.answers: list[tuple[int, str]] = []

    def run(self) -> None:
        """Ask until told to stop."""
        with httpx.Client(base_url=self._base, timeout=PATIENCE_SECONDS) as client:
            while not self._stop_event.is_set():
                response = client.get(self._address)
                self.answers.append((response.status_code, response.headers.get("baogong-release", "")))
                time.sleep(0.02)


def wait_for(visitors: list[Visitor], release_id: str) -> None:
    """Wait until the site has answered every visitor from this release."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while {visitor.answers[-1][1] if visitor.answers else "" for visitor in visitors} != {release_id}:
        assert time.monotonic() < deadline, "the site never changed to the new release"
        time.sleep(0.1)


def test_no_request_is_lost_when_the_release_changes(tmp_path: Path) -> None:
    """Six visitors ask on through two changes, forward and back; each answer is there, of one release after another."""
    store = sample_store()
    first = asyncio.run(build_sample(tmp_path, store))
    stop = threading.Event()
    with serving(tmp_path) as base:
        visitors = [Visitor(base, address, stop) for address in ADDRESSES]
        for visitor in visitors:
            visitor.start()
        wait_for(visitors, first.id)
        store.rename(AMOXICILLIN, "阿莫西林胶囊（新）")
        second = asyncio.run(build_sample(tmp_path, store))
        wait_for(visitors, second.id)
        assert "阿莫西林胶囊（新）" in httpx.get(f"{base}/medicine/{AMOXICILLIN}").text
        (tmp_path / "link").symlink_to(first.id)
        (tmp_path / "link").replace(tmp_path / "current")
        wait_for(visitors, first.id)
        stop.set()
        for visitor in visitors:
            visitor.join()
        old = httpx.get(f"{base}/releases/{second.id}/manifest.json")
    answers = [answer for visitor in visitors for answer in visitor.answers]
    assert {status for status, _ in answers} == {200}
    for visitor in visitors:
        seen = [
            release
            for number, (_, release) in enumerate(visitor.answers)
            if number == 0 or release != visitor.answers[number - 1][1]
        ]
        assert seen == [first.id, second.id, first.id]
    assert (old.status_code, old.json()["id"]) == (200, second.id)


def test_a_release_that_cannot_be_served_changes_nothing(tmp_path: Path) -> None:
    """A link to a folder without a whole release is passed over; the one before goes on being served."""
    store = sample_store()
    first = asyncio.run(build_sample(tmp_path, store))
    with serving(tmp_path) as base:
        (tmp_path / "20990101-00000000").mkdir()
        (tmp_path / "link").symlink_to("20990101-00000000")
        (tmp_path / "link").replace(tmp_path / "current")
        time.sleep(3)
        assert httpx.get(f"{base}/about").headers["baogong-release"] == first.id
        (tmp_path / "link").symlink_to(first.id)
        (tmp_path / "link").replace(tmp_path / "current")
        time.sleep(2)
        assert httpx.get(f"{base}/about").headers["baogong-release"] == first.id
