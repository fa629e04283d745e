"""One release being served: a Datasette over its file, and the answers kept of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from datasette.app import Datasette
from datasette.plugins import pm

from publish.layout import SQLITE_NAME
from publish.manifest import Release, read_release
from publish.site import gate
from publish.site.arguments import meaningful
from publish.site.asgi import Answer, Headers, Receive, Scope, whole_answer
from publish.site.cache import Cache, Stored, stored
from publish.site.metadata import indexed_columns, inspected, site_metadata
from publish.site.pages import ROUTES
from publish.site.plugin import PLUGIN
from publish.site.served import ReleaseDatasette, Served
from publish.site.settings import SiteSettings
from publish.site.strings import ENGLISH_PREFIX, LANGUAGE, Language

if TYPE_CHECKING:
    from publish.site.mcp import Models

_log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
#: an address that nothing answers: Datasette's router then gives our 404
_NOWHERE = "/-/nowhere"
#: pages that everybody comes to: a release is shown when these are ready
_FIRST_PAGES = (b"/", b"/en/", b"/search", b"/lists", b"/regions", b"/static/site.css", b"/about")
#: of the pages asked for last in the release before, as many are made ready in the next one
WARM_KEYS = 200
#: pages made at the same time, and those that may wait for it: more are asked to come again
_COMPUTED_AT_ONCE = 4
_WAITING_MAX = 200
_CACHING: Headers = [(b"cache-control", b"public, max-age=300, stale-while-revalidate=86400")]
_NOT_CACHED: Headers = [(b"cache-control", b"no-cache")]
#: too many wait already
_BUSY = Answer(503, [(b"retry-after", b"5"), *gate.SECURITY])
Result = TypeVar("Result")


def site_version() -> str:
    """Short digest of the site's own files: a style sheet under its address may be kept for ever."""
    digest = blake2b(digest_size=4)
    for path in sorted(_HERE.rglob("*")):
        if path.suffix in (".py", ".html", ".css", ".svg", ".yaml", ".js"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Generation:
    """A release that is served, or about to be. Whoever has hold of it goes on having its answers."""

    def __init__(self, folder: Path, settings: SiteSettings) -> None:
        self.folder = folder
        self.release: Release = read_release(folder)
        self._settings = settings
        self.cache = Cache(settings.cache_bytes)
        self._datasette = _datasette(folder, self.release, settings)
        self._app = self._datasette.app()
        self._models = _models(self._datasette) if settings.answers_models else None
        self._turns = asyncio.Semaphore(_COMPUTED_AT_ONCE)
        self._waiting = 0

    async def open(self) -> None:
        """Let Datasette start."""
        await self._datasette.invoke_startup()
        if self._models is not None:
            await self._models.open()

    async def warm(self, keys: Iterable[bytes]) -> None:
        """Make the first pages and these ones ready."""
        first = () if self._settings.is_sql else _FIRST_PAGES
        for key in dict.fromkeys((*first, *keys)):
            path, _, query = key.partition(b"?")
            scope = {"type": "http", "headers": [], "http_version": "1.1", "scheme": "http"}
            await self.answer(scope | {"raw_path": path, "query_string": query})

    def kept(self, raw_path: bytes, query: bytes) -> Stored | None:
        """The answer to a request that is written as the site writes it, if it is ready."""
        return self.cache.get(raw_path + b"?" + query if query else raw_path)

    async def answer(self, scope: Scope) -> Stored:
        """The answer to a request for reading."""
        raw_path = scope["raw_path"].partition(b"?")[0]
        prefix, raw_path = _split_language(raw_path)
        path = unquote(raw_path.decode("latin-1"))
        with_sql = self._settings.is_sql
        query = scope["query_string"]
        if query:
            query = meaningful(query, path, ROUTES, with_sql=with_sql)
        if gate.is_hidden(raw_path.decode("latin-1"), with_sql=with_sql):
            path, raw_path, query = _NOWHERE, _NOWHERE.encode(), b""
        key = prefix.encode() + raw_path + (b"?" + query if query else b"")
        asked = gate.anonymous(scope, path, raw_path, query)
        return await self.cache.get_or_compute(key, lambda: self._page(asked, prefix))

    async def answer_model(self, scope: Scope, receive: Receive) -> Answer:
        """The answer to a language model's request, which waits for its turn as pages do and is not kept."""
        models = self._models
        if models is None:
            return Answer(404, gate.SECURITY)
        # what is slow to arrive takes nobody's turn
        asked = await gate.question_of(scope, receive)
        if isinstance(asked, Answer):
            return asked
        return await self._in_turn(lambda: models.answer(scope, asked)) or _BUSY

    async def _page(self, scope: Scope, prefix: str) -> Stored:
        return await self._in_turn(lambda: self._computed(scope, prefix)) or stored(_BUSY, _NOT_CACHED)

    async def _in_turn(self, compute: Callable[[], Awaitable[Result]]) -> Result | None:
        """What is computed when its turn comes; None where too many wait already."""
        if self._waiting >= _WAITING_MAX:
            return None
        self._waiting += 1
        try:
            async with self._turns:
                return await compute()
        finally:
            self._waiting -= 1

    async def _computed(self, scope: Scope, prefix: str) -> Stored:
        LANGUAGE.set(Language.ENGLISH if prefix else Language.CHINESE)
        answer = gate.sealed(await whole_answer(self._app, scope), prefix)
        answer.headers.append((b"content-language", LANGUAGE.get().value.encode()))
        answer.headers.append((b"baogong-release", self.release.id.encode()))
        return stored(answer, _CACHING if answer.status == 200 else _NOT_CACHED)

    async def close(self) -> None:
        """Let go of the file; nobody asks any more."""
        if self._models is not None:
            await self._models.close()
        close = getattr(self._datasette, "close", None)  # Datasette 1.0 does it all
        if close is not None:
            await asyncio.to_thread(close)
            return
        if self._datasette.executor is not None:
            self._datasette.executor.shutdown(wait=False)
        for database in self._datasette.databases.values():
            database.close()


def _models(datasette: Datasette) -> "Models":
    """Who answers language models; no process that does not answer them loads what that needs."""
    models: Models = import_module("publish.site.mcp").Models(datasette)
    return models


def _split_language(raw_path: bytes) -> tuple[str, bytes]:
    """Prefix of the language, and the path without it."""
    prefix = ENGLISH_PREFIX.encode()
    if raw_path == prefix or raw_path.startswith(prefix + b"/"):
        return ENGLISH_PREFIX, raw_path[len(prefix) :] or b"/"
    return "", raw_path


def _only_our_plugin() -> None:
    """Datasette takes in whatever plugin is installed beside it: what the site answers is all here."""
    for plugin, _ in pm.list_plugin_distinfo():
        if pm.is_registered(plugin):
            pm.unregister(plugin)
    if not pm.is_registered(PLUGIN):
        pm.register(PLUGIN)


def _datasette(folder: Path, release: Release, settings: SiteSettings) -> ReleaseDatasette:
    _only_our_plugin()
    national = folder / SQLITE_NAME
    files = [national, *(folder / province.sqlite for province in release.provinces)]
    indexed = indexed_columns(national)
    return ReleaseDatasette(
        Served(
            release, site_version(), folder, settings, indexed, tuple(each.code for each in release.provinces)
        ),
        immutables=[str(path) for path in files],
        inspect_data={path.stem: inspected(path) for path in files},
        metadata=site_metadata([path.stem for path in files], indexed),
        template_dir=str(_HERE / "templates"),
        static_mounts=[("static", str(_HERE / "static"))],
        settings=settings.datasette,
    )
