"""The history of prices by the release's own query: periods join; nothing from before a confidential word is told."""

import asyncio
from typing import Any

import pytest

from publish.tables import PublicTable, public_tables
from schema.entities import Listing, PlatformProduct, Product
from schema.ids import stable_id
from tests.lib.site import AMOXICILLIN, MORPHINE, Store, product_id

(TABLE,) = (table for table in public_tables() if table.name == "listing_price")
PLATFORM, CODE = "demo-gd", stable_id("platform_product", "1")
#: facts of a listing: from, to, price (None: confidential), and what else is said
Said = tuple[Any, ...]


def day(number: int | None) -> str:
    """A day of January; None: the open end."""
    return "infinity" if number is None else f"2026-01-{number:02}T00:00:00+00:00"


def store(*said: Said, number: str = AMOXICILLIN, **product: Any) -> Store:
    """A store with one product of a platform."""
    made = Store()
    control = "narcotic" if number == MORPHINE else None
    made.add(Product, id=product_id(number), approval_number=number, special_control_code=control)
    known = {"match_code": "linked", "product_id": product_id(number), "valid_from": day(1)} | product
    made.add(PlatformProduct, id=CODE, sender_code=PLATFORM, product_code="1", name_zh="某药", **known)
    for row_number, (start, end, price, *rest) in enumerate(said, 1):
        more: dict[str, Any] = rest[0] if rest else {}
        state = "confidential" if price is None else "stated"
        values = {"price_state_code": state, "unit_price_yuan": price, "id": 7, "mode_code": "listed"} | more
        made.add(
            Listing, sender_code=PLATFORM, platform_product_id=CODE, valid_from=day(start), valid_to=day(end),
            row_number=row_number, **values,
        )  # fmt: skip
    return made


def history(made: Store, table: PublicTable = TABLE) -> list[tuple[Any, ...]]:
    """The periods: from, to (days), price, row."""

    async def read() -> list[dict[str, Any]]:
        return [
            row async for batch in made.batches(table.select(), table.arrow()) for row in batch.to_pylist()
        ]

    return [
        (
            row["valid_from"].day,
            row["valid_to"] and row["valid_to"].day,
            row["unit_price_yuan"],
            row["row_number"],
        )
        for row in asyncio.run(read())
    ]


def test_a_period_goes_on_while_a_listing_says_the_same() -> None:
    """Facts that differ in what is not told are one period, of the row that said it first; a gap is none."""
    made = store(
        (1, 3, 2.0), (3, 5, 2.0, {"is_out_of_stock": True}), (5, 9, 2.5), (9, 11, 2.0), (12, None, 2.0)
    )
    assert history(made) == [(1, 5, 2.0, 1), (5, 9, 2.5, 3), (9, 11, 2.0, 4), (12, None, 2.0, 5)]


def test_what_was_believed_once_is_not_told() -> None:
    """A price that was taken back is in no period."""
    taken_back = {"superseded_at": day(20)}
    assert history(store((1, None, 9.0, taken_back), (1, 5, 2.0), (5, None, 3.0))) == [
        (1, 5, 2.0, 2),
        (5, None, 3.0, 3),
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([(1, 5, 2.0), (5, None, None)], []),
        ([(1, 5, 2.0), (5, 9, None)], []),
        ([(1, 5, 2.0), (5, 9, None), (9, None, 2.5)], [(9, None, 2.5, 3)]),
        # in another catalogue, at the same time or later; one that is over
        ([(1, None, 2.0), (5, None, None, {"id": 8})], []),
        ([(1, 7, 2.0), (7, None, 3.0), (5, 7, None, {"id": 8})], [(7, None, 3.0, 2)]),
        # it was called confidential by mistake, and that was taken back
        ([(1, None, 2.0), (1, None, None, {"superseded_at": day(20)})], [(1, None, 2.0, 1)]),
        # a word that nobody knows yet
        ([(1, 5, 2.0), (5, None, 3.0, {"price_state_code": "negotiable"})], []),
    ],
)
def test_nothing_is_told_from_before_a_confidential_word(said: list[Said], told: list[Said]) -> None:
    """Neither while it lasts nor afterwards."""
    assert history(store(*said)) == told


@pytest.mark.parametrize("state", ["zero", "missing"])
def test_only_what_is_stated_is_a_price(state: str) -> None:
    """A 0 and nothing are not."""
    assert history(store((1, None, 0.0, {"price_state_code": state}))) == []


@pytest.mark.parametrize(
    "product",
    [{"match_code": "waiting"}, {"match_code": "concept"}, {"number": MORPHINE}, {"product_id": 5}],
)
def test_only_certain_and_ordinary_medicines_have_a_history(product: dict[str, Any]) -> None:
    """Neither what nobody recognised nor what is under special control."""
    assert history(store((1, None, 2.0), **product)) == []


def test_what_left_its_platform_keeps_its_history() -> None:
    """By the last word on the product."""
    assert history(store((1, 5, 2.0), valid_to=day(5))) == [(1, 5, 2.0, 1)]


def test_the_last_word_on_a_product_counts() -> None:
    """It was linked once, and is not any more."""
    made = store((1, None, 2.0), valid_to=day(5))
    made.add(
        PlatformProduct, id=CODE, sender_code=PLATFORM, product_code="1", name_zh="某药", match_code="conflict",
        valid_from=day(5),
    )  # fmt: skip
    assert history(made) == []
