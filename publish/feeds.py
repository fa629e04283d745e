"""News of a release: changes that people who watch shortages want to hear of, as Atom and as JSON Feed.

A feed carries on that of the release before, so that who looks once a month misses nothing but the oldest.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as Xml

from publish.changes import Change, Pair, changes_of
from publish.identity import NAME, TITLE
from publish.layout import ATOM_NAME, JSON_FEED_NAME, LATEST, SQLITE_NAME
from publish.manifest import Release
from publish.reopen import open_sealed
from publish.site.codes import code_label
from publish.tables import public_tables
from schema.declare import Label
from schema.drug_lists import Direction

#: news that a feed keeps
_KEPT = 200
_ATOM = "http://www.w3.org/2005/Atom"
_JSON_FEED = "https://jsonfeed.org/version/1.1"
_TITLE = Label(f"{TITLE.zh}：短缺相关变化", f"{TITLE.en}: what changed")


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news."""

    id: str
    title: str
    text: str
    #: ISO, UTC: what the release that told it is about
    told_at: str
    #: where the site tells of it
    address: str


_CHANGES = {
    "added": Label("新增", "new"),
    "changed": Label("更新", "updated"),
    "removed": Label("撤下", "withdrawn"),
}


def news_of(pair: Pair) -> list[News]:
    """The news of the newer of two releases."""
    tables = {table.name: table for table in public_tables()}
    with open_sealed(pair.new_folder / SQLITE_NAME) as connection:
        return [
            tell(change, pair.new, connection)
            for name, tell in _TOLD.items()
            if name in tables
            for change in changes_of(pair, tables[name])
        ]


def carried_on(news: list[News], before: Path | None) -> list[News]:
    """These news, and behind them those that the feed of the release before has."""
    if before is None or not (before / JSON_FEED_NAME).exists():
        return news[:_KEPT]
    items = json.loads((before / JSON_FEED_NAME).read_text("utf-8"))["items"]
    old = [
        News(each["id"], each["title"], each["content_text"], each["date_published"], each["url"])
        for each in items
    ]
    return [*news, *old][:_KEPT]


def json_feed(news: Iterable[News]) -> dict[str, Any]:
    """The feed as JSON Feed 1.1."""
    return {
        "version": _JSON_FEED,
        "title": str(_TITLE),
        "language": "zh-CN",
        "feed_url": f"/{LATEST}/{JSON_FEED_NAME}",
        "home_page_url": "/",
        "items": [
            {
                "id": each.id,
                "url": each.address,
                "title": each.title,
                "content_text": each.text,
                "date_published": each.told_at,
            }
            for each in news
        ],
    }


def atom_feed(news: Iterable[News], release: Release) -> bytes:
    """The feed as Atom (RFC 4287)."""
    feed = Xml.Element("feed", {"xmlns": _ATOM, "xml:lang": "zh-CN"})
    _text(feed, "id", f"tag:{NAME},2026:feed")
    _text(feed, "title", str(_TITLE))
    _text(feed, "updated", release.data_as_of)
    _text(Xml.SubElement(feed, "author"), "name", str(TITLE))
    Xml.SubElement(feed, "link", {"rel": "self", "href": f"/{LATEST}/{ATOM_NAME}"})
    Xml.SubElement(feed, "link", {"href": "/"})
    for each in news:
        entry = Xml.SubElement(feed, "entry")
        _text(entry, "id", each.id)
        _text(entry, "title", each.title)
        _text(entry, "updated", each.told_at)
        Xml.SubElement(entry, "link", {"href": each.address})
        _text(entry, "summary", each.text)
    Xml.indent(feed)
    written: bytes = Xml.tostring(feed, "utf-8", xml_declaration=True)
    return written + b"\n"


def _text(parent: Xml.Element, tag: str, text: str) -> None:
    Xml.SubElement(parent, tag).text = text


def _supply_notice(change: Change, release: Release, connection: sqlite3.Connection) -> News:
    """A holder stops, pauses, shrinks or takes up the production of a medicine."""
    row = change.row
    found = connection.execute("SELECT name_zh FROM product WHERE id = ?", [row["product_id"]]).fetchone()
    name = found[0] if found else row["approval_number"]
    kind = code_label("notice_kind_code", row["notice_kind_code"]) or Label(row["notice_kind_code"], "")
    about = f"{name} {row['specification']} {row['approval_number']}"
    days = (
        ("stop_on", "停产", "stops"),
        ("expected_return_on", "预计恢复", "expected back"),
        ("resumed_on", "复产", "resumes"),
    )
    told = "；".join(f"{zh} {en} {row[column]}" for column, zh, en in days if row.get(column))
    return News(
        id=_id_of(change, release),
        title=f"{_CHANGES[change.kind]} {kind}：{about}",
        text=told or str(kind),
        told_at=release.data_as_of,
        address=f"/medicine/{quote(row['approval_number'], safe='')}",
    )


_DIRECTIONS = {
    Direction.IN: Label("调入", "comes onto"),
    Direction.OUT: Label("调出", "leaves"),
}


def _list_change(change: Change, release: Release, connection: sqlite3.Connection) -> News:
    """A medicine comes onto a list, or leaves it."""
    row = change.row
    found = connection.execute("SELECT name FROM drug_list WHERE id = ?", [row["list_id"]]).fetchone()
    name = found[0] if found else str(row["list_id"])
    words = (row["name_zh"], row["dosage_form"], row["strength_text"], row["approval_number"])
    direction = _DIRECTIONS[Direction(row["direction_code"])]
    about = " ".join(word for word in words if word)
    return News(
        id=_id_of(change, release),
        title=f"{_CHANGES[change.kind]} {direction}：{about}，{name}",
        text=f"生效 effective {row['effective_on']}；{row['reason_text'] or row['reason_code']}",
        told_at=release.data_as_of,
        address=f"/list/{row['list_id']}",
    )


def _id_of(change: Change, release: Release) -> str:
    return f"tag:{NAME},2026:{release.id}/{change.table}/{change.row['id']}/{change.kind}"


#: tables whose changes are news → how one is told
_TOLD: dict[str, Callable[[Change, Release, sqlite3.Connection], News]] = {
    "list_change": _list_change,
    "supply_notice": _supply_notice,
}
