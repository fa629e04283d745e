"""Cells: blanks and marks for nothing become null, everything else stays as it is."""

import polars as pl
import pytest

from connectors.readers.cells import NOTHING, first_cell, is_total, is_total_text, tidy


@pytest.mark.parametrize("mark", NOTHING)
def test_marks_for_nothing_become_null(mark: str) -> None:
    """Each mark of the field, with blanks around it, says nothing."""
    assert tidy(pl.Series([f" {mark}\u3000"])).item() is None


@pytest.mark.parametrize("text", ["#N/A", "0", "无糖型", "-5", "０．２５ｇ", "a  b"])
def test_other_text_stays(text: str) -> None:
    """What only resembles a mark, and text of full width, is kept as received."""
    assert tidy(pl.Series([f"\ufeff{text}\xa0"])).item() == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合计", True),
        ("合　计：", True),
        ("本页小计", True),
        ("总计:1,234.5条", True),
        ("合计堂大药房", False),
        ("1", False),
    ],
)
def test_totals_are_told_alike_by_frame_and_by_row(text: str, expected: bool) -> None:
    """Rows that sum up others are recognised, places that merely begin so are not; both ways agree."""
    assert (pl.select(is_total(pl.lit(text))).item(), is_total_text(text)) == (expected, expected)


def test_first_cell_that_says_anything() -> None:
    """Blank cells and marks for nothing are passed over."""
    assert first_cell(["", " - ", " 合计 ", "3"]) == "合计"
