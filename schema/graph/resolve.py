"""Resolvers of the ordinary execution: field by field, for what is not compiled, and as a witness in tests."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import strawberry
from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case

from schema import entities
from schema.declare import Entity, EntityField, Relation, ToOne, field_of
from schema.graph.context import GraphContext, Row
from schema.graph.errors import forbidden
from schema.plan.conditions import FilterReader, joins_of, order_of, tied_to, window_of
from schema.plan.cursor import encode_cursor
from schema.plan.needs import Needs
from schema.plan.nodes import NOW, All, Compare, Operator, Order, Page, Source, Times, Where, Window
from schema.plan.planner import HISTORY_ORDER
from schema.plan.values import Constant, Value, as_value
from schema.scopes import Scope

GraphInfo = Info[GraphContext, None]


@dataclass(frozen=True, slots=True)
class Root:
    """The root, at other instants."""

    times: Times = NOW


@dataclass(frozen=True, slots=True)
class Found:
    """A row of an entity, in its time; its columns are its attributes."""

    entity: type[Entity]
    row: Row
    times: Times = NOW

    def __getattr__(self, column: str) -> Any:
        try:
            return self.row[column]
        except KeyError:
            raise AttributeError(column) from None


@dataclass(frozen=True, slots=True)
class Edge:
    """A row and its place."""

    cursor: str
    node: Found


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that was read: its rows in their order, and whether more were found than it holds."""

    page: Page
    rows: tuple[Found, ...]
    is_more: bool

    @property
    def edges(self) -> list[Edge]:
        """The rows with their cursors."""
        entity, order = self.page.source.entity, self.page.order
        return [Edge(encode_cursor(entity, order, found.row), found) for found in self.rows]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a page stands."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class FoundAt:
    """Where a row comes from."""

    batch_id: int
    row_number: int


def times_of(root: Any) -> Times:
    """The time in which a field's object was found; at the root: now."""
    return root.times if isinstance(root, Found | Root) else NOW


async def other_time(root: Any, as_of: Any = None, known_at: Any = None) -> Root:
    """The root at other instants; an instant that is not named stays as it is."""
    times = times_of(root)
    return Root(Times(_instant(as_of) or times.as_of, _instant(known_at) or times.known_at))


async def related(root: Any, info: GraphInfo, entity: type[Entity], relation: ToOne) -> Found | None:
    """The row that a relation leads to."""
    value = getattr(root, relation.local)
    return None if value is None else await one(root, info, entity, relation.remote, value)


async def one(root: Any, info: GraphInfo, entity: type[Entity], column: str, value: Any) -> Found | None:
    """The row whose column has a value."""
    times = times_of(root)
    row = await info.context.reader.one(entity, column, value, times)
    return None if row is None else Found(entity, row, times)


async def a_page(
    root: Any, info: GraphInfo, entity: type[Entity], relation: Relation | None, given: Mapping[str, Any]
) -> Listed:
    """A page of an entity; of those that a relation leads to, or of all."""
    arguments, needs, times = plain(given), Needs(), times_of(root)
    where = FilterReader(times, needs).read(entity, arguments.get("filter"))
    order = order_of(entity, arguments.get("orderBy"), needs)
    if refused := needs.refused(info.context.scopes):
        raise forbidden(refused)
    if relation is not None:
        where = All((_tied(root, entity, relation), where))
    source = Source(entity, times, (), where)
    return await _listed(info, Page(source, order, window_of(entity, order, arguments)), times)


async def history(root: Found, info: GraphInfo, given: Mapping[str, Any]) -> Listed:
    """The periods of the thing that a row is about."""
    source = _periods(root)
    window = window_of(root.entity, HISTORY_ORDER, plain(given))
    return await _listed(info, Page(source, HISTORY_ORDER, window), root.times)


async def origin(root: Found, info: GraphInfo, field: Enum | None) -> FoundAt:
    """Where a row comes from, or where the value of one of its columns comes from."""
    if field is None:
        return FoundAt(root.batch_id, root.row_number)
    column = field_of(root.entity, field.value)
    needs = Needs()
    needs.add(f"{root.entity.__name__}Field.{column.name.upper()}", column.scope)
    if refused := needs.refused(info.context.scopes):
        raise forbidden(refused)
    return await _first_said(root, info, column)


async def total(root: Listed, info: GraphInfo) -> int:
    """How many rows the page's source has."""
    return await info.context.reader.count(root.page.source)


async def standing(root: Listed, info: GraphInfo) -> Standing:
    """Where the page stands."""
    edges, backward = root.edges, root.page.window.backward
    outside = await info.context.reader.is_outside(root.page)
    return Standing(
        has_next_page=outside if backward else root.is_more,
        has_previous_page=root.is_more if backward else outside,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )


async def batch_of(root: FoundAt, info: GraphInfo) -> Found:
    """The batch that a row came with."""
    found = await one(None, info, entities.Batch, "id", root.batch_id)
    if found is None:
        raise LookupError(f"a fact of batch {root.batch_id}, which is not in the books")
    return found


async def original_text(root: FoundAt, info: GraphInfo) -> str | None:
    """The row as received; refused where it may hold what the caller's scopes do not open."""
    needed = await info.context.reader.raw_scope(root.batch_id)
    if needed is not None and needed not in info.context.scopes:
        raise forbidden({"Provenance.originalText": [[Scope.FEED_RAW_READ.value, needed.value]]})
    return await info.context.reader.original_row(root.batch_id, root.row_number)


def plain(given: Any) -> Any:
    """Arguments as Strawberry hands them over, as the planner reads them: what is not given is left out."""
    if isinstance(given, Mapping):
        return {to_camel_case(name): plain(value) for name, value in given.items() if _is_given(value)}
    if isinstance(given, list):
        return [plain(item) for item in given]
    if hasattr(given, "__strawberry_definition__") and not isinstance(given, Enum):
        fields = given.__strawberry_definition__.fields
        named = {
            field.graphql_name or to_camel_case(field.python_name): getattr(given, field.python_name)
            for field in fields
        }
        return {name: plain(value) for name, value in named.items() if _is_given(value)}
    return given


def _is_given(value: Any) -> bool:
    return value is not strawberry.UNSET


def _instant(given: Any) -> Value | None:
    return None if given is None else as_value(given)


def _tied(root: Any, entity: type[Entity], relation: Relation) -> Where:
    return All(tuple(tied_to(entity, join, getattr(root, join.local)) for join in joins_of(relation)))


def _periods(root: Found) -> Source:
    tied = tuple(
        Compare(field_of(root.entity, column), Operator.EQ, Constant(getattr(root, column)))
        for column in root.entity.about.key
    )
    return Source(root.entity, replace(root.times, periods=True), (), All(tied))


async def _listed(info: GraphInfo, page: Page, times: Times) -> Listed:
    rows = await info.context.reader.page(page)
    kept = rows[: page.window.size]
    if page.window.backward:
        kept = kept[::-1]
    found = tuple(Found(page.source.entity, row, times) for row in kept)
    return Listed(page, found, len(rows) > page.window.size)


async def _first_said(root: Found, info: GraphInfo, column: EntityField) -> FoundAt:
    """Go back through the periods for as long as the column's value is the same."""
    until = Compare(field_of(root.entity, "valid_from"), Operator.LTE, Constant(root.valid_from))
    source = _periods(root)
    backwards = (Order("valid_from", descending=True), Order("recorded_at", descending=True))
    page = Page(replace(source, where=All((source.where, until))), backwards, Window(_MOST_PERIODS))
    said = FoundAt(root.batch_id, root.row_number)
    for row in await info.context.reader.page(page):
        if row[column.name] != getattr(root, column.name):
            break
        said = FoundAt(row["batch_id"], row["row_number"])
    return said


#: periods of one thing that are looked through
_MOST_PERIODS = 10_000
