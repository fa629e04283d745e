"""Words of platforms, and instants as their files write them."""

from datetime import UTC, date, datetime

import pytest

from connectors.cells import CellError, china_day, instant
from schema.procurement import PurchaseMode, hides_price, purchase_mode_of, yes_or_no


@pytest.mark.parametrize(
    "raw",
    [
        "2026-01-05 08:30:00",
        "2026/1/5 8:30",
        "20260105083000",
        "2026-01-05T08:30:00+08:00",
        "2026-01-05T00:30:00Z",
        "2026年1月5日 08:30",
        "2026-01-05 08:30:00.0",
    ],
)
def test_an_instant_in_every_spelling(raw: str) -> None:
    """China time unless it says otherwise; kept in UTC."""
    assert datetime(2026, 1, 5, 0, 30, tzinfo=UTC) == instant(raw)


def test_a_day_is_its_first_moment_in_china() -> None:
    """And the day in China of an instant is not that in UTC."""
    assert datetime(2026, 1, 4, 16, tzinfo=UTC) == instant("2026-01-05")
    assert date(2026, 1, 5) == china_day("2026-01-04T16:30:00Z")


@pytest.mark.parametrize("raw", ["2026-13-05 08:30", "2026-01-05 25:00", "soon", "2026-01-05 08", "9" * 30])
def test_what_is_no_instant_is_refused(raw: str) -> None:
    """With its code."""
    with pytest.raises(CellError) as error:
        instant(raw)
    assert "cell.instant" == error.value.code


@pytest.mark.parametrize("raw", ["*", "＊", "***", " * ", "保密"])
def test_a_price_may_be_hidden(raw: str) -> None:
    """By asterisks of any width, or the word."""
    assert hides_price(raw)


@pytest.mark.parametrize("raw", ["0", "", "12.50", "-", "1*"])
def test_what_hides_nothing(raw: str) -> None:
    """Zero is zero, and nothing is nothing: only a mark of its own makes a price confidential."""
    assert not hides_price(raw)


def test_words() -> None:
    """Known words, full width too; others are not guessed."""
    assert PurchaseMode.VOLUME_BASED is purchase_mode_of("带量采购")
    assert PurchaseMode.NEGOTIATED is purchase_mode_of("国谈")
    assert purchase_mode_of("7") is None
    assert [True, True, False, None] == [yes_or_no(each) for each in ("是", "１", "否", "不详")]
