"""Small parts of a release: addresses, gzip files, pieces of one size, bounds, values in spreadsheets."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish import layout
from publish.bounds import is_within
from publish.data import even
from publish.forms import as_texts, for_spreadsheets, marked, whole_seconds
from publish.gzipped import GzipFiles
from publish.layout import Address
from publish.parts import province_condition
from publish.tables import public_tables

ID = "20261120-29148c91"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"/releases/{ID}/csv/zh/on_sale/44.csv.gz", Address(ID, "csv/zh/on_sale/44.csv.gz")),
        ("/latest/manifest.json", Address(None, "manifest.json")),
        (f"/releases/{ID}/", None),
        ("/releases/failed/manifest.json", None),
        (f"/releases/{ID}/../failed/x", None),
        ("/latest/a%2e%2e/b", None),
        (f"/releases/{ID.upper()}x/manifest.json", None),
    ],
)
def test_an_address_names_a_release_and_a_file(address: str, expected: Address | None) -> None:
    """And nothing else: no way up, no release that failed."""
    assert expected == layout.read_address(address)
    if expected:
        assert address == layout.address_of(expected.release_id, expected.path)


def test_every_kind_of_file_has_a_content_type() -> None:
    """Packed files stay packed on the way; the feed has a type of its own."""
    assert "application/gzip" == layout.media_type(layout.csv("product", "zh"))
    assert "application/feed+json" == layout.media_type("feed.json")
    assert "application/vnd.apache.parquet" == layout.media_type(layout.parquet("on_sale", "44"))
    assert "csv/en/on_sale/44-2.csv.gz" == layout.csv("on_sale", "en", "44", 2)


@given(st.lists(st.binary(max_size=200), max_size=6), st.binary(max_size=40), st.binary(max_size=40))
def test_gzip_files_share_a_body_and_are_one_member_each(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], first: bytes, second: bytes
) -> None:
    """Unpacked they are head and body; readers that stop at the first member read everything."""
    folder = tmp_path_factory.mktemp("gzip")
    files = GzipFiles({folder / "a": first, folder / "b": second})
    for piece in pieces:
        files.write(piece)
    files.close()
    for name, head in (("a", first), ("b", second)):
        packed = (folder / name).read_bytes()
        assert head + b"".join(pieces) == gzip.decompress(packed)
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        assert head + b"".join(pieces) == reader.decompress(packed)
        assert reader.eof
        assert b"" == reader.unused_data


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 7))
def test_rows_come_in_pieces_of_one_size(sizes: list[int], size: int) -> None:
    """However they arrive: all of them, in their order, all pieces but the last one full."""
    rows = list(range(sum(sizes)))

    async def arriving() -> AsyncIterator[pa.RecordBatch]:
        done = 0
        for each in sizes:
            yield pa.RecordBatch.from_pydict({"n": pa.array(rows[done : done + each], pa.int64())})
            done += each

    async def pieces() -> list[list[int]]:
        return [batch.column(0).to_pylist() async for batch in even(arriving(), size)]

    found = asyncio.run(pieces())
    assert rows == [row for piece in found for row in piece]
    assert all(size == len(piece) for piece in found[:-1])


@pytest.mark.parametrize(
    ("table", "before", "now", "within"),
    [
        ("product", 20_000, 18_000, False),
        ("product", 20_000, 19_500, True),
        ("on_sale", 1_000, 0, False),
        ("on_sale", 40, 0, True),
        ("on_sale", 0, 5_000_000, True),
        ("on_sale", 1_000, 2_500, False),
        ("batch", 100, 99, True),
        ("batch", 1_000, 900, False),
    ],
)
def test_a_table_may_change_within_its_bounds(table: str, before: int, now: int, within: bool) -> None:
    """Few rows may come and go; an empty list where there were hundreds is no good news."""
    assert within == is_within(table, before, now)


def test_a_spreadsheet_runs_no_cell() -> None:
    """What begins like a formula is marked as a text; numbers and other texts stay."""
    batch = pa.RecordBatch.from_pydict(
        {"t": ["=1+1", "@a", "-5", "普通", None, "a=b"], "n": [-1, 2, 3, 4, 5, 6]}
    )
    texts = for_spreadsheets(batch)
    assert ["'=1+1", "'@a", "'-5", "普通", None, "a=b"] == texts.column("t").to_pylist()
    assert batch.column("n") == texts.column("n")
    assert ["'=x", "x", None, 3] == [marked(each) for each in ("=x", "x", None, 3)]


def test_instants_have_whole_seconds_and_days_are_iso() -> None:
    """Cut, not rounded; empty stays empty."""
    schema = pa.schema([("at", pa.timestamp("ms", "UTC")), ("on", pa.date32())])
    batch = pa.RecordBatch.from_pylist([{"at": 1_700_000_000_999, "on": 0}, {"at": None, "on": None}], schema)
    texts = as_texts(whole_seconds(batch))
    assert ["2023-11-14T22:13:20Z", None] == texts.column("at").to_pylist()
    assert ["1970-01-01", None] == texts.column("on").to_pylist()


def test_a_province_is_two_digits() -> None:
    """It stands in a statement, so nothing else may."""
    assert "province_code = '44'" == province_condition("44")
    with pytest.raises(ValueError, match="no province"):
        province_condition("4'")


def test_headers_tell_columns_apart() -> None:
    """In Chinese too, where two columns may have one label."""
    for table in public_tables():
        for language in layout.Languages.ALL:
            headers = table.headers(language)
            assert len(table.columns) == len(set(headers))


def test_paths_of_tables_do_not_meet() -> None:
    """No table's file lies where another's does."""
    paths = [layout.parquet(table.name) for table in public_tables()]
    assert len(paths) == len(set(map(Path, paths)))
