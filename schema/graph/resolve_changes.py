"""Resolvers of changes for the ordinary execution: kinds are told here from the periods known before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schema.declare import Entity, field_of
from schema.entities import Batch
from schema.graph.errors import forbidden
from schema.graph.resolve import Found, GraphInfo, Standing, one
from schema.plan.changes import BEGINNING, FACTS, Place, Span, changes_of, kind_of
from schema.plan.mixed import key_columns
from schema.plan.needs import Needs
from schema.plan.nodes import All, Compare, Operator, Order, Page, Source, Times, Window
from schema.plan.values import Constant

_TICK = timedelta(microseconds=1)
_LATEST = (Order("valid_from", descending=True),)


@dataclass(frozen=True, slots=True)
class LearnedChange:
    """A change, and the facts before and after it."""

    kind: str
    entity: str
    recorded_at: datetime
    values: tuple[Any, ...]
    after: Found | None
    batch_id: int | None

    @property
    def key(self) -> list[str]:
        """The columns of the key as texts."""
        return [str(value) for value in self.values]


@dataclass(frozen=True, slots=True)
class LearnedEdge:
    """A change and its place."""

    cursor: str
    node: LearnedChange


@dataclass(frozen=True, slots=True)
class LearnedPage:
    """A page of changes."""

    nodes: list[LearnedChange]
    page_info: Standing

    @property
    def edges(self) -> list[LearnedEdge]:
        """The changes with their cursors."""
        return [LearnedEdge(_cursor(change), change) for change in self.nodes]


async def a_page(info: GraphInfo, given: Mapping[str, Any]) -> LearnedPage:
    """A page of changes."""
    needs = Needs()
    arguments = {name.rstrip("_"): value for name, value in given.items()}
    changes = changes_of(arguments, needs)
    if refused := needs.refused(info.context.scopes):
        raise forbidden(refused)
    rows = await info.context.reader.changes(changes)
    nodes = [await _learned(info, row) for row in rows[: changes.size]]
    began = changes.since.bind({}) if changes.since else BEGINNING.cursor
    standing = Standing(
        has_next_page=len(rows) > changes.size,
        has_previous_page=changes.since is not None,
        start_cursor=_cursor(nodes[0]) if nodes else None,
        end_cursor=_cursor(nodes[-1]) if nodes else began,
    )
    return LearnedPage(nodes, standing)


async def fact_of(root: LearnedChange) -> Found | None:
    """The latest period as known after the change."""
    return root.after


async def cause_of(root: LearnedChange, info: GraphInfo) -> Found | None:
    """The batch that brought the change."""
    return None if root.batch_id is None else await one(None, info, Batch, "id", root.batch_id)


async def _learned(info: GraphInfo, row: Mapping[str, Any]) -> LearnedChange:
    entity, at = FACTS[row["kind"]], row["at"]
    key = tuple(row[column] for column in key_columns(entity))
    before = await _latest(info, entity, key, at - _TICK)
    after = await _latest(info, entity, key, at)
    kind = kind_of(_span(before), _span(after))
    return LearnedChange(kind.value, row["kind"], at, key, after, row["batch_id"])


async def _latest(
    info: GraphInfo, entity: type[Entity], key: tuple[Any, ...], known_at: datetime
) -> Found | None:
    tied = tuple(
        Compare(field_of(entity, column), Operator.EQ, Constant(value))
        for column, value in zip(entity.about.key, key, strict=True)
    )
    known = Times(known_at=Constant(known_at))
    source = Source(entity, Times(known_at=known.known_at, periods=True), (), All(tied))
    rows = await info.context.reader.page(Page(source, _LATEST, Window(1)))
    return Found(entity, rows[0], known) if rows else None


def _span(found: Found | None) -> Span | None:
    return None if found is None else Span(found.valid_from, found.valid_to)


def _cursor(change: LearnedChange) -> str:
    return Place(change.recorded_at, change.entity, change.values).cursor
