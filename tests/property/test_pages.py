"""Pages of any records: cut without a change, and whole or refused whatever the source repeats or leaves out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.transports.failures import PassingError, TornPullError
from connectors.transports.json_text import elements, members
from connectors.transports.pages import Page, PageStyle, Tally, parse_page

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
INDENTS = st.sampled_from([None, 0, 2])


@given(st.lists(VALUES), INDENTS)
def test_elements_are_those_of_the_array_each_on_one_line(values: list[Any], indent: int | None) -> None:
    """However the source lays its JSON out."""
    found = list(elements(json.dumps(values, indent=indent, ensure_ascii=False)))
    assert values == [json.loads(each) for each in found]
    assert not any("\n" in each or "\r" in each for each in found)


@given(st.dictionaries(st.text(), VALUES), INDENTS)
def test_members_are_those_of_the_object(values: dict[str, Any], indent: int | None) -> None:
    """Each as the text of its value."""
    found = members(json.dumps(values, indent=indent, ensure_ascii=False))
    assert values == {key: json.loads(text) for key, text in found.items()}


@given(st.binary(max_size=40) | st.text(alphabet='{}[]",:0 \nrecordstal', max_size=60).map(str.encode))
def test_what_is_no_page_is_an_error_that_may_pass(body: bytes) -> None:
    """And no other error, whatever the bytes."""
    for style in PageStyle:
        try:
            parse_page(style, body)
        except PassingError:
            continue


@given(st.lists(st.sampled_from("abcdef"), unique=True, max_size=6), st.data())
def test_pages_add_up_to_the_whole_or_to_an_error(letters: list[str], data: st.DataObject) -> None:
    """Pages left out or repeated at will: a tally that ends well has counted each page of the listing once."""
    sent = data.draw(st.lists(st.sampled_from(letters), max_size=9)) if letters else []
    tally, counted = Tally(), []
    try:
        for number, letter in enumerate(sent, 1):
            page = Page((letter,), len(letters), number, None)
            if tally.add(number, page):
                counted.append(letter)
            if tally.is_over(PageStyle.CURRENT_SIZE, page):
                break
        tally.check(len(sent))
    except TornPullError:
        return
    assert counted == list(dict.fromkeys(sent))[: len(counted)]
    assert tally.total is None or sorted(letters) == sorted(counted)


def test_more_records_than_the_source_said_are_not_believed() -> None:
    """Two where it said one."""
    tally = Tally()
    tally.add(1, Page(("a", "b"), 1, 1, None))
    with pytest.raises(TornPullError):
        tally.check(1)


def test_a_cursor_that_leads_in_a_circle_ends() -> None:
    """The third page leads to where the second did: its records are repeated, and that is told."""
    tally = Tally()
    tally.add(1, Page(("a",), None, None, "two"))
    tally.add(2, Page(("b",), None, None, "three"))
    with pytest.raises(TornPullError):
        tally.add(3, Page(("b",), None, None, "three"))
