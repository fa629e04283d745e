"""One declaration per field: graph, dictionary and open data follow from it, and add nothing of their own."""

from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType
from strawberry.utils.str_converters import to_camel_case

from publish.declared import PUBLIC_ENTITIES
from publish.suppression import BANDS
from publish.tables import public_tables
from schema.declare import Entity, EntityField, Release, ToOne, fields_of, graph_fields
from schema.dictionary import dictionary
from schema.entities import ENTITIES
from tests.lib.graph_text import schema_of_text

#: the schema's text, read by graphql-core alone
SDL = schema_of_text()
DECLARED = [(entity, field) for entity in ENTITIES for field in fields_of(entity)]

each_entity = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.__name__)
each_field = pytest.mark.parametrize(
    ("entity", "field"), DECLARED, ids=[f"{entity.__name__}.{field.name}" for entity, field in DECLARED]
)


def graph_type(entity: type[Entity]) -> GraphQLObjectType:
    """The entity's type in the schema's text."""
    kind = SDL.type_map[entity.__name__]
    assert isinstance(kind, GraphQLObjectType)
    return kind


def scopes_of(field: Any) -> list[list[str]]:
    """The argument of the field's one directive, @requiresScopes."""
    [directive] = field.ast_node.directives
    assert "requiresScopes" == directive.name.value
    return [[scope.value for scope in group.values] for group in directive.arguments[0].value.values]


@each_field
def test_a_field_is_in_the_graph_with_its_scope_and_label(entity: type[Entity], field: EntityField) -> None:
    """Unless it is closed: then it is not there at all."""
    shown = graph_type(entity).fields.get(to_camel_case(field.name))
    if field.release is Release.CLOSED:
        assert shown is None
        return
    assert shown is not None
    assert [[field.scope.value]] == scopes_of(shown)
    note, unit = field.declaration.note, field.declaration.unit
    words = [field.label.zh, field.label.en, *([note.zh, note.en] if note else []), *([unit] if unit else [])]
    assert [] == [word for word in words if word not in (shown.description or "")]


@each_entity
def test_the_graph_has_no_field_of_its_own(entity: type[Entity]) -> None:
    """Declared fields, declared relations, and of a fact what held when and where it comes from."""
    declared = {field.name for field in graph_fields(entity)} | {each.name for each in entity.about.relations}
    own = set(graph_type(entity).fields) - {to_camel_case(name) for name in declared}
    assert own == ({"history", "provenance"} if entity.about.temporal else set())


@each_entity
def test_relations_lead_where_they_are_declared_to(entity: type[Entity]) -> None:
    """To one thing or to pages of things, under the scope and label declared."""
    by_name = {other.__name__: other for other in ENTITIES}
    for relation in entity.about.relations:
        shown = graph_type(entity).fields[to_camel_case(relation.name)]
        many = not isinstance(relation, ToOne)
        assert (f"{relation.target}Connection!" if many else relation.target) == str(shown.type)
        assert [[by_name[relation.target].about.scope.value]] == scopes_of(shown)
        assert str(relation.label) == shown.description


@each_entity
def test_each_entity_has_a_root(entity: type[Entity]) -> None:
    """Pages of it, under the name, the label and the scope that it declares."""
    assert SDL.query_type is not None
    shown = SDL.query_type.fields[to_camel_case(entity.about.plural)]
    assert f"{entity.__name__}Connection!" == str(shown.type)
    assert [[entity.about.scope.value]] == scopes_of(shown)
    assert str(entity.about.roots or entity.about.label) == shown.description


def test_roots_stand_in_the_order_of_the_entities() -> None:
    """Behind what is no page of an entity."""
    assert SDL.query_type is not None
    others = ["me", "at", "search", "identify", "changes", "listDiff", "product", "region"]
    assert [*others, *(to_camel_case(each.about.plural) for each in ENTITIES)] == list(SDL.query_type.fields)


@each_entity
def test_filters_take_the_fields_declared_filterable(entity: type[Entity]) -> None:
    """Those, the relations, the words that combine filters, and no others."""
    filterable = [each.name for each in graph_fields(entity) if each.declaration.filterable]
    relations = [each.name for each in entity.about.relations]
    shown = SDL.type_map[f"{entity.__name__}Filter"]
    assert isinstance(shown, GraphQLInputObjectType)
    expected = ["and", "or", "not", *map(to_camel_case, (*filterable, *relations))]
    assert expected == list(shown.fields)


@each_entity
def test_orders_take_the_fields_declared_sortable(entity: type[Entity]) -> None:
    """Those and no others."""
    sortable = [each.name.upper() for each in graph_fields(entity) if each.declaration.sortable]
    shown = SDL.type_map.get(f"{entity.__name__}OrderField")
    assert shown is None or isinstance(shown, GraphQLEnumType)
    assert sortable == (list(shown.values) if shown else [])


@each_field
def test_a_key_is_always_stated(entity: type[Entity], field: EntityField) -> None:
    """Every order of pages ends with it, and it tells all rows apart."""
    if field.name in entity.about.key:
        assert not field.nullable
    if field.declaration.sortable or field.name in entity.about.key:
        assert not field.declaration.is_open_ended


def test_the_dictionary_explains_every_field_once() -> None:
    """Table, column, label, scope and release class, in the order of the declarations."""
    expected = [
        (entity.__tablename__, field.name, field.label.zh, field.label.en, field.scope.value, field.release)
        for entity, field in DECLARED
    ]  # fmt: skip
    assert expected == [
        (each.table, each.column, each.label_zh, each.label_en, each.scope, each.release)
        for each in dictionary()
    ]


def test_open_data_has_the_open_fields_and_no_others() -> None:
    """Table by table, in the order of the declarations; bands stand beside them instead of counts."""
    expected = [(entity.__name__, field.name) for entity, field in DECLARED if field.is_open]
    assert expected == [
        (table.entity.__name__, column.name)
        for table in public_tables()
        for column in table.columns
        if table.entity in ENTITIES and column.name not in BANDS.get(table.entity, {})
    ]


def test_tables_of_releases_alone_are_declared_as_entities_are() -> None:
    """Open from column to column; each is worked out by a query, or says why there is nothing."""
    assert len(PUBLIC_ENTITIES) > 3
    for entity in PUBLIC_ENTITIES:
        assert all(field.is_open for field in fields_of(entity))
        assert set(entity.about.key) <= {field.name for field in fields_of(entity)}
        assert (entity.query is None) == (entity.absent is not None)


@each_entity
def test_keys_and_relations_name_declared_fields(entity: type[Entity]) -> None:
    """A relation joins a field of its own to a field of its target."""
    names = {each.__name__: {field.name for field in graph_fields(each)} for each in ENTITIES}
    assert set(entity.about.key) <= names[entity.__name__]
    for relation in entity.about.relations:
        assert relation.local in names[entity.__name__]
        assert relation.remote in names[relation.target]
