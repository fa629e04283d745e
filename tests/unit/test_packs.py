"""Packs and units: rounding, faults, and what a quantity counts."""

from decimal import Decimal

import pytest

from schema.packs import Basis, PackUnitError, Pair, basis_of, prices, quantities


def test_derived_prices_are_rounded_to_six_decimals_half_to_even() -> None:
    """10 ÷ 3, and two that lie in the middle."""
    assert Decimal("3.333333") == prices(Decimal(10), None, Decimal(3)).unit
    assert Decimal("0.000002") == prices(Decimal("0.000005"), None, Decimal(2)).unit
    assert Decimal("0.000004") == prices(Decimal("0.000007"), None, Decimal(2)).unit


def test_exactly_one_percent_is_still_agreement() -> None:
    """A hair more is not."""
    assert Pair(Decimal(100), Decimal("10.1")) == prices(Decimal(100), Decimal("10.1"), Decimal(10))
    with pytest.raises(PackUnitError):
        prices(Decimal(100), Decimal("10.100001"), Decimal(10))


def test_a_disagreement_tells_both_figures() -> None:
    """In both languages, with how the first was worked out."""
    with pytest.raises(PackUnitError) as error:
        prices(Decimal("28.500000"), Decimal("0.99"), Decimal(30))
    for hint in (error.value.hint_zh, error.value.hint_en):
        assert "28.5 ÷ 30 = 0.95" in hint
        assert "0.99" in hint


def test_zero_is_a_figure() -> None:
    """Nothing costs nothing by the unit too; and a unit that costs something does not come in a pack that does not."""
    assert Pair(Decimal(0), Decimal(0)) == prices(Decimal(0), None, Decimal(30))
    with pytest.raises(PackUnitError):
        prices(Decimal(0), Decimal("0.01"), Decimal(30))


@pytest.mark.parametrize("ratio", ["0", "-1", "100001"])
def test_a_ratio_that_cannot_be_is_an_error(ratio: str) -> None:
    """Nothing is derived from it."""
    with pytest.raises(PackUnitError) as error:
        quantities(Decimal(1), None, Decimal(ratio))
    assert "cell.conversion_ratio" == error.value.code


def test_a_figure_too_large_to_keep_is_an_error() -> None:
    """A quantity of a hundred billion packs of a thousand."""
    with pytest.raises(PackUnitError) as error:
        quantities(Decimal(10) ** 11, None, Decimal(1000))
    assert "cell.absurd" == error.value.code


@pytest.mark.parametrize(
    ("word", "pack", "unit", "ratio", "expected"),
    [
        ("盒", "盒", "片", 30, Basis.PACK),
        ("片", "盒", "片", 30, Basis.UNIT),
        ("最小包装", None, None, None, Basis.PACK),
        ("最小制剂单位", None, None, None, Basis.UNIT),
        (None, "盒", "片", 30, Basis.UNKNOWN),
        ("盒", None, None, None, Basis.UNKNOWN),
        # it might be the unit as well
        ("支", "支", None, 10, Basis.UNKNOWN),
        # one name for both: with a ratio of 1 it does not matter, else nobody knows
        ("支", "支", "支", 1, Basis.PACK),
        ("支", "支", "支", 10, Basis.UNKNOWN),
    ],
)
def test_what_a_quantity_counts(
    word: str | None, pack: str | None, unit: str | None, ratio: int | None, expected: Basis
) -> None:
    """By the product's own names, or by words that are clear without them."""
    assert expected == basis_of(word, pack, unit, None if ratio is None else Decimal(ratio))


def test_a_word_that_is_neither_is_an_error() -> None:
    """A box of 10 boxes is not guessed."""
    with pytest.raises(PackUnitError) as error:
        basis_of("件", "盒", "片", Decimal(30))
    assert "row.quantity_unit" == error.value.code
