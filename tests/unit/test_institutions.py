"""Words of institutions, and what follows for the public from how well supplied they say to be."""

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import FileContext
from connectors.frame import Chunk, Normalised
from connectors.hospital.connector import normalise
from schema.entities import Institution, InstitutionMedicine
from schema.institutions import (
    Availability,
    Sufficiency,
    Tier,
    availability_of,
    is_public_by,
    sufficiency_of,
    tier_of,
)

SUFFICIENCIES = st.none() | st.sampled_from(Sufficiency)
PACKS = st.none() | st.decimals(min_value=-10, max_value=1000, places=2)


def read(layout: str, *rows: dict[str, str | None]) -> Normalised:
    """What the connector makes of rows, by raw field."""
    frame = pl.DataFrame(list(rows)).with_row_index("row_number", offset=2).cast({"row_number": pl.Int32})
    headers = {name: name for name in rows[0]}
    return normalise(
        FileContext(layout, "demo", datetime(2026, 3, 1, tzinfo=UTC), headers), Chunk(frame, [], 0)
    )


@pytest.mark.parametrize(
    ("word", "tier"),
    [
        ("三级甲等", Tier.TERTIARY),
        ("三级医院", Tier.TERTIARY),
        ("二级", Tier.SECONDARY),
        ("1", Tier.PRIMARY),
        ("未定级", Tier.UNRATED),
        ("甲等", None),
        ("四级", None),
    ],
)
def test_a_tier_stands_before_its_grade(word: str, tier: Tier | None) -> None:
    """Whole words only; what is none is not guessed."""
    assert tier == tier_of(word)


def test_supply_and_ownership_are_known_words_or_nothing() -> None:
    """Codes 1 to 4 and their words; 公立 and what is not."""
    assert [*map(sufficiency_of, ("1", "较充足", "3", "严重短缺", "5"))] == [*Sufficiency, None]
    assert [True, False, None] == [*map(is_public_by, ("公立", "民营", "不详"))]


@pytest.mark.parametrize(
    ("sufficiency", "packs", "availability"),
    [
        (Sufficiency.SUFFICIENT, None, Availability.IN_STOCK),
        (Sufficiency.FAIRLY_SUFFICIENT, Decimal(3), Availability.IN_STOCK),
        (Sufficiency.SHORT, Decimal(300), Availability.FEW),
        (Sufficiency.SEVERELY_SHORT, None, Availability.FEW),
        (Sufficiency.SUFFICIENT, Decimal(0), Availability.OUT_OF_STOCK),
        (None, Decimal(1), Availability.IN_STOCK),
        (None, None, Availability.UNKNOWN),
    ],
)
def test_availability_follows_from_word_and_count(
    sufficiency: Sufficiency | None, packs: Decimal | None, availability: Availability
) -> None:
    """An empty shelf before a word, a word before a count, nothing stated is not none."""
    assert availability == availability_of(sufficiency, packs)


@given(SUFFICIENCIES, PACKS)
def test_nothing_is_in_stock_that_is_counted_out_or_said_to_be_short(
    sufficiency: Sufficiency | None, packs: Decimal | None
) -> None:
    """Whatever the other of both says; and unknown is only what nobody says anything of."""
    found = availability_of(sufficiency, packs)
    is_short = sufficiency in (Sufficiency.SHORT, Sufficiency.SEVERELY_SHORT)
    is_out = packs is not None and packs <= 0
    assert (is_short or is_out) <= (found is not Availability.IN_STOCK)
    assert (found is Availability.OUT_OF_STOCK) == is_out
    assert (found is Availability.UNKNOWN) == (sufficiency is None and packs is None)


def test_words_that_are_not_known_are_told_of_and_left_empty() -> None:
    """The institution comes in without them: neither its tier nor its ownership is guessed."""
    told = read(
        "institutions",
        {
            "institution_code": "Y1", "name": "演示医院", "region_code": "440106",
            "tier_code": "四级", "is_public": "不详", "uscc": "123",
        },
    )  # fmt: skip
    row = told.records[Institution].row(0, named=True)
    assert (None, None, None) == (row["tier_code"], row["is_public"], row["uscc"])
    codes = told.faults.filter(pl.col("is_notice")).get_column("code").to_list()
    assert {"cell.tier", "cell.public", "uscc.length"} == set(codes)


def test_what_a_file_does_not_state_is_absent() -> None:
    """A formulary without stock and supply says that medicines are kept, and no more."""
    told = read("formulary", {"institution_code": "Y1", "item_code": "P1", "item_name_zh": "地高辛片"})
    kept = told.records[InstitutionMedicine]
    assert {"stock_packs", "sufficiency_code", "own_code"}.isdisjoint(kept.columns)
    assert ["unknown"] == kept.get_column("availability_code").to_list()
