"""The application of the site: answers from the release that is served, and changes to the next without a pause."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from publish.layout import CURRENT
from publish.site import downloads, gate
from publish.site.asgi import Answer, Receive, Scope, Send
from publish.site.cache import Stored
from publish.site.generation import WARM_KEYS, Generation
from publish.site.rate import Rates
from publish.site.settings import SiteSettings

_log = logging.getLogger(__name__)
#: how long answers under way may need the release before, after the change
_FAREWELL_SECONDS = 60.0


class Front:
    """An ASGI application over the folder of releases."""

    def __init__(self, settings: SiteSettings) -> None:
        self._settings = settings
        self._current: Generation | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._rates = Rates(settings.per_second) if settings.is_sql else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close"})

    @property
    def generation(self) -> Generation:
        """What is served now."""
        if self._current is None:
            raise RuntimeError("the site has not started")
        return self._current

    async def start(self) -> None:
        """Open the current release and begin to look for the next."""
        self._current = await self._opened(self._pointed_at(), None)
        self._spawn(self._look())

    async def stop(self) -> None:
        """Stop looking and close."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.generation.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_for_models = self._settings.answers_models and scope["raw_path"] == gate.MODELS_PATH
        refused = None if is_for_models else gate.refusal(scope["method"])
        if refused is None and self._rates is not None:
            refused = self._rates.refusal(scope)
        if refused is not None:
            await _send_whole(refused, send)
            return
        # one generation for the whole of a request
        generation = self.generation
        if is_for_models:
            await _send_whole(await generation.answer_model(scope, receive), send)
            return
        raw_path, query = scope["raw_path"].partition(b"?")[0], scope["query_string"]
        found = generation.kept(raw_path, query)
        if found is None:
            file = self._file(raw_path, generation)
            if file is not None:
                await downloads.send_file(file, scope, receive, send)
                return
            found = await generation.answer(scope)
        await _send(found, scope, send)

    def _file(self, raw_path: bytes, generation: Generation) -> downloads.Found | None:
        if self._settings.is_sql:
            return None
        return downloads.find_file(raw_path, self._settings.releases, generation.release)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except Exception as error:
                    _log.exception("the site cannot start")
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._settings.look_seconds)
            try:
                await self._change_if_new()
            except Exception:
                # whatever is wrong with the next release, this one is whole: go on serving it, and look again
                _log.exception("the next release cannot be served yet")

    async def _change_if_new(self) -> None:
        pointed = self._pointed_at()
        before = self.generation
        if pointed == before.folder:
            return
        self._current = await self._opened(pointed, before)
        self._spawn(_close_later(before))

    async def _opened(self, folder: Path, before: Generation | None) -> Generation:
        generation = Generation(folder, self._settings)
        await generation.open()
        await generation.warm(before.cache.newest_keys(WARM_KEYS) if before else ())
        return generation

    def _pointed_at(self) -> Path:
        return (self._settings.releases / CURRENT).resolve(strict=True)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _close_later(generation: Generation) -> None:
    try:
        await asyncio.sleep(_FAREWELL_SECONDS)
    finally:
        with contextlib.suppress(OSError):
            await generation.close()


async def _send_whole(answer: Answer, send: Send) -> None:
    headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _send(found: Stored, scope: Scope, send: Send) -> None:
    """Send an answer as this client wants it: not at all, its head only, packed or plain."""
    known = accepted = b""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            known = value
        elif name == b"accept-encoding":
            accepted = value
    if known and found.status == 200 and (known == b"*" or found.tag in known):
        await send({"type": "http.response.start", "status": 304, "headers": found.headers})
        await send({"type": "http.response.body", "body": b""})
        return
    headers, body = found.headers, found.body
    if found.is_packable and b"gzip" in accepted:
        headers, body = [*headers, (b"content-encoding", b"gzip")], found.packed or b""
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": found.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
