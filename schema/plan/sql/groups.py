"""What is worked out of rows: figures of all of them, or of each group of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from schema.declare import Dimension
from schema.declare import Part as PartOfValue
from schema.entities import Region
from schema.plan.conditions import joins_of
from schema.plan.groups import OF_DIVISIONS, column_of, groups_name, path_of, value_type
from schema.plan.nodes import (
    Aggregate,
    All,
    Cursor,
    Figure,
    Figures,
    Group,
    GroupEdges,
    GroupKey,
    GroupNodes,
    Groups,
    GroupValue,
    Info,
    Join,
    Part,
    Source,
    Statistic,
    Times,
    Told,
    Total,
    Word,
)
from schema.plan.sql.leaves import scalar
from schema.plan.sql.places import ONE_ROW, Numbered, cursor, listed, standing
from schema.plan.sql.rows import beside, past, rows_of
from schema.plan.sql.text import Piece, Row, Sql, Writer, an_object, concat, or_null, type_of
from schema.plan.values import Constant

Members = Callable[[Writer, tuple[Part, ...], Row | None], list[Piece]]

_MEDIAN = "0.5"
_DIVISIONS = {
    PartOfValue.PROVINCE: "left({0}, 2) || '0000'",
    PartOfValue.CITY: "left({0}, 4) || '00'",
    PartOfValue.COUNTY: "{0}",
}
_CALENDAR = {
    PartOfValue.YEAR: "to_char({0}, 'YYYY')",
    PartOfValue.QUARTER: "to_char({0}, 'YYYY\"-Q\"Q')",
    PartOfValue.MONTH: "to_char({0}, 'YYYY-MM')",
    PartOfValue.DAY: "({0})::date",
}
_PLAIN = {
    # without zeros at the end: of 1.5 and 1.50, either may be found the least
    Statistic.SUM: "trim_scale(sum({0}))",
    Statistic.MIN: "trim_scale(min({0}))",
    Statistic.MAX: "trim_scale(max({0}))",
    # rounded, for an average has as many digits as one likes
    Statistic.AVERAGE: "trim_scale(round(avg({0}::numeric), 6))",
}
_QUANTILE = "trim_scale(round((percentile_cont({1}) WITHIN GROUP (ORDER BY {0}::float8))::numeric, 6))"


def aggregate(writer: Writer, part: Aggregate, source: Source, outer: Row | None) -> str:
    """What is worked out of all rows of a source, as a JSON object."""
    row = writer.row()
    shown = concat(writer.owned(source.entity.about.provider, _figures(writer, part, row)))
    return f"(SELECT {shown} {rows_of(writer, source, row, outer)}{ONE_ROW})"


def groups(writer: Writer, part: Groups, source: Source, outer: Row | None, members: Members) -> str:
    """A page of groups, as a JSON object. `members` renders what is shown of one row."""
    return _GroupWriter(writer, part, source, outer, members).write()


@dataclass(slots=True)
class _GroupWriter:
    writer: Writer
    groups: Groups
    source: Source
    outer: Row | None
    members: Members
    #: expressions over the rows of one group, by the column of the group that holds them
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def _related_times(self) -> Times:
        """The time of what rows are related to, where the rows themselves are periods of one thing."""
        return replace(self.source.times, periods=False)

    def write(self) -> str:
        rows, group = self.writer.row(), self.writer.row()
        numbered = Numbered(group.name, self.groups.size) if self._tells_places() else None
        shown = concat(
            an_object([(part.key, self._part(part, rows, group, numbered)) for part in self.groups.parts])
        )
        found = self._found(rows, group, is_numbered=numbered is not None)
        return f"(SELECT {shown} FROM ({found}) {group.name}{ONE_ROW})"

    def _tells_places(self) -> bool:
        """Whether it is told where groups stand in their order; else they need not be counted."""
        return any(
            isinstance(part, Info)
            or (isinstance(part, GroupEdges) and any(isinstance(each, Cursor) for each in part.parts))
            for part in self.groups.parts
        )

    def _part(
        self, part: Word | GroupEdges | GroupNodes | Info, rows: Row, group: Row, numbered: Numbered | None
    ) -> list[Piece]:
        match part:
            case Word(_, text):
                return [f'"{text}"']
            case GroupEdges(_, parts):
                edge = an_object([(each.key, self._of_edge(each, rows, group)) for each in parts])
                return listed(self._owned(self.source, edge), numbered)
            case GroupNodes(_, parts):
                node = self._group(parts, rows, group)
                return listed(self._owned(self.source, node), numbered)
            case Info(_, parts) if numbered is not None:
                return an_object([(each.key, self._told(each, group, numbered)) for each in parts])
        raise TypeError(part)

    def _told(self, part: Word | Told, group: Row, numbered: Numbered) -> list[Piece]:
        if isinstance(part, Word):
            return [f'"{part.text}"']
        began_later = "true" if self.groups.after is not None else None
        return standing(part.mark, numbered, lambda: self._cursor(group), lambda: began_later)

    def _of_edge(self, part: Word | Cursor | Group, rows: Row, group: Row) -> list[Piece]:
        match part:
            case Word(_, text):
                return [f'"{text}"']
            case Cursor():
                return ['"', Sql(self._cursor(group)), '"']
            case Group(_, parts):
                return self._group(parts, rows, group)

    def _group(self, parts: tuple[Word | GroupKey | Aggregate, ...], rows: Row, group: Row) -> list[Piece]:
        return an_object([(part.key, self._of_group(part, rows, group)) for part in parts])

    def _of_group(self, part: Word | GroupKey | Aggregate, rows: Row, group: Row) -> list[Piece]:
        match part:
            case Word(_, text):
                return [f'"{text}"']
            case GroupKey(_, parts):
                return an_object([(each.key, self._value(each, group)) for each in parts])
            case Aggregate():
                name = f"a{len(self.columns) + 1}"
                self.columns[name] = concat(_figures(self.writer, part, rows))
                return [Sql(f"{group.name}.{name}")]

    def _value(self, part: Word | GroupValue, group: Row) -> list[Piece]:
        if isinstance(part, Word):
            return [f'"{part.text}"']
        if part.dimension not in self.groups.by:
            return ["null"]
        name = self._name(part.dimension)
        if part.parts is not None:
            division = Source(Region, self._related_times, (Join(name, "code"),), All())
            there = self.writer.row()
            shown = concat(self._owned(division, self.members(self.writer, part.parts, there)))
            return [or_null(f"(SELECT {shown} {rows_of(self.writer, division, there, group)} LIMIT 1)")]
        kind = value_type(self.source.entity, part.dimension)
        column = column_of(self.source.entity, part.dimension)
        whole = part.dimension.part is PartOfValue.WHOLE
        return scalar(kind, group.column(name), nullable=True, as_text=whole and column.declaration.is_id)

    def _owned(self, source: Source, pieces: list[Piece]) -> list[Piece]:
        return self.writer.owned(source.entity.about.provider, pieces)

    def _name(self, dimension: Dimension) -> str:
        return f"k{self.groups.by.index(dimension) + 1}"

    def _cursor(self, group: Row) -> str:
        name = groups_name(self.source.entity, self.groups.by)
        return cursor(name, [group.column(self._name(dimension)) for dimension in self.groups.by])

    def _found(self, rows: Row, group: Row, *, is_numbered: bool) -> str:
        """The groups of the page in order; numbered, with one more if there is one, where places are told."""
        found = rows_of(self.writer, self.source, rows, self.outer)
        keys = []
        for dimension in self.groups.by:
            at = rows
            for relation, entity in path_of(self.source.entity, dimension):
                there = self.writer.row()
                tied = Source(entity, self._related_times, joins_of(relation), All())
                found = beside(self.writer, found, tied, there, at)
                at = there
            keys.append(_key(self.source, dimension, at))
        if self.groups.after is not None:
            types = [type_of(value_type(self.source.entity, dimension)) for dimension in self.groups.by]
            place = [(key, False, True, sql_type) for key, sql_type in zip(keys, types, strict=True)]
            found = found.among(past(self.writer, place, self.groups.after))
        names = [self._name(dimension) for dimension in self.groups.by]
        columns = [f"{key} AS {name}" for key, name in zip(keys, names, strict=True)]
        columns += [f"{expression} AS {name}" for name, expression in self.columns.items()]
        order = ", ".join(names)
        limit = self.groups.size + 1 if is_numbered else self.groups.size
        groups = f"SELECT {', '.join(columns)} {found} GROUP BY {order} ORDER BY {order} LIMIT {limit}"
        if not is_numbered:
            return groups
        return (
            f"SELECT *, row_number() OVER (ORDER BY {order}) AS n, count(*) OVER () AS c"
            f" FROM ({groups}) {group.name}"
        )


def _figures(writer: Writer, part: Aggregate, row: Row) -> list[Piece]:
    def show(each: Word | Total | Figures) -> list[Piece]:
        match each:
            case Word(_, text):
                return [f'"{text}"']
            case Total():
                return [Sql("count(*)")]
            case Figures(_, parts):
                return an_object([(figure.key, _figure(writer, figure, row)) for figure in parts])

    return an_object([(each.key, show(each)) for each in part.parts])


def _figure(writer: Writer, part: Word | Figure, row: Row) -> list[Piece]:
    if isinstance(part, Word):
        return [f'"{part.text}"']
    column = row.column(part.field.name)
    match part.statistic:
        case Statistic.COUNT:
            return [Sql(f"count({column})")]
        case Statistic.MEDIAN:
            found = _QUANTILE.format(column, _MEDIAN)
        case Statistic.QUANTILE:
            found = _QUANTILE.format(column, writer.add(part.at or Constant(0.0), "float8"))
        case _:
            found = _PLAIN[part.statistic].format(column)
    return [or_null(f"'\"' || {found} || '\"'")]


def _key(source: Source, dimension: Dimension, row: Row) -> str:
    """The value that a group's rows have in common."""
    column = row.column(dimension.column)
    if dimension.part is PartOfValue.WHOLE:
        return column
    if dimension.part in OF_DIVISIONS:
        return _DIVISIONS[dimension.part].format(column)
    if type_of(column_of(source.entity, dimension).python_type) == "timestamptz":
        column = f"{column} AT TIME ZONE 'Asia/Shanghai'"
    return _CALENDAR[dimension.part].format(column)
