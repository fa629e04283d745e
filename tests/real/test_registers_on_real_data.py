"""The two public copies of the register come in whole: a medicine and an approval for each row."""

import pytest

from hub.ingest.batches import Books
from tests.lib.hub import TestHub
from tests.lib.shared_data import shared_file


@pytest.mark.parametrize(
    ("name", "rows"), [("nmpa_domestic_biological.jsonl", 1718), ("nmpa_import_chemical.jsonl", 2872)]
)
async def test_a_public_register_comes_in_whole(hub: TestHub, name: str, rows: int) -> None:
    """No fault, and none of its approvals is without its medicine."""
    outcome = await hub.take("registration", shared_file(name))
    assert Books(read=rows, promoted=rows, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert rows == await hub.value(
        "SELECT count(*) FROM product_authorization a JOIN product p ON p.id = a.product_id"
    )
