"""Which rows a caller sees, as conditions of a statement: the one rule for whatever it reads, by `schema.rows`."""

from collections.abc import Iterator, Sequence

from schema.declare import Entity
from schema.entities import entity_named
from schema.plan.sql.text import Row, Writer
from schema.plan.values import OfCaller, Pass
from schema.reach import OwnerKind, Sight
from schema.rows import LETTERS, Carries, InRegion, OwnedBy, RowRule, Through, Way


def seen(writer: Writer, entity: type[Entity], row: Row) -> list[str]:
    """What must hold for a row to be seen; nothing where all are."""
    if sees_all(entity.about.rows, writer.sight):
        return []
    return [either([way for each in entity.about.rows.ways for way in _way(writer, each, row)])]


def sees_all(rule: RowRule, sight: Sight) -> bool:
    """Whether a rule lets all rows be seen."""
    return rule.of_everybody or sight is Sight.COUNTRY or (rule.of_every_region and sight is Sight.REGION)


def entered(writer: Writer) -> str:
    """The one row from which a statement begins: with it the store knows who asks, until the statement ends.

    Nothing is read before it is there: `entered.reach IS NOT NULL`.
    """
    return f"(SELECT set_config('hub.reach', {writer.add(_SEALED, 'text')}, true) AS reach OFFSET 0) entered"


def after_entering(begin: str, statement: str) -> str:
    """The rows of a statement, read from that row on: it stands in a subquery that cannot be read without it."""
    once = f"SELECT r.* FROM ({statement}) r WHERE entered.reach IS NOT NULL OFFSET 0"
    return f"SELECT found.* FROM {begin} CROSS JOIN LATERAL ({once}) found"


def _way(writer: Writer, way: Way, row: Row) -> Iterator[str]:
    """The condition by which a way lets a caller in; none where it never does."""
    match way:
        case InRegion(column, carries) if writer.sight is Sight.REGION:
            low, high = writer.add(_LOW, "text"), writer.add(_HIGH, "text")
            yield from within(row.column(column), carries, low, high)
        case OwnedBy(kind, column) if writer.sight is Sight.OWNERS:
            yield f"{row.column(column)} = ANY({writer.add(_CODES[kind], 'text[]')})"
        case Through(target, local, remote, ways):
            yield from _through(writer, Through(target, local, remote, ways), row)


def within(column: str, carries: Carries, low: str, high: str) -> Iterator[str]:
    """The ways in which the division in a column may lie in a range of codes."""
    match carries:
        case Carries.DIVISION:
            yield f"{column} >= {low} AND {column} < {high}"
        case Carries.COMPANY:
            yield f"substr({column}, 3, 6) >= {low} AND substr({column}, 3, 6) < {high}"
        case Carries.INSTITUTION:
            for letter in LETTERS:
                yield f"{column} >= '{letter}' || {low} AND {column} < '{letter}' || {high}"


def either(ways: Sequence[str]) -> str:
    """At least one of them holds; to stand beside others that hold too."""
    if len(ways) == 1:
        return ways[0]
    return f"({' OR '.join(ways)})" if ways else "false"


def _through(writer: Writer, way: Through, row: Row) -> Iterator[str]:
    target = entity_named(way.target)
    there = writer.row()
    tied = f"{there.column(way.remote)} = {row.column(way.local)}"
    ways = target.about.rows.ways if way.ways is None else way.ways
    found = [condition for each in ways for condition in _way(writer, each, there)]
    sees_all_there = way.ways is None and sees_all(target.about.rows, writer.sight)
    if found or sees_all_there:
        known = f" AND {there.name}.superseded_at = 'infinity'" if target.about.temporal else ""
        lets_in = "" if sees_all_there else f" AND {either(found)}"
        yield f"EXISTS (SELECT FROM {target.__tablename__} {there.name} WHERE {tied}{known}{lets_in})"


def _low(caller: Pass) -> str:
    return _range(caller)[0]


def _high(caller: Pass) -> str:
    return _range(caller)[1]


def _range(caller: Pass) -> tuple[str, str]:
    if caller.reach.code_range is None:
        raise TypeError("a statement for callers of a division, asked by another")
    return caller.reach.code_range


def _codes(kind: OwnerKind) -> OfCaller:
    return OfCaller(lambda caller: caller.reach.codes(kind))


_SEALED = OfCaller(lambda caller: caller.sealed)
_LOW, _HIGH = OfCaller(_low), OfCaller(_high)
_CODES = {kind: _codes(kind) for kind in OwnerKind}
