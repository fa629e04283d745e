"""Packs and units: what holds for every figure, whatever it is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.packs import TOLERANCE, PackUnitError, prices, quantities

#: figures as columns hold them: six decimals, below a hundred million
FIGURES = st.decimals(0, 10**8, places=6, allow_nan=False, allow_infinity=False)
SIGNED = st.decimals(-(10**8), 10**8, places=6, allow_nan=False, allow_infinity=False)
RATIOS = st.one_of(
    st.integers(1, 100_000).map(Decimal),
    st.decimals(Decimal("0.001"), 1000, places=3, allow_nan=False, allow_infinity=False),
)
HALF_STEP = Decimal("0.0000005")


@given(SIGNED, RATIOS)
def test_units_are_packs_times_the_ratio(packs: Decimal, ratio: Decimal) -> None:
    """To half of the sixth decimal, and what was given is not touched; goods that go back too."""
    found = quantities(packs, None, ratio)
    assert found.pack == packs
    assert found.unit is not None
    assert abs(found.unit - packs * ratio) <= HALF_STEP


@given(FIGURES, RATIOS)
def test_a_unit_costs_a_pack_divided_by_the_ratio(price: Decimal, ratio: Decimal) -> None:
    """To half of the sixth decimal, and what was given is not touched."""
    found = prices(price, None, ratio)
    assert found.pack == price
    assert found.unit is not None
    assert abs(found.unit * ratio - price) <= HALF_STEP * ratio


@given(st.integers(1, 10**6).map(Decimal), st.integers(1, 10_000).map(Decimal))
def test_what_was_derived_derives_what_it_came_from(packs: Decimal, ratio: Decimal) -> None:
    """Packs to units and back, for whole numbers."""
    units = quantities(packs, None, ratio).unit
    assert packs == quantities(None, units, ratio).pack


@given(st.decimals(1, 10**6, places=2), st.integers(1, 1000).map(Decimal), st.decimals(0, 3, places=3))
def test_a_disagreement_above_one_percent_and_no_other_is_an_error(
    price: Decimal, ratio: Decimal, factor: Decimal
) -> None:
    """The given pair stands as it is, or is refused with a stable code; it is never mended."""
    pack, unit = price * ratio, price * factor
    if abs(factor - 1) > TOLERANCE:
        with pytest.raises(PackUnitError) as error:
            prices(pack, unit, ratio)
        assert "row.pack_unit" == error.value.code
    else:
        found = prices(pack, unit, ratio)
        assert (pack, unit) == (found.pack, found.unit)


@given(st.none() | FIGURES, st.none() | FIGURES)
def test_without_a_ratio_nothing_is_derived(pack: Decimal | None, unit: Decimal | None) -> None:
    """What is not known stays unknown, on both sides."""
    for understand in (prices, quantities):
        found = understand(pack, unit, None)
        assert (pack, unit) == (found.pack, found.unit)
