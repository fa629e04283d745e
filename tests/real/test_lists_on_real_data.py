"""The published lists as they are: every line comes in, nothing is quarantined, and each notice is accounted for."""

from decimal import Decimal

from hub.ingest.batches import Books
from tests.lib.hub import TestHub
from tests.lib.shared_data import shared_file


async def test_all_816_lines_of_the_essential_list_come_in(hub: TestHub) -> None:
    """Five lines name a group and no forms; of 18 the names had run into each other and are told of."""
    outcome = await hub.take("essential_medicines", shared_file("essential_medicines_2026.csv"))
    assert Books(read=816, promoted=816, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("cell.name_mended", True, 18)] == await hub.rows(
        "SELECT code, is_notice, count(*)::int FROM fault GROUP BY 1, 2"
    )
    assert (816, 22) == (
        await hub.value("SELECT count(*) FROM essential_medicine"),
        await hub.value("SELECT count(*) FROM essential_medicine WHERE is_repeat"),
    )


async def test_every_form_of_the_essential_list_is_read(hub: TestHub) -> None:
    """811 lines give 2,211 forms and strengths; 39 have no strength in the list, 235 one not wholly understood."""
    await hub.take("essential_medicines", shared_file("essential_medicines_2026.csv"))
    assert [(2211, 811, 2172, 1937)] == await hub.rows(
        "SELECT count(*)::int, count(DISTINCT medicine_id)::int, count(strength_text)::int, count(strength)::int"
        " FROM essential_medicine_form"
    )


async def test_all_3826_lines_of_the_insurance_list_come_in(hub: TestHub) -> None:
    """No fault and no notice; 252 prices are confidential, one is stated elsewhere, 172 lines have 240 prices."""
    outcome = await hub.take("insurance_list", shared_file("nrdl_2024.csv"))
    assert Books(read=3826, promoted=3826, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert 0 == await hub.value("SELECT count(*) FROM fault")
    assert [("confidential", 252), ("elsewhere", 1), ("none", 3401), ("priced", 172)] == await hub.rows(
        "SELECT payment_standard_code, count(*)::int FROM insurance_entry GROUP BY 1 ORDER BY 1"
    )
    assert [(240, 172, 181, Decimal("0.18"), Decimal("3333.03"))] == await hub.rows(
        "SELECT count(*)::int, count(DISTINCT entry_id)::int, count(strength)::int, min(price_yuan),"
        " max(price_yuan) FROM insurance_price"
    )


async def test_the_numbers_of_the_insurance_list_are_read(hub: TestHub) -> None:
    """667 are repeated ones, three of them in full-width brackets; 425 lines have an agreement, in three periods."""
    await hub.take("insurance_list", shared_file("nrdl_2024.csv"))
    assert 667 == await hub.value("SELECT count(*) FROM insurance_entry WHERE is_repeat")
    assert [
        ("2024-01-01", "2025-12-31", 196),
        ("2025-01-01", "2025-12-31", 16),
        ("2025-01-01", "2026-12-31", 213),
    ] == await hub.rows(
        "SELECT agreement_starts_on::text, agreement_ends_on::text, count(*)::int FROM insurance_entry"
        " WHERE agreement_starts_on IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
