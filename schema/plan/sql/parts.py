"""What is shown of a row, as pieces of JSON."""

from schema.plan.nodes import (
    Fork,
    Leaf,
    Many,
    Mixed,
    Nested,
    OfChange,
    OfHit,
    One,
    Order,
    Origin,
    Part,
    Source,
    Through,
    Way,
    Word,
)
from schema.plan.sql.changes import of_change
from schema.plan.sql.leaves import leaf
from schema.plan.sql.mixed import a_mixed_page
from schema.plan.sql.pages import a_page
from schema.plan.sql.rows import in_order, rows_of
from schema.plan.sql.text import Piece, Row, Sql, Writer, an_object, concat, or_null, quoted


def members(writer: Writer, parts: tuple[Part, ...], row: Row | None) -> list[Piece]:
    """An object of a row's parts; the root has no row."""
    return an_object([(part.key, _piece(writer, part, row)) for part in parts])


def _piece(writer: Writer, part: Part, row: Row | None) -> list[Piece]:
    match part:
        case Word(_, text):
            return [f'"{text}"']
        case Nested(_, parts):
            return members(writer, parts, row)
        case Mixed():
            return [Sql(a_mixed_page(writer, part, members))]
        case Many(_, page, parts):
            return [Sql(a_page(writer, page, parts, row, members))]
        case One(_, source, parts):
            return [or_null(_one(writer, source, parts, row))]
    return _of_row(writer, part, _there(row))


def _of_row(writer: Writer, part: Part, row: Row) -> list[Piece]:
    match part:
        case Leaf(_, field):
            return leaf(field, row.column(field.name))
        case Through(_, source, field):
            there = writer.row()
            value = concat(_owned(writer, source, leaf(field, there.column(field.name))))
            return [or_null(f"(SELECT {value} {rows_of(writer, source, there, row)} LIMIT 1)")]
        case Origin():
            return [or_null(_origin(writer, part, row))]
        case OfChange():
            return of_change(writer, part, row)
        case OfHit(_, column):
            return [Sql(f"to_json({row.column(column)})")]
        case Fork(_, ways):
            found = " ".join(f"WHEN {quoted(way.kind)} THEN {_way(writer, way, row)}" for way in ways)
            return [or_null(f"CASE {row.column('kind')} {found} END")]
    raise TypeError(part)


def _there(row: Row | None) -> Row:
    if row is None:
        raise TypeError("the root has no columns")
    return row


def _one(writer: Writer, source: Source, parts: tuple[Part, ...], outer: Row | None) -> str:
    row = writer.row()
    shown = concat(_owned(writer, source, members(writer, parts, row)))
    rows = rows_of(writer, source, row, outer)
    key = source.entity.about.key
    # by its key there is one row at most; by anything else the first by key is taken
    sort = "" if [join.remote for join in source.joins] == [*key] else f" ORDER BY {in_order(row, _by(key))}"
    return f"(SELECT {shown} {rows}{sort} LIMIT 1)"


def _way(writer: Writer, way: Way, outer: Row) -> str:
    row = writer.row()
    shown = concat(_owned(writer, way.source, members(writer, way.parts, row)))
    order = f" ORDER BY {in_order(row, way.order)}" if way.order else ""
    return f"(SELECT {shown} {rows_of(writer, way.source, row, outer)}{order} LIMIT 1)"


def _origin(writer: Writer, origin: Origin, outer: Row) -> str:
    """The first of the thing's rows, up to this one, from which on the column was never otherwise."""
    first, between = writer.row(), writer.row()
    name, since = origin.field.name, outer.column("valid_from")
    same = f"{first.column(name)} IS NOT DISTINCT FROM {outer.column(name)}"
    other = rows_of(writer, origin.source, between, outer).among(
        f"{between.column('valid_from')} > {first.column('valid_from')}",
        f"{between.column('valid_from')} <= {since}",
        f"{between.column(name)} IS DISTINCT FROM {outer.column(name)}",
    )
    rows = rows_of(writer, origin.source, first, outer).among(
        f"{first.column('valid_from')} <= {since}",
        same,
        f"NOT EXISTS (SELECT {other})",
    )
    shown = concat(_owned(writer, origin.source, members(writer, origin.parts, first)))
    return f"(SELECT {shown} {rows} ORDER BY {first.column('valid_from')} LIMIT 1)"


def _owned(writer: Writer, source: Source, pieces: list[Piece]) -> list[Piece]:
    return writer.owned(source.entity.about.provider, pieces)


def _by(key: tuple[str, ...]) -> tuple[Order, ...]:
    return tuple(Order(column) for column in key)
