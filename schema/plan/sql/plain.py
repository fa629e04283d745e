"""Rows as they are, for resolvers that are executed field by field."""

from typing import Any

from schema.declare import Entity, EntityField, field_of, graph_fields
from schema.entities.fact import OPEN_END
from schema.plan.nodes import All, Changes, Hits, Order, Page, Source, Times
from schema.plan.sql.changes import change_rows
from schema.plan.sql.hits import hit_rows
from schema.plan.sql.reach import after_entering, entered
from schema.plan.sql.rows import in_order, past, place_columns, rows_of
from schema.plan.sql.text import Row, Writer, type_of
from schema.plan.values import CALLER, Constant, Pass

Rendered = tuple[str, list[Any]]


def render_page(page: Page, caller: Pass) -> Rendered:
    """The rows of a page in the order they are found in, and one more if more follow."""
    writer = Writer(caller.reach.sight)
    row, window = writer.row(), page.window
    columns = place_columns(page.source.entity, page.order, row)
    places = [
        past(writer, columns, place, backward=backward)
        for place, backward in ((window.after, False), (window.before, True))
        if place is not None
    ]
    rows = rows_of(writer, page.source, row, None).among(*places)
    order = in_order(row, page.order, backward=window.backward)
    listed = _columns(page.source.entity, row)
    return _asked(f"SELECT {listed} {rows} ORDER BY {order} LIMIT {window.size + 1}", writer, caller)


def render_outside(page: Page, caller: Pass) -> Rendered | None:
    """Whether there are rows on the side where a page was asked to begin; None: it begins where all begin."""
    window = page.window
    place = window.before if window.backward else window.after
    if place is None:
        return None
    writer = Writer(caller.reach.sight)
    row = writer.row()
    inside = past(writer, place_columns(page.source.entity, page.order, row), place, backward=window.backward)
    rows = rows_of(writer, page.source, row, None).among(f"({inside}) IS NOT TRUE")
    return _asked(f"SELECT EXISTS (SELECT {rows})", writer, caller)


def render_count(source: Source, caller: Pass) -> Rendered:
    """How many rows a source has."""
    writer = Writer(caller.reach.sight)
    return _asked(f"SELECT count(*) {rows_of(writer, source, writer.row(), None)}", writer, caller)


def render_hits(hits: Hits, caller: Pass) -> Rendered:
    """The hits of a page in their order, and one more if there is one: kind, id, code, rank, label."""
    writer = Writer(caller.reach.sight)
    return _asked(f"{hit_rows(writer, hits)} ORDER BY n", writer, caller)


def render_changes(changes: Changes, caller: Pass) -> Rendered:
    """The changes of a page in their order, and one more if there is one: at, kind, the keys' columns, batch_id."""
    writer = Writer(caller.reach.sight)
    row = writer.row()
    row.column("batch_id")
    return _asked(f"{change_rows(writer, changes, row)} ORDER BY n", writer, caller)


def render_lookup(
    entity: type[Entity], column: str, wanted: list[Any], times: Times, caller: Pass
) -> Rendered:
    """The rows whose column has one of the wanted values; of those with the same value the last by key first."""
    writer = Writer(caller.reach.sight)
    row = writer.row()
    rows = rows_of(writer, Source(entity, times, (), All()), row, None)
    kind = f"{type_of(field_of(entity, column).python_type)}[]"
    one_of = f"{row.name}.{column} = ANY({writer.add(Constant(wanted), kind)})"
    # whoever gathers them by value keeps the first by key
    order = in_order(row, tuple(Order(each, descending=True) for each in entity.about.key))
    return _asked(f"SELECT {_columns(entity, row)} {rows.among(one_of)} ORDER BY {order}", writer, caller)


def _columns(entity: type[Entity], row: Row) -> str:
    return ", ".join(_shown(field, row) for field in graph_fields(entity))


def _shown(field: EntityField, row: Row) -> str:
    column = row.column(field.name)
    if field.declaration.is_open_ended:
        return f"nullif({column}, '{OPEN_END}') AS {field.name}"
    return column


def _asked(statement: str, writer: Writer, caller: Pass) -> Rendered:
    """The statement, entered, and its values; resolvers are handed arguments that are known."""
    text = after_entering(entered(writer), statement)
    return text, [value.bind({CALLER: caller}) for value in writer.values]
