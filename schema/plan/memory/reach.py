"""Which rows a caller sees, of rows in memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from schema.declare import Entity
from schema.entities import entity_named
from schema.reach import Reach, Sight
from schema.regions import prefix_of
from schema.rows import LETTERS, Carries, InRegion, OwnedBy, Through, Way

Row = Mapping[str, Any]


def sees(
    reach: Reach, entity: type[Entity], row: Row, rows_of: Callable[[type[Entity]], Sequence[Row]]
) -> bool:
    """Whether a caller of this reach sees a row of an entity."""
    rule = entity.about.rows
    if rule.of_everybody or reach.is_country:
        return True
    if rule.of_every_region and reach.sight is Sight.REGION:
        return True
    return lets_in(reach, rule.ways, row, rows_of)


def lets_in(
    reach: Reach, ways: Iterable[Way], row: Row, rows_of: Callable[[type[Entity]], Sequence[Row]]
) -> bool:
    """Whether any of these ways lets a caller of this reach see a row."""
    return any(_lets_in(reach, way, row, rows_of) for way in ways)


def _lets_in(reach: Reach, way: Way, row: Row, rows_of: Callable[[type[Entity]], Sequence[Row]]) -> bool:
    match way:
        case InRegion(column, carries):
            return reach.region_code is not None and _is_within(reach.region_code, row[column], carries)
        case OwnedBy(kind, column):
            return row[column] in reach.codes(kind)
        case Through(target, local, remote, ways):
            entity = entity_named(target)
            there = [
                each
                for each in rows_of(entity)
                if row[local] is not None
                and each[remote] == row[local]
                and (not entity.about.temporal or each["superseded_at"] is None)
            ]
            if ways is None:
                return any(sees(reach, entity, each, rows_of) for each in there)
            return any(lets_in(reach, ways, each, rows_of) for each in there)


def _is_within(region_code: str, value: str | None, carries: Carries) -> bool:
    """Whether the division in a column's value is this one or one below it."""
    prefix = prefix_of(region_code)
    if value is None:
        return False
    match carries:
        case Carries.DIVISION:
            return value.startswith(prefix)
        case Carries.COMPANY:
            return value[2:8].startswith(prefix)
        case Carries.INSTITUTION:
            return value[:1] in LETTERS and value[1:].startswith(prefix)
