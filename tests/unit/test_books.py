"""The books of a batch: every row once, and no count below none."""

import pytest

from hub.ingest.batches import Books


@pytest.mark.parametrize(
    ("promoted", "unchanged", "balances"), [(2, 3, True), (2, 4, False), (7, -2, False)], ids=str
)
def test_books_balance_where_each_row_counts_once(promoted: int, unchanged: int, *, balances: bool) -> None:
    """Five rows read: a sum that is right by a count below none is not right."""
    books = Books(read=5, promoted=promoted, unchanged=unchanged, quarantined=0, skipped=0, closed=0)
    assert balances is books.balance
