"""Pull by HTTPS: a listing page by page, resumed where it broke off, handed over whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import httpx

from connectors.transports.failures import PassingError, PullError, TornPullError
from connectors.transports.fetched import Fetched
from connectors.transports.http_answers import open_answer, read_answer
from connectors.transports.oauth import Credentials, TokenKeeper
from connectors.transports.pages import Page, Tally, parameters, parse_page
from connectors.transports.sources import HttpsSource, is_loopback
from connectors.transports.spool import MemorySpool, Run, open_spool
from connectors.transports.watermark import Watermark
from schema.declare import Label

_MOST_PAGE_BYTES = 1 << 26


async def fetch_listing(
    source: HttpsSource, secret: str | None, folder: Path, now: datetime, *, in_memory: bool = False
) -> AsyncIterator[Fetched]:
    """The source's listing as one file of JSON lines, in the source's order: all of it, or what changed of late.

    Pages are spooled in `folder` or, where persons may be in them, `in_memory`.
    Raises PullError: a run that broke off stays there for the next pull to go on
    with; one whose pages do not fit together is thrown away.
    """
    watermark = Watermark(source, folder)
    since = watermark.asked()
    asked = "\n".join((source.asked, *since.values()))
    longest = timedelta(hours=source.resume_hours)
    spool = MemorySpool(now) if in_memory else open_spool(folder, asked, now, longest)
    async with _client(source) as http:
        keeper = TokenKeeper(http, _credentials(source, secret)) if secret is not None else None
        listing = _Listing(source, http, keeper, spool, since)
        try:
            counted = await listing.gather()
        except TornPullError:
            spool.discard()
            raise

    def taken() -> None:
        watermark.move(spool.started_at)
        spool.discard()

    if source.since_parameter is not None and not any(_records(source, spool, counted)):
        taken()  # nothing has changed: no news, and no empty file
        return
    path = await asyncio.to_thread(spool.write_records, _records(source, spool, counted))
    name = f"{source.code}-{spool.started_at:%Y%m%dT%H%M%SZ}.jsonl"
    yield Fetched(path, name, spool.started_at, taken)


class _Listing:
    """One run through a source's pages."""

    def __init__(
        self,
        source: HttpsSource,
        http: httpx.AsyncClient,
        keeper: TokenKeeper | None,
        spool: Run,
        since: dict[str, str],
    ) -> None:
        self._source = source
        self._http = http
        self._keeper = keeper
        self._spool = spool
        self._since = since
        self._pace = _Pace(1 / source.requests_per_second)

    async def gather(self) -> list[int]:
        """Bring every page into the spool; the numbers of those that count."""
        tally, counted, cursor = Tally(), [], None
        for number in count(1):
            page = await self._page(number, cursor, tally)
            self._check_size(number)
            if tally.add(number, page):
                counted.append(number)
            if tally.is_over(self._source.pages, page):
                tally.check(number)
                break
            cursor = page.next_cursor
        return counted

    def _check_size(self, number: int) -> None:
        """Raise TornPullError where the listing goes on and on: it would fill the disk."""
        source = self._source
        if number > source.max_pages or self._spool.byte_count > source.max_bytes:
            raise TornPullError(
                "pull.too_large",
                Label(
                    f"列表没完没了：已超过 {source.max_pages} 页或 {source.max_bytes} 字节，未入库",
                    f"the listing does not end: more than {source.max_pages} pages or {source.max_bytes} bytes;"
                    " nothing is taken in",
                ),
            )

    async def _page(self, number: int, cursor: str | None, tally: Tally) -> Page:
        """A page from the spool, or from the source: one that looks odd is asked for twice before it is believed."""
        kept = self._spool.page(number)
        if kept is not None:
            return _parse(self._source, kept)
        asked = self._since | parameters(self._source.pages, number, cursor, self._source.page_size)
        body, page = await self._source.patience.patiently(self._ask, asked)
        if tally.doubt(number, page):
            body, page = await self._source.patience.patiently(self._ask, asked)
        await asyncio.to_thread(self._spool.keep, number, body)
        return page

    async def _ask(self, asked: dict[str, str]) -> tuple[bytes, Page]:
        await self._pace.wait()
        headers = {"Accept": "application/json"}
        if self._keeper is not None:
            headers |= await self._keeper.headers()
        address = httpx.URL(self._source.address).copy_merge_params(asked)
        async with open_answer(self._http, "GET", str(address), headers=headers) as answer:
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                raise self._refused()
            body = await read_answer(answer, _MOST_PAGE_BYTES, self._source.patience.longest_wait_seconds)
        if self._keeper is not None:
            self._keeper.worked()
        return body, _parse(self._source, body)

    def _refused(self) -> PullError:
        """A token that worked before has expired midway; one that never worked is not wanted at all."""
        if self._keeper is not None and self._keeper.refused():
            return PassingError(
                "pull.unauthorized", Label("令牌中途失效，重新申请", "the token expired midway"), 0.0
            )
        return PullError(
            "pull.unauthorized",
            Label("来源拒绝访问（401）：请核对凭据", "the source refuses us (401): check the credentials"),
        )


class _Pace:
    """Keeps requests apart."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0

    async def wait(self) -> None:
        """Wait for the next slot."""
        now = asyncio.get_running_loop().time()
        slot = max(now, self._next)
        self._next = slot + self._seconds
        await asyncio.sleep(slot - now)


@asynccontextmanager
async def _client(source: HttpsSource) -> AsyncIterator[httpx.AsyncClient]:
    # redirects are not followed: a token must not travel to another host
    async with httpx.AsyncClient(
        timeout=source.patience.timeout_seconds,
        trust_env=not is_loopback(source.address),
        follow_redirects=False,
    ) as http:
        yield http


def _credentials(source: HttpsSource, secret: str) -> Credentials:
    return Credentials(source.token_address or "", source.client_id or "", secret, source.scope)


def _parse(source: HttpsSource, body: bytes) -> Page:
    return parse_page(source.pages, body, source.wrappers)


def _records(source: HttpsSource, spool: Run, counted: list[int]) -> Iterator[str]:
    for number in counted:
        body = spool.page(number)
        if body is not None:
            yield from _parse(source, body).records
