"""Every dimension, measure, relation, order and filter of every entity gives the same answer in all three ways."""

import asyncio
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type
from strawberry.utils.str_converters import to_camel_case

from schema.declare import Dimension, Entity, Part, ToOne, field_of, graph_fields
from schema.entities import ENTITIES
from schema.plan import meaning as m
from schema.plan.cursor import encode_cursor
from schema.plan.groups import OF_DIVISIONS
from schema.plan.meaning import meaning_of
from schema.plan.nodes import Order, complete_order
from tests.lib.databases import Templates
from tests.lib.graph_documents import Document, literal
from tests.lib.graph_engines import SCHEMA, Engines, compare, engines_over
from tests.lib.graph_rows import DAYS, LEARNED, rows_of_everything
from tests.lib.graph_values import Trees, sample

_FIGURES = "{ count sum min max average median quantile(at: 0.9) }"


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """The loop in which all is answered."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def engines(
    embedded: str, templates: Templates, loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engines]:
    """Engines over random rows."""
    templates.folder(embedded)
    context = engines_over(
        embedded, rows_of_everything(9, fewest=6, most=14), tmp_path_factory.mktemp("landing")
    )
    yield loop.run(context.__aenter__())
    loop.run(context.__aexit__(None, None, None))


def pages_of(entity: type[Entity], selected: str) -> str:
    """A document that selects this of a page of an entity: at the root, or through a relation where it has no root."""
    query = SCHEMA.query_type
    assert query is not None
    if name := _page_in(query, entity):
        return f"{{ {name}(first: 2) {selected} }}"
    for other in ENTITIES:
        there = SCHEMA.type_map[other.__name__]
        assert isinstance(there, GraphQLObjectType)
        inner, outer = _page_in(there, entity), _page_in(query, other)
        if inner and outer:
            return f"{{ {outer}(first: 9) {{ nodes {{ {inner}(first: 2) {selected} }} }} }}"
    pytest.skip(f"only single rows lead to {entity.__name__}")


def _page_in(kind: GraphQLObjectType, entity: type[Entity]) -> str | None:
    found = (name for name, field in kind.fields.items() if _is_page(meaning_of(field), entity))
    return next(found, None)


def _is_page(meaning: m.Meaning, entity: type[Entity]) -> bool:
    return isinstance(meaning, m.PageOf) and meaning.entity is entity


def _check(engines: Engines, loop: asyncio.Runner, text: str) -> None:
    difference = loop.run(compare(engines, Document(text, ({}, {}))))
    assert difference is None, difference


GROUPED = [(entity, dimension) for entity in ENTITIES for dimension in entity.about.dimensions]
each_entity = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.__name__)


@pytest.mark.parametrize(
    ("entity", "dimension"), GROUPED, ids=[f"{entity.__name__}-{by.name}" for entity, by in GROUPED]
)
def test_groups(engines: Engines, loop: asyncio.Runner, entity: type[Entity], dimension: Dimension) -> None:
    """By each dimension, with its key and cursor."""
    name = to_camel_case(dimension.name)
    shown = f"{name} {{ name }}" if dimension.part in OF_DIVISIONS else name
    by = f"groups(by: [{dimension.name.upper()}])"
    page = f"{{ {by} {{ edges {{ cursor node {{ key {{ {shown} }} aggregate {{ count }} }} }} }} }}"
    _check(engines, loop, pages_of(entity, page))


@each_entity
def test_figures(engines: Engines, loop: asyncio.Runner, entity: type[Entity]) -> None:
    """Of each measure, of all rows."""
    measures = [to_camel_case(field.name) for field in graph_fields(entity) if field.declaration.measured]
    figures = " ".join(f"{name} {_FIGURES}" for name in measures)
    _check(engines, loop, pages_of(entity, f"{{ aggregate {{ count {figures} }} }}"))


@each_entity
def test_relations_and_leaves(engines: Engines, loop: asyncio.Runner, entity: type[Entity]) -> None:
    """Each relation, and each column."""
    columns = " ".join(to_camel_case(field.name) for field in graph_fields(entity))
    _check(engines, loop, pages_of(entity, f"{{ nodes {{ {columns} }} }}"))
    for relation in entity.about.relations:
        name = to_camel_case(relation.name)
        if isinstance(relation, ToOne):
            inner = f"{name} {{ __typename }}"
        else:
            inner = f"{name}(first: 3) {{ totalCount edges {{ cursor }} pageInfo {{ hasNextPage }} }}"
        _check(engines, loop, pages_of(entity, f"{{ nodes {{ {inner} }} }}"))


@each_entity
def test_filters(engines: Engines, loop: asyncio.Runner, entity: type[Entity]) -> None:
    """By each column with each operator, and by each relation; and what they do not hold for."""
    kind: Any = SCHEMA.type_map[f"{entity.__name__}Filter"]
    assert isinstance(kind, GraphQLInputObjectType)
    random = Random(entity.__name__)
    trees = Trees(random, engines.rows)
    counted = pages_of(entity, "{ totalCount }")
    for _ in range(len(kind.fields)):
        given = literal(kind, sample(random, trees.filter(entity, kind)))
        for each in (given, f"{{not: {given}}}"):
            _check(engines, loop, counted.replace("first: 2", f"first: 2, filter: {each}"))


@each_entity
def test_orders(engines: Engines, loop: asyncio.Runner, entity: type[Entity]) -> None:
    """By each sortable column in both directions, from either side of some row on, over nothing too."""
    kind = SCHEMA.type_map.get(f"{entity.__name__}Order")
    if not isinstance(kind, GraphQLInputObjectType):
        return
    choices: Any = get_named_type(kind.fields["field"].type)
    random, page = Random(entity.__name__), pages_of(entity, "{ edges { cursor } }")
    for name in choices.values:
        for descending in (False, True):
            order = complete_order(entity, (Order(name.lower(), descending),))
            argument = f"orderBy: [{{field: {name}, direction: {'DESC' if descending else 'ASC'}}}]"
            row = random.choice(engines.rows[entity])
            nothing = {**row, name.lower(): None} if field_of(entity, name.lower()).nullable else row
            for window in ("first: 9", "last: 9"):
                for cursor in (encode_cursor(entity, order, each) for each in (row, nothing)):
                    asked = (
                        f"{window}, {random.choice(('after', 'before'))}: {json.dumps(cursor)}, {argument}"
                    )
                    _check(engines, loop, page.replace("first: 2", asked))


@each_entity
def test_instants(engines: Engines, loop: asyncio.Runner, entity: type[Entity]) -> None:
    """At the very instants at which something begins, ends, or was learned."""
    page = pages_of(entity, "{ totalCount edges { cursor } }").replace("first: 2", "first: 9")
    for instants in [{"asOf": day} for day in DAYS] + [{"knownAt": known} for known in LEARNED]:
        given = ", ".join(f"{name}: {json.dumps(at.isoformat())}" for name, at in instants.items())
        _check(engines, loop, f"{{ at({given}) {page} }}")


def test_parts_of_values_are_all_grouped_by() -> None:
    """No part of a value is without a dimension above."""
    assert {dimension.part for _, dimension in GROUPED} == set(Part)
