"""Cursors: a round trip gives a row's values back, and no other text is taken for one."""

import base64
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.declare import Entity, field_of, fields_of
from schema.entities import ENTITIES, Batch, Pharmacy, Product
from schema.plan.cursor import CursorError, decode_cursor, encode_cursor
from schema.plan.nodes import Order, complete_order

VALUES: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(-(2**63), 2**63 - 1),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}
BY_NAME = complete_order(Product, (Order("name_zh"),))


@st.composite
def orders(draw: st.DrawFn) -> tuple[type[Entity], tuple[Order, ...]]:
    """An entity and an order that the graph lets callers ask for, completed by the key."""
    entity = draw(st.sampled_from(ENTITIES))
    sortable = [field.name for field in fields_of(entity) if field.declaration.sortable]
    columns = draw(st.lists(st.sampled_from(sortable), unique=True)) if sortable else []
    return entity, complete_order(entity, tuple(Order(column, draw(st.booleans())) for column in columns))


@given(st.data())
def test_a_cursor_gives_the_values_of_its_row_back(data: st.DataObject) -> None:
    """Any entity, any order it allows, any values its columns can hold."""
    entity, order = data.draw(orders())
    row = {each.column: data.draw(VALUES[field_of(entity, each.column).python_type]) for each in order}
    assert tuple(row.values()) == decode_cursor(entity, order, encode_cursor(entity, order, row))


@given(st.data())
def test_a_cursor_is_good_for_its_own_order_only(data: st.DataObject) -> None:
    """Another entity, column or direction: CursorError."""
    mine, other = data.draw(st.lists(orders(), min_size=2, max_size=2, unique_by=str))
    entity, order = mine
    row = {each.column: data.draw(VALUES[field_of(entity, each.column).python_type]) for each in order}
    with pytest.raises(CursorError):
        decode_cursor(*other, encode_cursor(entity, order, row))


@given(st.text() | st.binary().map(lambda some: base64.urlsafe_b64encode(some).decode()))
def test_random_text_is_no_cursor(text: str) -> None:
    """Nothing but CursorError comes of it."""
    with pytest.raises(CursorError):
        decode_cursor(Product, BY_NAME, text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON | st.lists(JSON, min_size=3, max_size=3).map(lambda parts: ["Product name_zh id", parts[0], "1"]))
def test_random_json_is_no_cursor(value: object) -> None:
    """Values of the wrong kinds in the right frame too."""
    with pytest.raises(CursorError):
        decode_cursor(Product, BY_NAME, base64.urlsafe_b64encode(json.dumps(value).encode()).decode())


@pytest.mark.parametrize("parts", [["a"], ["a", "1", "2"], ["a", "b"], ["a", "9" * 5000]])
def test_the_frame_alone_is_not_enough(parts: list[str]) -> None:
    """Too few values, too many, one that is no number, and one that Python will not read."""
    text = json.dumps(["Product name_zh id", *parts])
    with pytest.raises(CursorError):
        decode_cursor(Product, BY_NAME, base64.urlsafe_b64encode(text.encode()).decode())


def test_cursors_of_entities_with_the_same_key_differ() -> None:
    """The same identifier, of a medicine and of a store."""
    row, order = {"id": 7}, (Order("id"),)
    assert encode_cursor(Product, order, row) != encode_cursor(Pharmacy, order, row)


def test_an_instant_keeps_its_microseconds() -> None:
    """A cursor that rounded would skip or repeat rows."""
    order, instant = complete_order(Batch, (Order("received_at"),)), datetime(2026, 3, 1, 8, 0, 0, 1, UTC)
    cursor = encode_cursor(Batch, order, {"received_at": instant, "id": 1})
    assert (instant, 1) == decode_cursor(Batch, order, cursor)
