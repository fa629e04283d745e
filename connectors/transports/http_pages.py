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
from connectors.transports.pages import Page, PageStyle, Tally, parameters, parse_page
from connectors.transports.sources import HttpsSource, is_loopback
from connectors.transports.spool import MemorySpool, Run, open_spool
from schema.declare import Label

_MOST_PAGE_BYTES = 1 << 26


async def fetch_listing(
    source: HttpsSource, secret: str | None, folder: Path, now: datetime, *, in_memory: bool = False
) -> AsyncIterator[Fetched]:
    """The source's whole listing as one file of JSON lines, in the source's order.

    Pages are spooled in `folder` or, where persons may be in them, `in_memory`.
    Raises PullError: a run that broke off stays there for the next pull to go on
    with; one whose pages do not fit together is thrown away.
    """
    longest = timedelta(hours=source.resume_hours)
    spool = MemorySpool(now) if in_memory else open_spool(folder, source.asked, now, longest)
    async with _client(source) as http:
        keeper = TokenKeeper(http, _credentials(source, secret)) if secret is not None else None
        listing = _Listing(source, http, keeper, spool)
        try:
            counted = await listing.gather()
        except TornPullError:
            spool.discard()
            raise
    path = await asyncio.to_thread(spool.write_records, _records(source.pages, spool, counted))
    name = f"{source.code}-{spool.started_at:%Y%m%dT%H%M%SZ}.jsonl"
    yield Fetched(path, name, spool.started_at, spool.discard)


class _Listing:
    """One run through a source's pages."""

    def __init__(
        self, source: HttpsSource, http: httpx.AsyncClient, keeper: TokenKeeper | None, spool: Run
    ) -> None:
        self._source = source
        self._http = http
        self._keeper = keeper
        self._spool = spool
        self._pace = _Pace(1 / source.requests_per_second)

    async def gather(self) -> list[int]:
        """Bring every page into the spool; the numbers of those that count."""
        tally, counted, cursor = Tally(), [], None
        for number in count(1):
            page = await self._page(number, cursor, tally)
            if tally.add(number, page):
                counted.append(number)
            if tally.is_over(self._source.pages, page):
                tally.check(number)
                break
            cursor = page.next_cursor
        return counted

    async def _page(self, number: int, cursor: str | None, tally: Tally) -> Page:
        """A page from the spool, or from the source: one that looks odd is asked for twice before it is believed."""
        kept = self._spool.page(number)
        if kept is not None:
            return parse_page(self._source.pages, kept)
        asked = parameters(self._source.pages, number, cursor, self._source.page_size)
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
        return body, parse_page(self._source.pages, body)

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


def _records(style: PageStyle, spool: Run, counted: list[int]) -> Iterator[str]:
    for number in counted:
        body = spool.page(number)
        if body is not None:
            yield from parse_page(style, body).records
