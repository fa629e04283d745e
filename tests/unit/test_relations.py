"""Relations, dimensions and measures hold together: what they name is there, and each way has its way back."""

from decimal import Decimal

import pytest

from schema.declare import (
    Above,
    Below,
    Dimension,
    Entity,
    EntityField,
    Part,
    Relation,
    ToOne,
    fields_of,
    graph_fields,
)
from schema.entities import ENTITIES, Fact, Region, entity_named
from schema.entities.fact import live_now, past
from schema.scopes import Scope

RELATIONS = [(entity, relation) for entity in ENTITIES for relation in entity.about.relations]
DIMENSIONS = [(entity, dimension) for entity in ENTITIES for dimension in entity.about.dimensions]
FIELDS = [(entity, field) for entity in ENTITIES for field in fields_of(entity)]

#: relations without a way back, and why
ONE_WAY = {
    "StockTake.batch": "what came of a batch is told by the provenance of each fact, not by the batch",
    "FormularyConfirmation.batch": "the same",
}
#: to-one relations to a column that is no key of its own, and why it leads to one row all the same
ONE_BY_RULE = {
    "PackCode.product": "an approval number is one medicine: its identifier is made of it",
    "PackCode.pack": "an insurance code is one pack: its identifier is made of it",
    "LocalItem.pack": "an insurance code is one pack: its identifier is made of it",
    "InstitutionItem.pack": "an insurance code is one pack: its identifier is made of it",
    "PlatformProduct.pack": "an insurance code is one pack: its identifier is made of it",
    "Product.authorization": "an approval number is one authorisation, as it is one medicine",
    "DrugListVersion.in_force_on": "a version is of one list: its identifier is made of it",
    "ReserveListVersion.in_force_on": "a version is of one list: its identifier is made of it",
    "FormerNumber.authorization": "an approval number is one authorisation, as it is one medicine",
}
#: columns in which a division code stands without a relation, and why
NO_REGION = {
    "OnSale.province_code": "the first two digits, by which the table is kept in parts",
    "InstitutionMedicine.province_code": "the same",
}

each_entity = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.__name__)
each_relation = pytest.mark.parametrize(
    ("entity", "relation"), RELATIONS, ids=[f"{entity.__name__}.{each.name}" for entity, each in RELATIONS]
)
each_dimension = pytest.mark.parametrize(
    ("entity", "dimension"), DIMENSIONS, ids=[f"{entity.__name__}.{each.name}" for entity, each in DIMENSIONS]
)


def in_graph(entity: type[Entity]) -> dict[str, EntityField]:
    """The fields that the graph has, by name."""
    return {field.name: field for field in graph_fields(entity)}


def leads(entity: type[Entity], column: str, where: str | None) -> bool:
    """Whether an index over these rows (None: all) begins with the column."""
    table = entity.metadata.tables[str(entity.__tablename__)]
    if where is None and table.primary_key.columns.keys()[0] == column:
        return True
    for index in table.indexes:
        condition = index.dialect_options["postgresql"]["where"]
        if index.columns.keys()[0] == column and (None if condition is None else str(condition)) == where:
            return True
    return False


def is_way_back(relation: Relation, entity: type[Entity], other: Relation) -> bool:
    """Whether the other relation, of the target, leads from there to here by the same columns."""
    return other.target == entity.__name__ and (other.local, other.remote) == (
        relation.remote,
        relation.local,
    )


@each_relation
def test_a_relation_joins_columns_of_one_type(entity: type[Entity], relation: Relation) -> None:
    """Both are in the graph, and their values can be the same."""
    local, remote = in_graph(entity)[relation.local], in_graph(entity_named(relation.target))[relation.remote]
    assert (local.python_type, local.declaration.is_id) == (remote.python_type, remote.declaration.is_id)


@each_relation
def test_a_relation_has_its_way_back(entity: type[Entity], relation: Relation) -> None:
    """Whoever can go there can come back, but for the exceptions above."""
    back = [
        each for each in entity_named(relation.target).about.relations if is_way_back(relation, entity, each)
    ]
    if isinstance(relation, Above):
        # from all above one division: all below each of them
        back = [
            each
            for each in entity.about.relations
            if isinstance(each, Below) and each.target == relation.target
        ]
    assert bool(back) != (f"{entity.__name__}.{relation.name}" in ONE_WAY)


@each_relation
def test_a_relation_to_one_leads_to_one(entity: type[Entity], relation: Relation) -> None:
    """Its column is the whole key there, or no two rows have the same value in it."""
    if not isinstance(relation, ToOne):
        return
    target = entity_named(relation.target)
    unique = [i.columns.keys() for i in target.metadata.tables[str(target.__tablename__)].indexes if i.unique]
    is_key = target.about.key == (relation.remote,) or [relation.remote] in unique
    assert is_key != (f"{entity.__name__}.{relation.name}" in ONE_BY_RULE)


@each_relation
def test_an_index_begins_with_what_a_relation_leads_to(entity: type[Entity], relation: Relation) -> None:
    """Of the rows that hold now; and of those of the past, by an index or by the primary key."""
    target = entity_named(relation.target)
    if not issubclass(target, Fact):
        assert leads(target, relation.remote, None)
        return
    assert leads(target, relation.remote, live_now())
    assert leads(target, relation.remote, past()) or leads(target, relation.remote, None)


@each_entity
def test_names_of_an_entity_are_its_own(entity: type[Entity]) -> None:
    """No two relations share a name, none has the name of a field, and no two dimensions share one."""
    relations = [relation.name for relation in entity.about.relations]
    dimensions = [dimension.name for dimension in entity.about.dimensions]
    assert len(set(relations)) == len(relations)
    assert not set(relations) & {field.name for field in fields_of(entity)}
    assert len(set(dimensions)) == len(dimensions)


@each_entity
def test_a_division_code_leads_to_its_division(entity: type[Entity]) -> None:
    """By a relation to the division, so that filters and dimensions know the column for what it is."""
    codes = {
        field.name
        for field in fields_of(entity)
        if field.name in ("parent_code", "region_code", "province_code")
        and f"{entity.__name__}.{field.name}" not in NO_REGION
    }
    assert codes == {
        relation.local
        for relation in entity.about.relations
        if isinstance(relation, ToOne) and (relation.target, relation.remote) == ("Region", "code")
    }


@each_dimension
def test_a_dimension_ends_at_a_field(entity: type[Entity], dimension: Dimension) -> None:
    """By relations to one, at a field of the graph that has such a part."""
    at = entity
    for name in dimension.path:
        [step] = [relation for relation in at.about.relations if relation.name == name]
        assert isinstance(step, ToOne)
        at = entity_named(step.target)
    field = in_graph(at)[dimension.column]
    if dimension.part in (Part.PROVINCE, Part.CITY, Part.COUNTY):
        assert at is Region or dimension.column == "region_code"
        assert str is field.python_type
    elif dimension.part is not Part.WHOLE:
        assert field.python_type.__name__ in ("date", "datetime")


@pytest.mark.parametrize(
    ("entity", "field"), FIELDS, ids=[f"{entity.__name__}.{each.name}" for entity, each in FIELDS]
)
def test_a_measure_is_a_number(entity: type[Entity], field: EntityField) -> None:
    """Never an identifier or a code, and never more open than the field."""
    if field.declaration.measured:
        assert field.python_type in (int, Decimal)
        assert not field.declaration.is_id


def test_confidential_prices_are_read_and_nothing_else() -> None:
    """No filter and no order can tell one from another."""
    confidential = [field for _, field in FIELDS if field.scope is Scope.PROCUREMENT_PRICE_CONFIDENTIAL_READ]
    assert confidential
    assert not any(field.declaration.filterable or field.declaration.sortable for field in confidential)
