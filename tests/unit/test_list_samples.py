"""The sample lists: always the same bytes, plainly a demonstration, and broken only where it is said."""

import csv
import io
import re

import pytest

from connectors.manifest import load_manifest
from connectors.sandbox.lists import list_files
from connectors.sandbox.samples import CONNECTORS

ESSENTIAL = "essential_medicines/samples/essential_medicines.csv"
INSURANCE = "insurance_list/samples/insurance_list.csv"
SUBSTANCES = "registration/samples/substances.csv"
#: file → feed, layout, encoding
LAYOUTS = {
    ESSENTIAL: ("essential_medicines", "essential_medicines", "gb18030"),
    INSURANCE: ("insurance_list", "insurance_entries", "utf-8-sig"),
    SUBSTANCES: ("registration", "substances", "gb18030"),
}
FILES = list_files()


def rows_of(path: str) -> list[list[str]]:
    """Every row of a sample; row n of the file is at n - 1."""
    text = FILES[path].decode(LAYOUTS[path][2])
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("path", FILES)
def test_regenerating_gives_the_committed_bytes(path: str) -> None:
    """A sample is never edited by hand."""
    assert FILES[path] == (CONNECTORS / path).read_bytes()


@pytest.mark.parametrize("path", LAYOUTS)
def test_the_title_says_demonstration_data(path: str) -> None:
    """Whoever opens a file sees it above the header."""
    assert rows_of(path)[0][0].startswith("演示数据")


@pytest.mark.parametrize("path", LAYOUTS)
def test_headers_are_of_the_layout_of_the_manifest(path: str) -> None:
    """Each is known to the manifest, and each field of the layout is there."""
    feed, code, _ = LAYOUTS[path]
    layout = next(each for each in load_manifest(f"connectors.{feed}").layouts if each.code == code)
    field_of = {header: field for field, headers in layout.headers.items() for header in headers}
    assert sorted(layout.headers) == sorted(field_of[header] for header in rows_of(path)[1])


@pytest.mark.parametrize("path", [ESSENTIAL, INSURANCE])
def test_a_sample_of_a_list_is_long_enough_to_be_one(path: str) -> None:
    """The guard of the feed would hold a shorter one."""
    least = load_manifest(f"connectors.{LAYOUTS[path][0]}").guards.min_rows
    assert len(rows_of(path)) - 2 >= least


def test_companies_are_plainly_invented() -> None:
    """Every company carries 演示, every serial is from 9 up."""
    rows = rows_of(SUBSTANCES)[2:]
    assert [] == [row[2] for row in rows if "演示" not in row[2]]
    assert {"9"} == {row[0][5] for row in rows}


@pytest.mark.parametrize(
    ("feed", "path", "cell"),
    [("insurance_list", INSURANCE, "面议"), ("registration", SUBSTANCES, "待定")],
)
def test_the_page_of_a_feed_names_the_planted_fault(feed: str, path: str, cell: str) -> None:
    """Its README says in which row."""
    [row] = [number for number, cells in enumerate(rows_of(path), start=1) if cell in cells]
    page = (CONNECTORS / feed / "README.md").read_text("utf-8")
    assert re.search(rf"row {row}\b.*{cell}", page)
