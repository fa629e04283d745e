"""Rows in memory, and which of them a source has: in its time, tied to another row, under its conditions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schema.declare import Entity
from schema.plan.memory.conditions import holds, is_tied
from schema.plan.memory.reach import sees
from schema.plan.nodes import Related, Source, Times, Where
from schema.plan.values import CALLER, Value, Variables
from schema.reach import Reach

#: an entity's row by field names; an end that has not come is None
Row = Mapping[str, Any]
#: all rows of an entity, of all periods and superseded ones too, in whatever order
RowsOf = Callable[[type[Entity]], Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Memory:
    """All there is, and the variables of a request, the pass of whoever asks among them."""

    rows_of: RowsOf
    variables: Variables
    #: the present, for what may be stated ahead of its time
    now: datetime

    def rows(self, source: Source, outer: Row | None) -> list[Row]:
        """The rows of a source that the caller sees, in no order; `outer` is the row that its joins tie it to."""
        return [
            row
            for row in self.rows_of(source.entity)
            if self._counts(source.entity, source.times, row)
            and all(outer is not None and is_tied(join, row, outer) for join in source.joins)
            and self._fits(source.where, row)
            and sees(self.reach, source.entity, row, self.rows_of)
        ]

    @property
    def reach(self) -> Reach:
        """Which rows there are for whoever asks."""
        found: Reach = self.variables[CALLER].reach
        return found

    def first(self, source: Source, outer: Row | None) -> Row | None:
        """The first row of a source by its entity's key."""
        key = source.entity.about.key
        return min(self.rows(source, outer), key=lambda row: tuple(row[name] for name in key), default=None)

    def bound(self, values: tuple[Value, ...]) -> tuple[Any, ...]:
        """Values as this request gives them."""
        return tuple(value.bind(self.variables) for value in values)

    def _fits(self, where: Where, row: Row) -> bool:
        return holds(where, row, self.variables, self._is_there)

    def _is_there(self, related: Related, row: Row) -> bool:
        return bool(self.rows(Source(related.entity, related.times, related.joins, related.where), row))

    def _counts(self, entity: type[Entity], times: Times, row: Row) -> bool:
        """Whether a row of a fact is said of the instant, as known at the other. What has no periods always is."""
        if not entity.about.temporal:
            return True
        return self._is_known(times, row) and (times.periods or self._is_held(entity, times, row))

    def _is_held(self, entity: type[Entity], times: Times, row: Row) -> bool:
        if times.as_of is not None:
            at: datetime = times.as_of.bind(self.variables)
        elif entity.about.may_be_ahead:
            at = self.now
        else:
            return row["valid_to"] is None
        return _is_between(row["valid_from"], at, row["valid_to"])

    def _is_known(self, times: Times, row: Row) -> bool:
        if times.known_at is None:
            return row["superseded_at"] is None
        return _is_between(row["recorded_at"], times.known_at.bind(self.variables), row["superseded_at"])


def _is_between(start: datetime, at: datetime, end: datetime | None) -> bool:
    return start <= at and (end is None or at < end)
