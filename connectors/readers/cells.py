"""What counts as nothing in a cell, as a blank row and as a total row. The marks are those of facts/domain.md §3."""

import re
from collections.abc import Iterable

import polars as pl

#: marks by which source systems write "nothing here"
NOTHING = (
    *("", "\\N", "-", "--", "---", "－", "－－", "－－－－", "—", "——", "–", "/", "／"),
    *("无", "NULL", "null", "Null", "N/A", "n/a"),
)

#: left around a text by exports, and no blank to Unicode
_INVISIBLE = "\ufeff\u200b"

# Both in the common part of Python's and Rust's regular expressions.
_TOTAL = r"^(?:本页|本表)?(?:总合计|合计|总计|小计|共计)[:：]?[\d.,]*[条行种个项家元]?$"
_BLANKS = "[\\s\ufeff\u200b]+"


def tidy(cells: pl.Series) -> pl.Series:
    """Strip outer blanks from cells of text; a mark for nothing becomes null.

    Each distinct text is looked at once: a file of pharmacies repeats few of them many times.
    """
    distinct = cells.unique()
    tidied = distinct.to_frame("text").select(_tidied(pl.col("text"))).to_series()
    untidy = distinct.ne_missing(tidied)
    if not untidy.any():
        return cells
    return cells.replace(distinct.filter(untidy), tidied.filter(untidy))


def _tidied(cells: pl.Expr) -> pl.Expr:
    stripped = cells.str.strip_chars().str.strip_chars(_INVISIBLE)
    return pl.when(~stripped.is_in(NOTHING)).then(stripped)


def is_total(first_cells: pl.Expr) -> pl.Expr:
    """Whether the first cell of a row that says anything calls it a sum of the rows above."""
    return first_cells.str.replace_all(_BLANKS, "").str.contains(_TOTAL)


def is_total_text(first_cell: str) -> bool:
    """As `is_total`, for one row."""
    return re.search(_TOTAL, re.sub(_BLANKS, "", first_cell)) is not None


def first_cell(cells: Iterable[str]) -> str | None:
    """Return the first cell that says anything, tidied as by `tidy`."""
    stripped = (cell.strip().strip(_INVISIBLE) for cell in cells)
    return next((cell for cell in stripped if cell not in NOTHING), None)
