"""Limits of a document: what it weighs, however it is written down."""

import re

import pytest
from graphql import parse, validate
from hypothesis import given
from hypothesis import strategies as st

from schema.graph.build import build_schema, graphql_schema
from schema.graph.limits import MAX_DEPTH, MAX_DIGITS, MAX_OBJECTS, LimitRule

SCHEMA = graphql_schema(build_schema())
NODE = "{ edges { node { id } } }"


def problems(document: str) -> list[str]:
    """What the limits have against a document."""
    errors = validate(SCHEMA, parse(document), [LimitRule])
    assert {"TOO_LARGE"} >= {(error.extensions or {})["code"] for error in errors}
    return [error.message for error in errors]


def weight(selection: str) -> int:
    """The objects of a selection on the root, told by the refusal of a hundred thousand times as many."""
    times = "".join(f"a{n}: products(first: 100) {{ edges {{ node {{ ...R }} }} }} " for n in range(1000))
    [message] = problems(f"{{ {times} }} fragment R on Query {{ {selection} }}")
    [total] = re.findall(r"could answer with (\d+) objects", message)
    # of each of the 1,000 × 100: the row, its edge and its node
    return int(total) // 100_000 - 3


def nested(levels: int) -> str:
    """A document nested so deep."""
    return "{ region " + "{ parent " * (levels - 2) + "{ code }" + " }" * (levels - 2) + " }"


@pytest.mark.parametrize(
    ("selection", "objects"),
    [
        ("product { id }", 1),
        ("products(first: 7) { totalCount }", 107),
        (f"products(first: 7) {NODE}", 21),
        (f"products {NODE}", 60),
        ("products(first: 0) { totalCount }", 101),
        (f"products(first: -5) {NODE}", 300),
        (f"products(first: 101) {NODE}", 300),
        (f"products(first: {'9' * 99}) {NODE}", 300),
        (f"products(first: $n) {NODE}", 300),
        (f"products(first: null) {NODE}", 300),
        (f"anyName: products(first: 7) {NODE}", 21),
        ("products(first: 7) { ... { edges { ... { node { id } } } } }", 21),
        ("products(first: 2) { edges { node { localItems(first: 3) { edges { node { id } } } } } }", 24),
        ("__typename", 0),
    ],
)
def test_a_page_weighs_its_rows_and_what_each_brings(selection: str, objects: int) -> None:
    """Row, edge and node of each; a page of unknown or impossible size weighs as the largest."""
    assert objects == weight(selection)


def test_a_page_weighs_the_same_when_its_edges_stand_in_a_fragment() -> None:
    """The field tells that it is a page, not what is selected of it."""
    inner = "fragment N on ProductConnection { edges { node { id } } }"
    pages = " ".join(f"a{n}: products(first: 100) {{ ...N }}" for n in range(67))
    assert ["could answer with 20100"] == [
        message[message.index("could") :][:23] for message in problems(f"{{ {pages} }} {inner}")
    ]


def test_the_limit_itself_is_allowed() -> None:
    """66 full pages are, 67 are not."""
    pages = [f"a{n}: products(first: 100) {NODE}" for n in range(67)]
    assert 66 * 300 <= MAX_OBJECTS < 67 * 300
    assert [] == problems(f"{{ {' '.join(pages[:66])} }}")
    assert 1 == len(problems(f"{{ {' '.join(pages)} }}"))


def test_depth_is_allowed_up_to_the_limit() -> None:
    """One deeper is refused, with both numbers."""
    assert [] == problems(nested(MAX_DEPTH))
    [message] = problems(nested(MAX_DEPTH + 1))
    assert f"nested {MAX_DEPTH + 1} deep, at most {MAX_DEPTH}" in message


def test_fragments_add_to_the_depth() -> None:
    """Half of it in a fragment is as deep as all of it in one place."""
    half = "{ parent " * (MAX_DEPTH // 2)
    end = " }" * (MAX_DEPTH // 2)
    document = f"{{ region {half} {{ ...F }} {end} }} fragment F on Region {half} {{ code }} {end}"
    assert 1 == len(problems(document))


def test_each_fragment_is_weighed_once() -> None:
    """Sixty that each spread the next one twice: 2 to the power of 60, told at once."""
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    [message] = problems(f"{{ ...F0 }} {chain} fragment F60 on Query {{ product {{ id }} }}")
    assert str(2**60) in message


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12))
def test_fragments_that_spread_each_other_come_to_an_end(spreads: list[tuple[int, int]]) -> None:
    """Cycles are for the standard rules to refuse; here they must only end."""
    fragments = " ".join(
        f"fragment F{n} on Query {{ product {{ id }} {' '.join(f'...F{target}' for target in targets)} }}"
        for n, targets in enumerate(spreads)
    )
    assert [] == problems(f"{{ ...F0 }} {fragments}")


def test_every_operation_is_weighed() -> None:
    """Which of them is to run is not known when the document is judged."""
    large = "products(first: 100) { edges { node { localItems(first: 100) { edges { cursor } } } } }"
    assert 1 == len(problems(f"query A {{ __typename }} query B {{ {large} }}"))


def test_numbers_have_a_length() -> None:
    """Python would refuse to read some thousand digits, in a list too."""
    assert [] == problems(f"{{ products(first: {'9' * MAX_DIGITS}) {{ totalCount }} }}")
    assert 1 == len(problems(f"{{ products(filter: [{{a: {'9' * 5000}}}]) {{ totalCount }} }}"))
