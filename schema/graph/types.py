"""The graph's object types, made from the entities: one field for each declared field, one for each relation."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from schema import entities
from schema.declare import Entity, EntityField, Relation, ToOne, field_of, graph_fields
from schema.entities import ENTITIES, Fact, entity_named
from schema.graph import resolve
from schema.graph.directives import requires
from schema.graph.inputs import choices, filter_input, lazy, lazy_list, list_filter_input, order_input
from schema.graph.pages import page_types
from schema.graph.resolve import GraphInfo
from schema.graph.scalars import BigInt
from schema.graph.signatures import give_signature, parameter
from schema.plan import meaning as m
from schema.plan.meaning import means
from schema.scopes import Scope

_SCALARS: dict[type, Any] = {
    str: str,
    int: int,
    bool: bool,
    Decimal: Decimal,
    date: date,
    datetime: datetime,
}


def _of_batch(column: str, description: str) -> Any:
    """A field that is the batch's."""

    async def get(root: Any, info: GraphInfo) -> str:
        return str(getattr(await resolve.batch_of(root, info), column))

    return strawberry.field(
        resolver=get,
        description=description,
        directives=[requires(Scope.FEED_READ)],
        metadata=means(m.OfBatch(field_of(entities.Batch, column))),
    )


@strawberry.type(
    description="出处：某条记录出自哪个文件的哪一行 Where a fact comes from: which row of which file."
)
class Provenance:
    """Where a fact comes from. The original text may hold what other scopes guard, so it has its own."""

    row_number: int = strawberry.field(
        directives=[requires(Scope.FEED_READ)],
        description="行号 Row of the file; its first row is 1",
        metadata=means(m.RowNumber()),
    )
    batch: Any = strawberry.field(
        resolver=resolve.batch_of,
        graphql_type=lazy("Batch"),
        directives=[requires(Scope.FEED_READ)],
        description="批次 Batch",
        metadata=means(m.BatchOf()),
    )
    feed_code: str = _of_batch("feed_code", "数据源代码 Feed code")
    file_name: str = _of_batch("file_name", "文件名 File name")
    sha256: str = _of_batch("sha256", "文件 SHA-256 SHA-256 of the file")
    original_text: str | None = strawberry.field(
        resolver=resolve.original_text,
        directives=[requires(Scope.FEED_RAW_READ)],
        description="原文，一如收到 The row as it was received",
        metadata=means(m.Ordinary()),
    )


def connection_field(entity: type[Entity], description: str, relation: Relation | None = None) -> Any:
    """A field that gives a page of an entity; of those that a relation leads to, or of all."""

    async def get(root: Any, info: GraphInfo, **given: Any) -> Any:
        return await resolve.a_page(root, info, entity, relation, given)

    parameters = [parameter("filter", lazy(f"{entity.__name__}Filter") | None, None)]
    if ORDERS[entity]:
        parameters.append(parameter("order_by", lazy_list(f"{entity.__name__}Order") | None, None))
    give_signature(get, [*parameters, *_window()], lazy(f"{entity.__name__}Connection"))
    return strawberry.field(
        resolver=get,
        description=description,
        directives=[requires(entity.about.scope)],
        metadata=means(m.PageOf(entity, relation)),
    )


def object_type(entity: type[Entity]) -> type:
    """The graph's type of an entity."""
    annotations: dict[str, Any] = {}
    namespace: dict[str, Any] = {"__annotations__": annotations, "__doc__": entity.__doc__}
    for field in graph_fields(entity):
        annotations[field.name] = _annotation(field)
        namespace[field.name] = strawberry.field(
            description=_description(field),
            directives=[requires(field.scope)],
            metadata=means(m.Column(field)),
        )
    for relation in entity.about.relations:
        namespace[relation.name] = _relation_field(relation)
    if entity.about.temporal:
        namespace["history"] = _history_field(entity)
        namespace["provenance"] = _provenance_field(entity)
    namespace["is_type_of"] = classmethod(lambda _cls, found, _info: found.entity is entity)
    return strawberry.type(type(entity.__name__, (), namespace), description=str(entity.about.label))


def own_fields(entity: type[Entity]) -> list[EntityField]:
    """The fields of a fact that its files say, not those that every fact has."""
    return [field for field in graph_fields(entity) if field.name not in Fact.model_fields]


def _relation_field(relation: Relation) -> Any:
    target = entity_named(relation.target)
    if not isinstance(relation, ToOne):
        return connection_field(target, str(relation.label), relation)

    async def get(root: Any, info: GraphInfo) -> Any:
        return await resolve.related(root, info, target, relation)

    give_signature(get, [], lazy(relation.target) | None)
    return strawberry.field(
        resolver=get,
        description=str(relation.label),
        directives=[requires(target.about.scope)],
        metadata=means(m.OneOf(target, relation)),
    )


def _history_field(entity: type[Entity]) -> Any:
    async def get(root: Any, info: GraphInfo, **given: Any) -> Any:
        return await resolve.history(root, info, given)

    give_signature(get, _window(), lazy(f"{entity.__name__}Connection"))
    return strawberry.field(
        resolver=get,
        description="沿革：各时段的说法，由早到晚；其中的关联仍是所问时刻的"
        " History: what held when, from early to late; relations in it are those of the instant asked for",
        directives=[requires(entity.about.scope)],
        metadata=means(m.HistoryOf(entity)),
    )


def _provenance_field(entity: type[Entity]) -> Any:
    async def get(root: Any, info: GraphInfo, field: Any = None) -> Any:
        return await resolve.origin(root, info, field)

    give_signature(get, [parameter("field", lazy(f"{entity.__name__}Field") | None, None)], Provenance)
    return strawberry.field(
        resolver=get,
        description="出处；给 field 则为该字段现值最早出自何处（其后从未改动）"
        " Where it comes from; with `field`: who first said that field's value, which was never changed since",
        directives=[requires(Scope.FEED_READ)],
        metadata=means(m.ProvenanceOf(entity)),
    )


def _fields_enum(entity: type[Entity]) -> Any:
    return choices(
        f"{entity.__name__}Field",
        f"{entity.about.label}：字段 its fields.",
        {field.name: str(field.label) for field in own_fields(entity)},
    )


def _window() -> list[Any]:
    return [
        parameter("first", int | None, None),
        parameter("after", str | None, None),
        parameter("last", int | None, None),
        parameter("before", str | None, None),
    ]


def _annotation(field: EntityField) -> Any:
    scalar = _SCALARS[field.python_type]
    if field.declaration.is_id:
        scalar = strawberry.ID
    elif field.declaration.is_big:
        scalar = BigInt
    return scalar | None if field.nullable or field.declaration.is_open_ended else scalar


def _description(field: EntityField) -> str:
    """Label, unit and note, Chinese first."""
    unit, note = field.declaration.unit, field.declaration.note
    zh = field.label.zh + (f"（{unit}）" if unit else "") + (f"：{note.zh}" if note else "")
    en = field.label.en + (f": {note.en}" if note else "")
    return f"{zh} {en}"


ORDERS = {entity: order_input(entity) for entity in ENTITIES}
TYPES = {entity: object_type(entity) for entity in ENTITIES}
_MADE: dict[str, Any] = {entity.__name__: cls for entity, cls in TYPES.items()}
for _entity in ENTITIES:
    _MADE |= page_types(_entity)
    _MADE[f"{_entity.__name__}Filter"] = filter_input(_entity)
    _MADE[f"{_entity.__name__}ListFilter"] = list_filter_input(_entity)
    _MADE[f"{_entity.__name__}Order"] = ORDERS[_entity]
    if _entity.about.temporal:
        _MADE[f"{_entity.__name__}Field"] = _fields_enum(_entity)
# Strawberry finds the types that others name lazily as attributes of this module
globals().update(_MADE)
