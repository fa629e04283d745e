"""Published insurance codes as they are."""

from hub.ingest.batches import Books
from tests.lib.hub import TestHub
from tests.lib.shared_data import shared_file


async def test_all_6869_published_codes_come_in(hub: TestHub) -> None:
    """Every one keeps the rules of its code: no fault, no notice, and none stands twice."""
    outcome = await hub.take("medicine_codes", shared_file("nhsa_codes.csv"))
    assert Books(read=6869, promoted=6869, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert 0 == await hub.value("SELECT count(*) FROM fault")
    assert 6869 == await hub.value("SELECT count(*) FROM packaged_product")
