"""A headless Chromium that a test steers and watches, spoken to over a pipe (DevTools protocol)."""

import base64
import json
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_SECONDS = 30.0
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root in a container
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page might ask for elsewhere finds no address, and is seen to have been asked for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)


class BrowserError(Exception):
    """The browser has gone, takes too long, or a script that a test ran in it failed."""


class Browser:
    """One browser with one page. `requests` and `problems` are what the page has done since it was opened."""

    def __init__(self, program: str, profile: Path) -> None:
        # The browser listens on descriptor 3 and answers on 4; a shell moves our two pipes there.
        script = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
        self._process = subprocess.Popen(
            ["sh", "-c", script, "sh", program, *FLAGS, f"--user-data-dir={profile}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._buffer = b""
        self._last_id = 0
        self._session: str | None = None
        #: the address of each request that the page made, in order
        self.requests: list[str] = []
        #: what the console would show in red: errors, exceptions, refusals by the content security policy
        self.problems: list[str] = []

    def __enter__(self) -> Self:
        self._open_page()
        return self

    @contextmanager
    def anew(self) -> Iterator[Self]:
        """The browser as if just installed: a page that shares nothing with any before it, gone at the end."""
        self._session = None
        context: str = self._send("Target.createBrowserContext")["browserContextId"]
        self._open_page(browserContextId=context)
        self.requests.clear()
        self.problems.clear()
        try:
            yield self
        finally:
            self._session = None
            self._send("Target.disposeBrowserContext", browserContextId=context)

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with self._pipe(self._process.stdin), self._pipe(self._process.stdout):
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)

    def resize(self, width: int, height: int) -> None:
        """Make the window this many CSS pixels; one narrower than 600 is a phone's."""
        self._send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def open(self, url: str) -> None:
        """Go to an address; wait until its document and scripts are loaded."""
        self._send("Page.navigate", url="about:blank")
        self._send("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression, as JSON has it. Raises BrowserError if it throws."""
        answer = self._send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, script: str) -> Any:
        """The value of an expression, as soon as it is truthy. Raises BrowserError when it does not become so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if value := self.evaluate(script):
                return value
            time.sleep(0.05)
        raise BrowserError(f"never true: {script}; problems: {self.problems}")

    def click(self, selector: str) -> None:
        """Click the element, which may yet have to appear."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.wait_for(f"!!{element}")
        self.evaluate(f"{element}.click()")

    def type(self, selector: str, text: str) -> None:
        """Replace what a field holds by this text, as a keyboard would."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.evaluate(f"{element}.focus(), {element}.select()")
        self._send("Input.insertText", text=text)

    def screenshot(self, path: Path) -> None:
        """Write what is in the window as a PNG."""
        path.write_bytes(base64.b64decode(self._send("Page.captureScreenshot", format="png")["data"]))

    def _open_page(self, **place: str) -> None:
        target = self._send("Target.createTarget", url="about:blank", **place)["targetId"]
        self._session = self._send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._send(f"{domain}.enable")

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        """Give a command and wait for its answer; events that come meanwhile are noted."""
        self._last_id += 1
        message: dict[str, Any] = {"id": self._last_id, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\0")
        self._process.stdin.flush()
        while True:
            answer = self._receive()
            if answer.get("id") != self._last_id:
                self._note(answer.get("method", ""), answer.get("params", {}))
            elif "error" in answer:
                raise BrowserError(f"{method}: {answer['error']}")
            else:
                result: dict[str, Any] = answer["result"]
                return result

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE_SECONDS)
            part = self._process.stdout.read1(65536) if ready else b""  # type: ignore[attr-defined]
            if not part:
                raise BrowserError("the browser does not answer")
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def _note(self, event: str, params: dict[str, Any]) -> None:
        match event:
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Runtime.exceptionThrown":
                self.problems.append(str(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "assert"):
                self.problems.append(str(params["args"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.problems.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    @staticmethod
    @contextmanager
    def _pipe(pipe: IO[bytes] | None) -> Iterator[None]:
        yield
        if pipe is not None:
            pipe.close()


def installed_browser() -> str:
    """The browser's program; skips the calling test where there is none."""
    for name in PROGRAMS:
        if program := shutil.which(name):
            return program
    pytest.skip("no Chromium on this machine")


@contextmanager
def browsing(profile: Path, width: int = 1280, height: int = 800) -> Iterator[Browser]:
    """A browser with a fresh profile in this folder; skips the calling test where none is installed."""
    with Browser(installed_browser(), profile) as browser:
        browser.resize(width, height)
        yield browser
