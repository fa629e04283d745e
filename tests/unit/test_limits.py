"""Limits of a document: what it weighs, however it is written down, and that judging it takes linear work."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    get_introspection_query,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from schema.graph.build import build_schema, graphql_schema
from schema.graph.limits import (
    MAX_ALIASES,
    MAX_DEFINITIONS,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_DIRECTIVES,
    MAX_NAME,
    MAX_OBJECTS,
    MAX_PAIRS,
    MAX_ROOT_FIELDS,
    MAX_SPREADS,
    MAX_TOKENS,
    MAX_VARIABLE_DEPTH,
    MAX_VARIABLE_VALUES,
    excess_of_variables,
    excesses,
)
from schema.graph.shape import shape_of
from schema.graph.weight import MAX_NESTING, MAX_SELECTIONS, Count, Scale, TooMuchError, Weight
from tests.lib.bombs import BOMBS, LARGE, deep_json, doubling, doubling_below

SCHEMA = graphql_schema(build_schema())
NODE = "{ edges { node { id } } }"


def problems(document: str, variables: Mapping[str, Any] | None = None) -> list[str]:
    """What the limits have against a document."""
    found = [excess.error() for excess in excesses(SCHEMA, parse(document), variables)]
    assert {"TOO_LARGE"} >= {(error.extensions or {})["code"] for error in found}
    return [error.message for error in found]


def weighed(document: str, variables: Mapping[str, Any] | None = None) -> tuple[Weight, Count]:
    """The weight of the first operation, and what was met on the way."""
    parsed = parse(document)
    scale = Scale(SCHEMA, parsed, variables)
    return scale.weigh(operations(parsed)[0]), scale.count


def operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    """The operations of a document."""
    return [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]


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
    assert objects == weighed(f"{{ ...R }} fragment R on Query {{ {selection} }}")[0].objects


@pytest.mark.parametrize(
    ("variables", "objects"),
    [(None, 300), ({}, 21), ({"n": 3}, 9), ({"n": 100}, 300), ({"n": None}, 300), ({"n": -1}, 300),
     ({"n": 10**30}, 300), ({"n": "3"}, 300), ({"n": 1.5}, 300), ({"n": [1]}, 300)],
    ids=str,
)  # fmt: skip
def test_a_size_by_variable_weighs_what_the_variable_says(
    variables: Mapping[str, Any] | None, objects: int
) -> None:
    """Its value, or its default; the largest where variables are not known or make no sense."""
    document = f"query ($n: Int! = 7) {{ products(first: $n) {NODE} }}"
    assert objects == weighed(document, variables)[0].objects


def test_a_page_weighs_the_same_when_its_edges_stand_in_a_fragment() -> None:
    """The field tells that it is a page, not what is selected of it."""
    inner = "fragment N on ProductConnection { edges { node { id } } }"
    assert 300 == weighed(f"{{ products(first: 100) {{ ...N }} }} {inner}")[0].objects


def test_the_limit_itself_is_allowed() -> None:
    """A hundred rows of so many rows each; with one more each it is refused."""
    pages = "products(first: 100) { edges { node { localItems(first: %d) { edges { cursor } } } } }"
    largest = (MAX_OBJECTS // 100 - 3) // 2
    assert [] == problems(f"{{ {pages % largest} }}")
    assert 1 == len(problems(f"{{ {pages % (largest + 1)} }}"))


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


def fields(times: int, text: str = "a{}: __typename") -> str:
    """A selection of so many."""
    return " ".join(text.format(n) for n in range(times))


@pytest.mark.parametrize(
    ("most", "document"),
    [
        (MAX_ALIASES, lambda n: f"{{ product {{ {fields(n)} }} }}"),
        (MAX_DIRECTIVES, lambda n: f"{{ product {'@a ' * n} {{ id }} }}"),
        (MAX_DEFINITIONS, lambda n: fields(n, "query A{} {{ __typename }}")),
        (MAX_SPREADS, lambda n: f"{{ product {{ {'...F ' * n} }} }} fragment F on Product {{ __typename }}"),
        (MAX_ROOT_FIELDS, lambda n: f"{{ {fields(n)} }}"),
        (MAX_ROOT_FIELDS, lambda n: f"{{ ... {{ ...F }} }} fragment F on Query {{ {fields(n)} }}"),
        (MAX_NAME, lambda n: f"{{ {'a' * n} }}"),
        (MAX_DIGITS, lambda n: f"{{ products(first: {'9' * n}) {{ totalCount }} }}"),
        (MAX_DIGITS, lambda n: f"{{ products(filter: [{{a: 0.{'9' * (n - 2)}}}]) {{ totalCount }} }}"),
        (MAX_NESTING, lambda n: f"{{ product{'{...' * (n - 2)}{{id}}{'}' * (n - 2)} }}"),
        (MAX_NESTING, lambda n: f"{{ product(a: {'[' * (n - 1)}{']' * (n - 1)}) {{ id }} }}"),
        (MAX_NESTING, lambda n: f"query ($a: {'[' * n}Int{']' * n}) {{ __typename }}"),
    ],
    ids=["aliases", "directives", "definitions", "spreads", "roots", "roots in fragments", "name", "digits",
         "decimals", "inline fragments", "lists", "types"],
)  # fmt: skip
def test_each_limit_is_allowed_and_one_more_is_not(most: int, document: Any) -> None:
    """So many of a thing pass, one more is refused once."""
    below = problems(document(most))
    assert [] == [message for message in below if "too often" not in message]
    assert 1 == len([message for message in problems(document(most + 1)) if "too often" not in message])


@pytest.mark.parametrize("fragments", [False, True])
def test_the_same_field_may_be_selected_some_times_in_one_place(fragments: bool) -> None:
    """Each is compared with each; by fragments or not, and all below one parent that is named twice."""
    field = "... on Product { id }" if fragments else "id"
    assert [] == problems(f"{{ product {{ {field} {field} }} product {{ {field} }} }}")
    [message] = problems(f"{{ product {{ {f'{field} ' * 50} }} }}")
    assert "too often" in message
    assert 50 * 49 // 2 > MAX_PAIRS


def test_objects_that_are_merged_count_their_fields_together() -> None:
    """n objects of one name with a field each: as many pairs of the field as of the object."""
    _, count = weighed("{" + "product { id } " * 9 + "}")
    assert 2 * (9 * 8 // 2) == count.pairs


@pytest.mark.parametrize("document", [doubling(60, "product { id }"), doubling_below(60)])
def test_what_doubles_is_left_soon(document: str) -> None:
    """2 to the power of 60 selections: the walk ends at the limit."""
    parsed = parse(document)
    scale = Scale(SCHEMA, parsed, None)
    with pytest.raises(TooMuchError):
        scale.weigh(operations(parsed)[0])
    assert scale.count.visits <= MAX_SELECTIONS + 1


@pytest.mark.parametrize("name", BOMBS)
def test_judging_looks_at_each_node_once(name: str) -> None:
    """As many nodes as the document has, and at most so many selections, whatever is in it."""
    document, code = BOMBS[name]
    try:
        parsed = parse(document, max_lexical_tokens=MAX_TOKENS)
    except GraphQLSyntaxError:
        return  # the parser has stopped at a limit of its own
    assert shape_of(parsed).visits <= len(document)
    for operation in operations(parsed):
        scale = Scale(SCHEMA, parsed, None)
        try:
            scale.weigh(operation)
        except TooMuchError:
            assert code == LARGE
        assert scale.count.visits <= MAX_SELECTIONS + 1


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12))
def test_fragments_that_spread_each_other_come_to_an_end(spreads: list[tuple[int, int]]) -> None:
    """Cycles are for the standard rules to refuse; here they must only end, and soon."""
    fragments = " ".join(
        f"fragment F{n} on Query {{ product {{ id }} {' '.join(f'...F{target}' for target in targets)} }}"
        for n, targets in enumerate(spreads)
    )
    parsed = parse(f"{{ ...F0 }} {fragments}")
    scale = Scale(SCHEMA, parsed, None)
    scale.weigh(operations(parsed)[0])
    assert scale.count.visits <= MAX_SELECTIONS


def test_every_operation_is_weighed() -> None:
    """Which of them is to run is not known when the document is judged."""
    large = "products(first: 100) { edges { node { localItems(first: 100) { edges { cursor } } } } }"
    assert 1 == len(problems(f"query A {{ __typename }} query B {{ {large} }}"))


def test_the_introspection_of_tools_is_within_the_limits() -> None:
    """As they send it, with everything that it can ask for."""
    whole = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert [] == problems(get_introspection_query())
    assert [] == problems(whole)


TYPES_IN_TYPES = {
    "fields of fields": "{ __schema { types { fields { type { fields { name } } } } } }",
    "interfaces of types": "{ __schema { types { possibleTypes { interfaces { name } } } } }",
    "in fragments": "{ __schema { types { ...T } } } fragment T on __Type { fields { type { fields { name } } } }",
    "of one type": '{ __type(name: "Product") { fields { type { fields { name } } } } }',
    "thirty times": "{" + fields(30, "a{}: __schema {{ types {{ fields {{ args {{ name }} }} }} }}") + "}",
}


@pytest.mark.parametrize("document", TYPES_IN_TYPES.values(), ids=TYPES_IN_TYPES)
def test_introspection_of_types_in_types_is_refused(document: str) -> None:
    """Types have fields which have types; the message says where the whole schema is."""
    [message] = problems(document)
    assert "/graphql/schema.graphql" in message


def test_variables_nest_and_number_up_to_limits() -> None:
    """One deeper, or one more, is too much."""
    assert excess_of_variables(deep_json(MAX_VARIABLE_DEPTH)) is None
    assert excess_of_variables(deep_json(MAX_VARIABLE_DEPTH + 1)) is not None
    assert excess_of_variables({"a": ["x"] * (MAX_VARIABLE_VALUES - 1)}) is None
    assert excess_of_variables({"a": ["x"] * MAX_VARIABLE_VALUES}) is not None
