"""The sample lists of medicines: always the same bytes, plainly a demonstration, and broken only where it is said."""

import csv
import io
import json
import re

import pytest
from python_calamine import CalamineWorkbook

from connectors.manifest import load_manifest
from connectors.sandbox.drug_list_samples import drug_list_files
from connectors.sandbox.samples import CONNECTORS

FILES = drug_list_files()
FAULTY = "drug_lists/samples/demo-gd/shortage_2024_09.csv"
RESERVES = "reserve_lists/samples/demo-gd-reserve/reserve_2025.csv"
#: files in GB18030
GB = (FAULTY, RESERVES, "drug_lists/samples/demo-gd/shortage_2025_03.csv")


def rows_of(path: str) -> list[list[str]]:
    """Every row of a table as text; row n of the file is at n - 1."""
    if path.endswith(".xlsx"):
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(FILES[path])).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()]
    text = FILES[path].decode("gb18030" if path in GB else "utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def headers_of(path: str) -> list[str]:
    """The header of a table; the keys of a document's first medicine with those around it."""
    if path.endswith(".json"):
        whole = json.loads(FILES[path])
        return [key for key in whole if key != "drugList"] + [*whole["drugList"][0]]
    return next(row for row in rows_of(path) if len([cell for cell in row if cell]) > 5)


@pytest.mark.parametrize("path", FILES)
def test_regenerating_gives_the_committed_bytes(path: str) -> None:
    """A sample is never edited by hand."""
    assert FILES[path] == (CONNECTORS / path).read_bytes()


@pytest.mark.parametrize("path", FILES)
def test_every_file_says_demonstration_data(path: str) -> None:
    """Whoever opens a file sees it first; a list's name says so wherever it is shown."""
    if path.endswith(".json"):
        whole = json.loads(FILES[path])
        assert whole["note"].startswith("演示数据")
        assert whole["listName"].startswith("演示数据")
        assert whole["documentTitle"].startswith("演示")
        return
    rows = rows_of(path)
    assert rows[0][0].startswith("演示数据")
    header = next(place for place, row in enumerate(rows) if row == headers_of(path))
    for column in ("清单名称", "目录名称", "文件名称"):
        if column in rows[header]:
            place = rows[header].index(column)
            assert all(row[place].startswith("演示") for row in rows[header + 1 :])


@pytest.mark.parametrize("path", FILES)
def test_headers_are_known_to_the_manifest(path: str) -> None:
    """Nothing of a sample is left over."""
    layouts = load_manifest(f"connectors.{path.split('/')[0]}").layouts
    known = [{name for names in layout.headers.values() for name in names} for layout in layouts]
    assert any(set(headers_of(path)) - {"序号", "备注"} <= names for names in known)


@pytest.mark.parametrize("cell", ["领导要求", "2024-09-31", "国药准字H1202902"])
def test_the_page_of_the_feed_names_the_planted_faults(cell: str) -> None:
    """Its README says in which row."""
    [row] = [number for number, cells in enumerate(rows_of(FAULTY), start=1) if cell in cells]
    page = (CONNECTORS / "drug_lists" / "README.md").read_text("utf-8")
    assert re.search(rf"row {row}\b[^,;]*{cell}", page)


def test_there_are_lists_of_all_levels_and_versions_to_compare() -> None:
    """Country, province and city, each in two versions or more, with entries of all four levels."""
    senders = [path.split("/")[2] for path in FILES if "shortage" in path]
    assert {"demo-nhc": 2, "demo-gd": 3, "demo-gz": 2} == {each: senders.count(each) for each in senders}
