"""Readers on real files: every row is read, none is invented."""

from collections.abc import Mapping

import pytest

from connectors.manifest import Layout
from connectors.readers import open_table, original_row
from tests.lib.shared_data import shared_file


def layout(**headers: str) -> Layout:
    """A layout in which every column is required."""
    return Layout("real", {name: (header,) for name, header in headers.items()}, tuple(headers))


FILES = [
    ("nmpa_import_chemical.jsonl", layout(code="code", name="product_zh", brand="commodity_zh"), 2_872),
    ("nrdl_2024.csv", layout(part="part", number="no", name="name", form="dosage_form"), 3_826),
    ("hospitals_2020.csv", layout(province="province_code", name="name", address="address"), 2_083),
]


@pytest.mark.parametrize(("name", "columns", "expected"), FILES, ids=[name for name, *_ in FILES])
def test_every_row_is_read(name: str, columns: Layout, expected: int) -> None:
    """All rows of the file come back without a fault."""
    chunks = list(open_table(shared_file(name), [columns]).chunks(rows=1_000))
    assert (sum(chunk.frame.height for chunk in chunks), sum(len(chunk.faults) for chunk in chunks)) == (
        expected,
        0,
    )


@pytest.mark.parametrize(("name", "columns"), [file[:2] for file in FILES], ids=[name for name, *_ in FILES])
def test_original_row_holds_the_cells(name: str, columns: Layout) -> None:
    """The original text of the last row holds what the frame says of it."""
    path = shared_file(name)
    *_, last = open_table(path, [columns]).chunks()
    row: Mapping[str, object] = last.frame.row(-1, named=True)
    original = original_row(path, last.frame["row_number"][-1])
    assert [
        value for key, value in row.items() if key != "row_number" and value and str(value) not in original
    ] == []
