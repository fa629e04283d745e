"""Pages as SQL: the text for each operator, values never in the text, and pages that join without a gap."""

import sqlite3
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.declare import fields_of
from schema.entities import Batch, OnSale, Product
from schema.plan.nodes import Condition, Operator, Order, Page, complete_order
from schema.plan.sql import render_count, render_lookup, render_page

LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"

CONDITIONS: list[tuple[Operator, Any, str, list[Any]]] = [
    (Operator.EQ, "x", "name_zh = $1", ["x"]),
    (Operator.IN, ["x", "y"], "name_zh = ANY($1)", [["x", "y"]]),
    (Operator.CONTAINS, "x", "name_zh ILIKE $1", ["%x%"]),
    (Operator.STARTS_WITH, "x", "name_zh ILIKE $1", ["x%"]),
    (Operator.GTE, "x", "name_zh >= $1", ["x"]),
    (Operator.LTE, "x", "name_zh <= $1", ["x"]),
    (Operator.IS_NULL, True, "name_zh IS NULL", []),
    (Operator.IS_NULL, False, "name_zh IS NOT NULL", []),
    (Operator.WITHIN, ("44", "44~"), "name_zh >= $1 AND name_zh < $2", ["44", "44~"]),
]


def page(*conditions: Condition, order: tuple[Order, ...] = (), **rest: Any) -> Page:
    """A page of medicines."""
    return Page(Product, conditions, complete_order(Product, order), rest.pop("first", 20), **rest)


@pytest.mark.parametrize(("operator", "value", "text", "values"), CONDITIONS)
def test_each_operator_has_its_text(operator: Operator, value: Any, text: str, values: list[Any]) -> None:
    """The condition stands beside the one for live facts; its values are parameters."""
    expected = f"SELECT count(*) FROM product WHERE {LIVE} AND {text}"
    assert (expected, values) == render_count(page(Condition("name_zh", operator, value)))


def test_every_operator_is_tried_above() -> None:
    """None is forgotten when one is added."""
    assert set(Operator) == {operator for operator, *_ in CONDITIONS}


@pytest.mark.parametrize(("text", "pattern"), [("50%", r"%50\%%"), ("a_b", r"%a\_b%"), ("a\\b", r"%a\\b%")])
def test_signs_of_patterns_are_escaped(text: str, pattern: str) -> None:
    """What LIKE would read as a pattern is a plain character."""
    _, values = render_count(page(Condition("name_zh", Operator.CONTAINS, text)))
    assert [pattern] == values


@given(st.text(), st.text())
def test_values_never_change_the_text(one: str, other: str) -> None:
    """Whatever is asked for, the statement is the same."""
    conditions = [
        [Condition("name_zh", operator, value) for operator in (Operator.EQ, Operator.CONTAINS, Operator.GTE)]
        for value in (one, other)
    ]
    texts = [render_page(page(*each, after=(value, 1), order=(Order("name_zh"),)))[0]
             for each, value in zip(conditions, (one, other), strict=True)]  # fmt: skip
    assert texts[0] == texts[1]


def test_one_row_more_is_asked_for() -> None:
    """It tells whether more follow."""
    text, values = render_page(page(first=7))
    assert text.endswith(f" WHERE {LIVE} ORDER BY id LIMIT $1")
    assert [8] == values


def test_each_column_of_an_order_has_its_direction() -> None:
    """The key makes the order whole."""
    text, _ = render_page(page(order=(Order("name_zh", descending=True), Order("approval_number"))))
    assert " ORDER BY name_zh DESC, approval_number, id LIMIT " in text


def test_a_key_in_the_order_is_not_added_again() -> None:
    """Ordered by the key alone, downwards."""
    assert (Order("id", descending=True),) == complete_order(Product, (Order("id", descending=True),))
    assert [*OnSale.about.key] == [each.column for each in complete_order(OnSale, ())]


def test_a_lookup_asks_for_live_facts_of_many_keys_at_once() -> None:
    """One statement for all that one request looks up."""
    text, values = render_lookup(Product, "approval_number", ["a", "b"])
    assert text.endswith(f" FROM product WHERE {LIVE} AND approval_number = ANY($1)")
    assert [["a", "b"]] == values


def test_books_are_not_asked_whether_they_are_live() -> None:
    """Batches carry no periods."""
    assert ("SELECT count(*) FROM batch", []) == render_count(Page(Batch, (), (Order("id"),), 20))


def test_an_open_end_is_shown_as_nothing() -> None:
    """The store's infinity stays in the store."""
    text, _ = render_page(page())
    assert "nullif(valid_to, 'infinity') AS valid_to" in text


NAMES = st.text("ab一", max_size=2)
ROWS = st.lists(st.tuples(NAMES, NAMES, st.integers(0, 50)), unique_by=lambda row: row[2], max_size=20)
ASKED = st.lists(st.sampled_from(["name_zh", "approval_number", "id"]), unique=True)


@given(ROWS, ASKED, st.lists(st.booleans(), min_size=3, max_size=3), st.integers(1, 6))
def test_pages_join_to_the_whole_in_order(
    rows: list[tuple[str, str, int]], asked: list[str], downwards: list[bool], first: int
) -> None:
    """Run on SQLite, which reads this SQL too: page after page gives each row once, sorted as asked."""
    order = tuple(Order(column, down) for column, down in zip(asked, downwards, strict=False))
    store = _store(rows)
    found: list[tuple[str, str, int]] = []
    after = None
    while True:
        asked_page = page(order=order, first=first, after=after)
        text, values = render_page(asked_page)
        part = store.execute(text, {str(n): value for n, value in enumerate(values, 1)}).fetchall()
        found += [(row["name_zh"], row["approval_number"], row["id"]) for row in part[:first]]
        if len(part) <= first:
            break
        after = tuple(part[first - 1][each.column] for each in asked_page.order)
    assert _sorted(rows, order) == found


def _store(rows: list[tuple[str, str, int]]) -> sqlite3.Connection:
    """A table of medicines in memory, all of them live."""
    store = sqlite3.connect(":memory:")
    store.row_factory = sqlite3.Row
    store.execute(f"CREATE TABLE product ({', '.join(field.name for field in fields_of(Product))})")
    store.executemany(
        "INSERT INTO product (name_zh, approval_number, id, valid_to, superseded_at)"
        " VALUES (?, ?, ?, 'infinity', 'infinity')",
        rows,
    )
    return store


def _sorted(rows: list[tuple[str, str, int]], order: tuple[Order, ...]) -> list[tuple[str, str, int]]:
    """Sorted by Python: from the last column to the first, each time keeping what is equal in place."""
    place = {"name_zh": 0, "approval_number": 1, "id": 2}
    for each in reversed(complete_order(Product, order)):
        rows = sorted(rows, key=lambda row: row[place[each.column]], reverse=each.descending)
    return rows


def test_typed_values_stay_typed() -> None:
    """A date goes to the driver as a date."""
    _, values = render_count(page(Condition("approved_on", Operator.GTE, date(2020, 1, 1))))
    assert [date(2020, 1, 1)] == values
