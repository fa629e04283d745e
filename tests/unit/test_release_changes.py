"""What changed between two releases: by row, in files, and as news."""

import asyncio
import csv
import gzip
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from publish.changes import Pair, changes_of
from publish.layout import SQLITE_NAME
from publish.manifest import Release
from publish.tables import public_tables
from schema.entities import DrugList, DrugListEntry, DrugListVersion, ListChange, ListMatch
from tests.lib.site import ASPIRIN, MANY, METFORMIN, Store, build_sample, product_id, sample_store

TABLES = {table.name: table for table in public_tables()}
_ATOM = "{http://www.w3.org/2005/Atom}"
STOPPED, RESUMED = "2026-10-08", "2026-11-19"


def changed_store() -> Store:
    """The sample store some days later: production resumes, one store closes, one item is sold out."""
    store = sample_store()
    store.change("supply_notice", "resumed_on = '2026-11-19', notice_kind_code = 'resume'", "1 = 1")
    store.change(
        "on_sale", "availability_code = 'out_of_stock'", "row_number = 2 AND availability_code = 'unknown'"
    )
    store.change("pharmacy", "valid_to = '2026-11-20T02:00:00+00:00'", "store_code = 'A007'")
    return store


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Both releases."""
    folder = tmp_path_factory.mktemp("releases")
    old, new = (asyncio.run(build_sample(folder, store)) for store in (sample_store(), changed_store()))
    return Pair(old, folder / old.id, new, folder / new.id)


def kinds(pair: Pair, table: str) -> list[str]:
    """The changes of a table, by kind."""
    return [each.kind for each in changes_of(pair, TABLES[table])]


def turned(pair: Pair) -> Pair:
    """The same two releases the other way round."""
    return Pair(pair.new, pair.new_folder, pair.old, pair.old_folder)


def test_rows_are_added_removed_and_changed(pair: Pair) -> None:
    """By the key of their table, of the provinces' files too; what is the same is not told."""
    assert ["removed"] == kinds(pair, "pharmacy")
    assert ["added"] == kinds(turned(pair), "pharmacy")
    assert ["changed", "removed"] == sorted(kinds(pair, "on_sale"))
    assert [] == kinds(pair, "product")
    notice = next(
        each for each in changes_of(pair, TABLES["supply_notice"]) if each.row["stop_on"] == STOPPED
    )
    assert notice.before is not None
    assert notice.after is not None
    differing = {name for name in notice.row if notice.before[name] != notice.after[name]}
    assert {"resumed_on", "notice_kind_code"} == differing


def test_the_files_say_the_same(pair: Pair) -> None:
    """JSON lines with before and after, CSV with the kind of change first; no file where nothing changed."""
    folder = pair.new_folder / "changes"
    lines = [
        json.loads(line)
        for line in gzip.decompress((folder / "on_sale.jsonl.gz").read_bytes()).decode().splitlines()
    ]
    found = {each["change"]: each for each in lines}
    assert ("unknown", "out_of_stock") == (
        found["changed"]["before"]["availability_code"],
        found["changed"]["after"]["availability_code"],
    )
    assert found["removed"]["after"] is None
    assert {"pharmacy_id", "item_id"} == set(found["removed"]["key"])
    text = gzip.decompress((folder / "pharmacy.csv.gz").read_bytes()).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    assert ["change", *(column.name for column in TABLES["pharmacy"].columns)] == header
    assert "removed" == row[0]
    assert {"on_sale", "pharmacy", "stock_take", "supply_notice"} == {
        path.name.partition(".")[0] for path in folder.iterdir()
    }
    assert [] == list(pair.old_folder.glob("changes"))
    assert ("pharmacy", 0, 1, 0) in [
        (each.table, each.added, each.removed, each.changed) for each in pair.new.changes
    ]


def test_news_tell_of_notices_in_words(pair: Pair) -> None:
    """Atom and JSON Feed have the same: the medicine, what happened, its days, where to read on."""
    feed = json.loads((pair.new_folder / "feed.json").read_text("utf-8"))
    item = next(each for each in feed["items"] if METFORMIN in each["title"])
    assert "盐酸二甲双胍片" in item["title"]
    assert "复产" in item["title"]
    assert RESUMED in item["content_text"]
    assert item["url"].startswith("/medicine/")
    atom = Xml.fromstring((pair.new_folder / "feed.atom").read_bytes())  # noqa: S314
    assert [item["id"] for item in feed["items"]] == [
        each.findtext(f"{_ATOM}id") for each in atom.iter(f"{_ATOM}entry")
    ]


def test_a_feed_carries_on_that_of_the_release_before(pair: Pair) -> None:
    """The newest first; who looks once a month misses nothing."""
    store = changed_store()
    store.forget("supply_notice")
    newest: Release = asyncio.run(build_sample(pair.new_folder.parent, store))
    items = json.loads((pair.new_folder.parent / newest.id / "feed.json").read_text("utf-8"))["items"]
    kinds_of_news = [each["title"][:2] for each in items]
    assert ["撤下", "更新"] == list(dict.fromkeys(kinds_of_news))
    assert len(items) == len({each["id"] for each in items})


def test_a_release_lists_those_before_it(pair: Pair) -> None:
    """Itself first."""
    known = json.loads((pair.new_folder / "releases.json").read_text("utf-8"))
    assert [pair.new.id, pair.old.id] == [each["id"] for each in known]


def without_lists() -> Store:
    """The sample store before anybody made a list."""
    store = sample_store()
    for entity in (DrugList, DrugListVersion, DrugListEntry, ListChange, ListMatch):
        store.forget(str(entity.__tablename__))
    return store


def with_list(store: Store) -> Store:
    """The store with a list that means aspirin, and says why."""
    about = {"scope_level_code": "substance", "name_zh": "阿司匹林", "list_id": 1}
    store.add(
        DrugList, id=1, sender_code="demo-nhc", name="演示短缺药品清单", region_code="000000", level_code="country",
        version_id=1, kind_code="shortage",
    )  # fmt: skip
    store.add(
        DrugListVersion,
        id=1,
        list_id=1,
        effective_on="2026-11-01",
        document_title="演示文件",
        document_number="〔2026〕1号",
    )
    store.add(DrugListEntry, id=1, reason_code="short_of_supply", **about)
    store.add(
        ListChange, id=1, version_id=1, entry_id=1, effective_on="2026-11-01", direction_code="in",
        reason_code="short_of_supply", **about,
    )  # fmt: skip
    store.add(
        ListMatch, id=1, entry_id=1, product_id=product_id(ASPIRIN), approval_number=ASPIRIN, method_code="name",
        evidence="演示",
    )  # fmt: skip
    return store


def test_with_a_list_the_national_file_has_its_medicines_only(tmp_path: Path) -> None:
    """And the provinces' files everything; what came onto the list is news."""
    whole = asyncio.run(build_sample(tmp_path, without_lists()))
    listed = asyncio.run(build_sample(tmp_path, with_list(without_lists())))
    rows = sum(each.rows for each in listed.provinces)
    assert whole.row_counts["on_sale"] == listed.row_counts["on_sale"]
    assert rows == listed.row_counts["on_sale"] + listed.row_counts["institution_medicine"]
    assert whole.row_counts["on_sale"] == _national(tmp_path / whole.id)
    assert MANY == _national(tmp_path / listed.id)
    items = json.loads((tmp_path / listed.id / "feed.json").read_text("utf-8"))["items"]
    assert ["新增 new 调入 comes onto：阿司匹林，演示短缺药品清单"] == [each["title"] for each in items]


def _national(folder: Path) -> int:
    """Rows on sale in the national file."""
    with closing(sqlite3.connect(f"file:{folder / SQLITE_NAME}?immutable=1", uri=True)) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM on_sale").fetchone()
    return int(rows)
