"""The graph's object types, made from the entities: one field for each declared field, one for each relation."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from inspect import Parameter, Signature
from typing import Annotated, Any, Generic, NewType, TypeVar

import strawberry
from strawberry.types import Info

from schema import entities
from schema.declare import Above, Below, Entity, EntityField, Relation, ToOne, graph_fields
from schema.entities import ENTITIES, entity_named
from schema.graph.context import GraphContext, Reader, Row
from schema.graph.directives import Public, requires
from schema.graph.errors import ErrorCode, forbidden, graph_error
from schema.graph.inputs import conditions_of, filter_input, order_input, order_of
from schema.plan.cursor import CursorError, decode_cursor, encode_cursor
from schema.plan.nodes import Condition, Operator, Page, complete_order
from schema.regions import code_range, codes_above
from schema.scopes import Scope

#: rows of a page where nothing is said, and at most
DEFAULT_PAGE = 20
MAX_PAGE = 100

Node = TypeVar("Node")
GraphInfo = Info[GraphContext, None]

#: a whole number that Int cannot hold, as text: JavaScript would round it
BigInt = NewType("BigInt", int)
BIG_INT = strawberry.scalar(
    name="BigInt",
    description="大整数，以文本表示 A whole number of 64 bits, as text.",
    serialize=str,
    parse_value=int,
)

_SCALARS: dict[type, Any] = {
    str: str,
    int: int,
    bool: bool,
    Decimal: Decimal,
    date: date,
    datetime: datetime,
}


def _lazy(entity: type[Entity]) -> Any:
    """The entity's type by name: types point to each other in circles."""
    return Annotated[entity.__name__, strawberry.lazy("schema.graph.types")]


@strawberry.type(description="分页位置 Where a page stands.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = strawberry.field(
        directives=[Public()], description="后面是否还有 Whether more follow"
    )
    end_cursor: str | None = strawberry.field(
        directives=[Public()], description="末条游标，用作 after Cursor of the last edge, for `after`"
    )


@strawberry.type(description="一条结果及其游标 One result and its cursor.")
class Edge(Generic[Node]):
    """Relay's edge."""

    cursor: str = strawberry.field(directives=[Public()], description="游标 Cursor")
    node: Node = strawberry.field(directives=[Public()], description="内容 Content")


async def _total_count(root: Any, info: GraphInfo) -> int:
    return await info.context.reader.count(root.page)


@strawberry.type(description="一页结果 A page of results.")
class Connection(Generic[Node]):
    """Relay's connection; the total is counted only when asked for."""

    edges: list[Edge[Node]] = strawberry.field(directives=[Public()], description="各条 Edges")
    page_info: PageInfo = strawberry.field(
        directives=[Public()], description="分页位置 Where this page stands"
    )
    page: strawberry.Private[Page]
    total_count: int = strawberry.field(
        resolver=_total_count,
        directives=[Public()],
        description="符合条件的总数，按需统计 Total, counted when asked for",
    )


async def _batch(root: Any, info: GraphInfo) -> Any:
    return from_row(entities.Batch, await _batch_row(root, info))


async def _original_text(root: Any, info: GraphInfo) -> str | None:
    """The row as received; refused where it may hold what the caller's scopes do not open."""
    needed = await info.context.reader.raw_scope(root.batch_id)
    if needed is not None and needed not in info.context.scopes:
        raise forbidden({"Provenance.originalText": [[Scope.FEED_RAW_READ.value, needed.value]]})
    return await info.context.reader.original_row(root.batch_id, root.row_number)


async def _batch_row(root: Any, info: GraphInfo) -> Row:
    row = await info.context.reader.one(entities.Batch, "id", root.batch_id)
    if row is None:
        raise LookupError(f"a fact of batch {root.batch_id}, which is not in the books")
    return row


def _of_batch(column: str, description: str) -> Any:
    """A field that is the batch's."""

    async def resolve(root: Any, info: GraphInfo) -> str:
        return str((await _batch_row(root, info))[column])

    return strawberry.field(resolver=resolve, description=description, directives=[requires(Scope.FEED_READ)])


@strawberry.type(
    description="出处：某条记录出自哪个文件的哪一行 Where a fact comes from: which row of which file."
)
class Provenance:
    """Where a fact comes from. The original text may hold what other scopes guard, so it has its own."""

    batch_id: strawberry.Private[int]
    row_number: int = strawberry.field(
        directives=[requires(Scope.FEED_READ)], description="行号 Row of the file; its first row is 1"
    )
    batch: Any = strawberry.field(
        resolver=_batch,
        graphql_type=_lazy(entities.Batch),
        directives=[requires(Scope.FEED_READ)],
        description="批次 Batch",
    )
    feed_code: str = _of_batch("feed_code", "数据源代码 Feed code")
    file_name: str = _of_batch("file_name", "文件名 File name")
    sha256: str = _of_batch("sha256", "文件 SHA-256 SHA-256 of the file")
    original_text: str | None = strawberry.field(
        resolver=_original_text,
        directives=[requires(Scope.FEED_RAW_READ)],
        description="原文，一如收到 The row as it was received",
    )


def connection_field(
    entity: type[Entity],
    description: str,
    conditions: Callable[[Any, dict[str, Any]], tuple[Condition, ...]],
    arguments: dict[str, Any] | None = None,
) -> Any:
    """A field that gives a page of an entity.

    `conditions` gives, from the object and the values of the extra `arguments` (name to type), what holds
    beside the caller's filter.
    """
    extra = arguments or {}

    async def resolve(root: Any, info: GraphInfo, **given: Any) -> Any:
        scopes = info.context.scopes
        order = complete_order(entity, order_of(entity, given.get("order_by"), scopes))
        page = Page(
            entity,
            conditions(root, given) + conditions_of(entity, given.get("filter"), scopes),
            order,
            _page_size(given["first"]),
            _after(entity, order, given.get("after")),
        )
        return await _connection(info.context.reader, page)

    parameters = [_parameter(name, kind | None, None) for name, kind in extra.items()]
    if filters := FILTERS[entity]:
        parameters.append(_parameter("filter", filters | None, None))
    if orders := ORDERS[entity]:
        parameters.append(_parameter("order_by", list[orders] | None, None))  # type: ignore[valid-type]
    parameters += [_parameter("first", int, DEFAULT_PAGE), _parameter("after", str | None, None)]
    _give_signature(resolve, parameters, Connection[_lazy(entity)])  # type: ignore[misc]
    return strawberry.field(
        resolver=resolve, description=description, directives=[requires(entity.about.scope)]
    )


def object_type(entity: type[Entity]) -> type:
    """The graph's type of an entity."""
    annotations: dict[str, Any] = {}
    namespace: dict[str, Any] = {"__annotations__": annotations, "__doc__": entity.__doc__}
    for field in graph_fields(entity):
        annotations[field.name] = _annotation(field)
        namespace[field.name] = strawberry.field(
            description=_description(field), directives=[requires(field.scope)]
        )
    for relation in entity.about.relations:
        namespace[relation.name] = _relation_field(entity, relation)
    if "batch_id" in annotations and "row_number" in annotations and entity.about.temporal:
        namespace["provenance"] = _provenance_field(entity)
    cls = type(entity.__name__, (), namespace)
    return strawberry.type(cls, description=str(entity.about.label))


def from_row(entity: type[Entity], row: Row) -> Any:
    """A row as an object of the entity's type."""
    return TYPES[entity](**row)


def _relation_field(entity: type[Entity], relation: Relation) -> Any:
    target = entity_named(relation.target)
    description = str(relation.label)
    if not isinstance(relation, ToOne):

        def of_this(root: Any, _given: dict[str, Any]) -> tuple[Condition, ...]:
            return (_related(relation, getattr(root, relation.local)),)

        return connection_field(target, description, of_this)

    async def resolve(root: Any, info: GraphInfo) -> Any:
        value = getattr(root, relation.local)
        row = None if value is None else await info.context.reader.one(target, relation.remote, value)
        return row and from_row(target, row)

    _give_signature(resolve, [], _lazy(target) | None)
    return strawberry.field(
        resolver=resolve, description=description, directives=[requires(target.about.scope)]
    )


def _related(relation: Relation, value: Any) -> Condition:
    """What holds of the rows that a relation leads to from a row with this value."""
    if isinstance(relation, Below):
        return Condition(relation.remote, Operator.WITHIN, code_range(value))
    if isinstance(relation, Above):
        return Condition(relation.remote, Operator.IN, list(codes_above(value)))
    return Condition(relation.remote, Operator.EQ, value)


def _provenance_field(entity: type[Entity]) -> Any:
    def resolve(root: Any) -> Provenance:
        return Provenance(batch_id=root.batch_id, row_number=root.row_number)

    return strawberry.field(
        resolver=resolve, description="出处 Where it comes from", directives=[requires(Scope.FEED_READ)]
    )


async def _connection(reader: Reader, page: Page) -> Any:
    rows = await reader.page(page)
    edges = [
        Edge(cursor=encode_cursor(page.entity, page.order, row), node=from_row(page.entity, row))
        for row in rows[: page.first]
    ]
    has_next = len(rows) > page.first
    return Connection(
        edges=edges,
        page_info=PageInfo(has_next_page=has_next, end_cursor=edges[-1].cursor if edges else None),
        page=page,
    )


def _page_size(first: int) -> int:
    if 0 <= first <= MAX_PAGE:
        return first
    raise graph_error(
        ErrorCode.BAD_ARGUMENT,
        f"first 应在 0 到 {MAX_PAGE} 之间，这里是 {first}。",
        f"first must be from 0 to {MAX_PAGE}, here it is {first}",
    )


def _after(entity: type[Entity], order: tuple[Any, ...], after: str | None) -> tuple[Any, ...] | None:
    if after is None:
        return None
    try:
        return decode_cursor(entity, order, after)
    except CursorError as error:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT,
            "after 不是此排序给出的游标。",
            "after is no cursor that this order gave out",
        ) from error


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


def _parameter(name: str, kind: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def _give_signature(resolve: Callable[..., Any], parameters: list[Parameter], returns: Any) -> None:
    """Tell Strawberry, which reads signatures, what a resolver made here takes and gives."""
    either = Parameter.POSITIONAL_OR_KEYWORD
    all_parameters = [Parameter("root", either), Parameter("info", either, annotation=GraphInfo), *parameters]
    resolve.__signature__ = Signature(all_parameters, return_annotation=returns)  # type: ignore[attr-defined]
    resolve.__annotations__ = {
        "info": GraphInfo,
        **{parameter.name: parameter.annotation for parameter in parameters},
        "return": returns,
    }


FILTERS = {entity: filter_input(entity) for entity in ENTITIES}
ORDERS = {entity: order_input(entity) for entity in ENTITIES}
TYPES = {entity: object_type(entity) for entity in ENTITIES}
# Strawberry finds the types that others name lazily as attributes of this module
globals().update({entity.__name__: cls for entity, cls in TYPES.items()})
