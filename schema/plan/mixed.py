"""Plans pages of rows of several kinds, and what each kind shows of itself."""

from collections.abc import Iterable

from schema.declare import Entity, field_of
from schema.entities import Batch
from schema.plan import meaning as m
from schema.plan import nodes as n
from schema.plan.asked import Asked, NotCompiledError, Shows
from schema.plan.changes import changes_of
from schema.plan.groups import told
from schema.plan.needs import Needs
from schema.plan.values import OfRow

#: a change shows the graph as it was known after it
KNOWN_THEN = n.Times(known_at=OfRow("at"))
_KNOWN_PERIODS = n.Times(known_at=OfRow("at"), periods=True)
_LATEST = (n.Order("valid_from", descending=True),)
_CAUSE = n.Source(Batch, n.NOW, (n.Join("batch_id", "id"),), n.All())
#: column types of keys, as they stand in the names of columns of rows of several kinds
_TYPES: dict[type, str] = {int: "bigint", str: "text"}


def key_columns(entity: type[Entity]) -> tuple[str, ...]:
    """The columns in which a row of several kinds holds the key of an entity."""
    types = (_TYPES[field_of(entity, column).python_type] for column in entity.about.key)
    return tuple(f"{name}_{position}" for position, name in enumerate(types, 1))


def by_key(entity: type[Entity]) -> tuple[n.Join, ...]:
    """Ties the rows of an entity to a row of several kinds that holds their key."""
    return tuple(
        n.Join(there, column) for there, column in zip(key_columns(entity), entity.about.key, strict=True)
    )


def fork(
    plan: Shows,
    asked: Asked,
    kinds: Iterable[tuple[str, type[Entity]]],
    times: n.Times,
    shown: n.Times,
    order: tuple[n.Order, ...] = (),
) -> n.Fork:
    """The row, in its `times`, that each kind leads to, with what the field selects of its type as of `shown`."""
    return n.Fork(
        asked.key,
        tuple(
            n.Way(
                kind,
                n.Source(entity, times, by_key(entity), n.All()),
                order,
                plan.parts_as(asked, entity, shown),
            )
            for kind, entity in kinds
        ),
    )


def changes(plan: Shows, needs: Needs, asked: Asked) -> n.Mixed:
    """A page of changes."""
    rows = changes_of(asked.arguments, needs)
    return n.Mixed(asked.key, rows, plan.each(asked, _of_page, plan, rows))


def _of_page(asked: Asked, plan: Shows, rows: n.Changes) -> n.Edges | n.Nodes | n.Info:
    match asked.meaning:
        case m.Shape.EDGES:
            return n.Edges(asked.key, plan.each(asked, _of_edge, plan, rows))
        case m.Shape.NODES:
            return n.Nodes(asked.key, plan.each(asked, _of_change, plan, rows))
        case m.Shape.PAGE_INFO:
            return n.Info(asked.key, plan.each(asked, told))
    raise NotCompiledError(asked.key)


def _of_edge(asked: Asked, plan: Shows, rows: n.Changes) -> n.Cursor | n.RowParts:
    if asked.meaning is m.Shape.CURSOR:
        return n.Cursor(asked.key)
    return n.RowParts(asked.key, plan.each(asked, _of_change, plan, rows))


def _of_change(asked: Asked, plan: Shows, rows: n.Changes) -> n.Part:
    match asked.meaning:
        case m.AspectOf(aspect):
            return n.OfChange(asked.key, aspect, rows.feeds)
        case m.BatchOf():
            return n.One(asked.key, _CAUSE, plan.parts(asked, Batch, n.NOW))
        case m.FactOf():
            kinds = ((feed.name, feed.entity) for feed in rows.feeds)
            return fork(plan, asked, kinds, _KNOWN_PERIODS, KNOWN_THEN, _LATEST)
    raise NotCompiledError(asked.key)
