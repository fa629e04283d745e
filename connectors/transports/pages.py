"""Pages of a listing: how each style asks for one and what it answers, and whether all pages together are whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from connectors.transports.failures import PassingError, TornPullError
from connectors.transports.json_text import elements, members
from schema.declare import Label

#: a source that repeats itself more often than this is not listing anything
_MOST_REPEATS = 5


class PageStyle(StrEnum):
    """How a source pages its listing."""

    #: ask `current`, `size`; answers `records` (rows), `total` (of rows), `current`. MyBatis-Plus; Guangdong
    CURRENT_SIZE = "current_size"
    #: ask `page`, `rows`; answers `rows`, `records` (how many there are in all), `page`. jqGrid; Guangzhou
    JQGRID = "jqgrid"
    #: ask `cursor`, `size`; answers `records`, `next_cursor` (null on the last page) and perhaps `total`
    CURSOR = "cursor"


#: style → what it calls the page asked for, its size, the rows, their number in all
_WORDS = {
    PageStyle.CURRENT_SIZE: ("current", "size", "records", "total"),
    PageStyle.JQGRID: ("page", "rows", "rows", "records"),
    PageStyle.CURSOR: ("cursor", "size", "records", "total"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a source answered to one request."""

    #: each record's JSON as the source wrote it, on one line
    records: tuple[str, ...]
    #: how many records there are on all pages; None where the source does not say
    total: int | None
    #: which page the source says this is
    number: int | None
    next_cursor: str | None

    @property
    def digest(self) -> bytes:
        """What two pages have in common that are one and the same."""
        return sha256("\n".join(self.records).encode()).digest()


def parameters(style: PageStyle, number: int, cursor: str | None, size: int) -> dict[str, str]:
    """What to ask for a page; `cursor` is that of the page before, None for the first."""
    page, rows, _, _ = _WORDS[style]
    asked = {rows: str(size)}
    if style is not PageStyle.CURSOR:
        return {page: str(number), **asked}
    return asked if cursor is None else {page: cursor, **asked}


def parse_page(style: PageStyle, body: bytes, wrappers: tuple[str, ...] = ()) -> Page:
    """Read an answer, whose page stands behind the keys `wrappers`.

    PassingError where it is no page: often a gateway's message in place of the source's.
    """
    page, _, rows, total = _WORDS[style]
    try:
        found = members(body.decode("utf-8-sig"))
        for wrapper in wrappers:
            found = members(found[wrapper])
        records = tuple(elements(found[rows]))
        is_cursor = style is PageStyle.CURSOR
        return Page(
            records,
            total=_number(found, total, optional=is_cursor),
            number=None if is_cursor else _number(found, page, optional=True),
            next_cursor=_text(found, "next_cursor") if is_cursor else None,
        )
    except (ValueError, KeyError, RecursionError) as error:
        raise PassingError(
            "pull.page",
            Label(
                f"答复不是 {style} 样式的一页 JSON（{error}）。请核对 address 与 pages。",
                f"the answer is no page of JSON in the style {style} ({error}); check `address` and `pages`",
            ),
        ) from error


@dataclass
class Tally:
    """Adds pages up: sees those that are there twice, and says whether the whole is whole."""

    total: int | None = None
    count: int = 0
    repeats: int = 0
    _digests: set[bytes] = field(default_factory=set)
    _cursors: set[str] = field(default_factory=set)

    def doubt(self, asked: int, page: Page) -> bool:
        """Whether a page is worth asking for once more before it is believed."""
        is_other = page.number is not None and page.number != asked
        is_early_end = not page.records and self.total is not None and self.count < self.total
        return is_other or is_early_end or self._is_repeat(page) or page.next_cursor in self._cursors

    def add(self, asked: int, page: Page) -> bool:
        """Count a page; False: its records are counted already. Raises TornPullError where it cannot belong."""
        if asked > 1 and page.total != self.total:
            raise _torn("pull.changed", asked, f"{self.total} → {page.total}")
        self.total = page.total
        if self._is_repeat(page):
            self.repeats += 1
            if self.repeats > _MOST_REPEATS or page.next_cursor in self._cursors:
                raise _torn("pull.repeats", asked, str(self.repeats))
            return False
        if page.number is not None and page.number != asked:
            raise _torn("pull.wrong_page", asked, str(page.number))
        if page.next_cursor in self._cursors:
            raise _torn("pull.cursor_loop", asked, str(len(self._cursors)))
        if page.next_cursor is not None:
            self._cursors.add(page.next_cursor)
        self._digests.add(page.digest)
        self.count += len(page.records)
        return True

    def is_over(self, style: PageStyle, page: Page) -> bool:
        """Whether there is nothing to ask after this page."""
        if style is PageStyle.CURSOR:
            return page.next_cursor is None
        return not page.records or self.count >= (self.total or 0)

    def check(self, asked: int) -> None:
        """Raise TornPullError unless there are as many records as the source said."""
        if self.total is not None and self.count != self.total:
            raise _torn("pull.incomplete", asked, f"{self.count} / {self.total}")

    def _is_repeat(self, page: Page) -> bool:
        return bool(page.records) and page.digest in self._digests


_TORN = {
    "pull.changed": Label(
        "取数途中列表变了：第 {page} 页所报总数 {found}；未入库，请重取",
        "the list changed while it was read: total on page {page} {found}; nothing is taken in, pull again",
    ),
    "pull.repeats": Label(
        "到第 {page} 页，来源一再给出同一页（{found} 次）；未入库",
        "by page {page} the source had given a page again and again ({found} times); nothing is taken in",
    ),
    "pull.cursor_loop": Label(
        "第 {page} 页的游标指回已取过的页（已见 {found} 个游标），没有尽头；未入库",
        "the cursor of page {page} leads back to a page that was read (one of {found} cursors): there is no end;"
        " nothing is taken in",
    ),
    "pull.wrong_page": Label(
        "要的是第 {page} 页，两次得到的都是第 {found} 页；未入库",
        "asked for page {page} and got page {found}, twice; nothing is taken in",
    ),
    "pull.incomplete": Label(
        "取到第 {page} 页，条数与来源所报总数不符（{found}），有缺页；未入库，请重取",
        "by page {page} the records are not as many as the source said ({found}): a page is missing; nothing is"
        " taken in, pull again",
    ),
}


def _torn(code: str, asked: int, found: str) -> TornPullError:
    zh, en = (text.format(page=asked, found=found) for text in (_TORN[code].zh, _TORN[code].en))
    return TornPullError(code, Label(zh, en))


def _number(found: Mapping[str, str], key: str, *, optional: bool) -> int | None:
    """A count; sources write it as a number or as text."""
    value = json.loads(found.get(key, "null") if optional else found[key])
    if value is None and optional:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str) or int(value) < 0:
        raise ValueError(f"{key} is no count")
    return int(value)


def _text(found: Mapping[str, str], key: str) -> str | None:
    value = json.loads(found.get(key, "null"))
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} is no text")
    return value or None
