"""The SQL that merges staged statements into a table of facts with two time axes. Pure: gives text only.

A statement says: from instant $1 (the batch's `as_of`) this key has these values. It holds until the next thing
known about the key. The fact that stood there is not overwritten but superseded, and what remains of its
period, before and after, is written again. Everything is set-based; nothing goes row by row.

Parameters of every statement here: $1 as_of, $2 recorded_at, $3 batch_id.
"""

from dataclasses import dataclass

from schema.declare import Entity, fields_of
from schema.entities.fact import live_now


@dataclass(frozen=True, slots=True)
class Merge:
    """Merging the stage of one entity, of which the file states some columns."""

    entity: type[Entity]
    #: columns that the file states, without the key
    stated: tuple[str, ...]
    #: a batch about a later instant is already in: statements fit into the past
    is_late: bool
    #: column within whose staged values absence means the end; None: absence means nothing
    full_within: str | None = None
    #: column within whose staged values (in `stage_spoken`) all statements of the file lie, where that is known
    spoken_within: str | None = None
    #: whether single facts end by rows that say so
    ends: bool = False
    #: only the file's changes are staged: of what is not named there, only what stands in `stage_gone` is absent
    is_difference: bool = False

    @property
    def table(self) -> str:
        """The table of facts."""
        return str(self.entity.__tablename__)

    @property
    def stage(self) -> str:
        """The temporary table of staged statements."""
        return f"stage_{self.table}"

    @property
    def change(self) -> str:
        """The temporary table of what has to change."""
        return f"change_{self.table}"

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that say which thing a row is about."""
        return self.entity.about.key

    def create_change(self) -> str:
        """Make the table of changes: key, row, whether it is gone, the period that is cut, its new end, values."""
        return (
            f"CREATE TEMP TABLE {self.change} ON COMMIT DROP AS SELECT {_list('v', self.key)}, v.row_number,"
            " false AS gone, v.valid_from AS old_from, v.valid_to AS old_to, v.valid_to AS new_to"
            f"{_further('v', self.stated)} FROM {self.table} v WITH NO DATA"
        )

    def nothing_stands(self) -> str:
        """Whether no fact at all stands at $1 within what the file speaks of: then every statement is new."""
        within = self.spoken_within
        return (
            f"SELECT NOT EXISTS (SELECT FROM stage_spoken g JOIN {self.table} v"
            f" ON v.{within} = g.{within} AND {self._standing('v')})"
        )

    def take_stage_as_change(self) -> str:
        """Where nothing stands, the statements are the changes: seen through a view they need no second copy."""
        return (
            f"CREATE TEMP VIEW {self.change} AS SELECT {_list('s', self.key)}, s.row_number, false AS gone,"
            " NULL::timestamptz AS old_from, NULL::timestamptz AS old_to, 'infinity'::timestamptz AS new_to"
            f"{_further('s', self.stated)} FROM {self.stage} s"
        )

    def find_changes(self) -> str:
        """Statements that differ from the fact standing at $1, or have none there; in the order of their keys."""
        differs = (
            f" OR {_row('s', self.stated)} IS DISTINCT FROM {_row('v', self.stated)}" if self.stated else ""
        )
        return (
            f"INSERT INTO {self.change} SELECT {_list('s', self.key)}, s.row_number, false, v.valid_from,"
            f" v.valid_to, {self._end('s')}{_further('s', self.stated)}"
            f" FROM {self.stage} s LEFT JOIN {self.table} v"
            f" ON {self._same('s', 'v')} AND {self._standing('v')}"
            f" WHERE v.batch_id IS NULL{differs} ORDER BY {_list('s', self.key)}"
        )

    def find_vanished(self) -> str:
        """Facts standing at $1 that a full file no longer names, where it speaks of their `full_within` at all."""
        within = self.full_within
        gone = f"stage_gone g JOIN {self.table} v ON {self._same('g', 'v')}" if self.is_difference else ""
        return (
            f"INSERT INTO {self.change} SELECT {_list('v', self.key)}, 0, true, v.valid_from, v.valid_to,"
            f" {self._end('v')} FROM {gone or f'{self.table} v'} WHERE {self._standing('v')}"
            f" AND v.{within} IN (SELECT {within} FROM stage_scope)"
            f" AND NOT EXISTS (SELECT FROM {self.stage} s WHERE {self._same('s', 'v')})"
        )

    def find_ended(self) -> str:
        """Facts standing at $1 that a row of the file ends."""
        return (
            f"INSERT INTO {self.change} SELECT {_list('v', self.key)}, s.row_number, true, v.valid_from, v.valid_to,"
            f" {self._end('v')} FROM stage_end_{self.table} s JOIN {self.table} v"
            f" ON {self._same('s', 'v')} AND {self._standing('v')}"
        )

    def count_standing(self) -> str:
        """How many facts stand at $1 within the scope of the full file."""
        return (
            f"SELECT count(*) FROM {self.table} v WHERE {self._standing('v')}"
            f" AND v.{self.full_within} IN (SELECT {self.full_within} FROM stage_scope)"
        )

    def supersede(self) -> str:
        """Mark the facts whose period is cut as no longer what the hub knows."""
        return (
            f"UPDATE {self.table} v SET superseded_at = $2::timestamptz FROM {self.change} c"
            f" WHERE {self._same('c', 'v')} AND v.valid_from = c.old_from AND v.superseded_at = 'infinity'"
        )

    def write_before(self) -> str:
        """What remains of a cut period before $1."""
        return self._write_rest({"valid_to": "$1::timestamptz"}, "c.old_from < $1::timestamptz")

    def write_after(self) -> str:
        """What remains of a cut period after the statement ends."""
        return self._write_rest({"valid_from": "c.new_to"}, "c.new_to < c.old_to")

    def write_statements(self) -> str:
        """The statements themselves; columns that the file does not state keep what they had.

        They are written in the order of their keys: so neighbours in the file of facts are neighbours in its indexes,
        and however many there are, few pages of each are at hand at a time.
        """
        given = {
            **{column: f"c.{column}" for column in self.key},
            **{column: f"c.{column}" for column in self.stated},
            "valid_from": "$1::timestamptz",
            "valid_to": "c.new_to",
            "recorded_at": "$2::timestamptz",
            "superseded_at": "'infinity'",
            "batch_id": "$3::integer",
            "row_number": "c.row_number",
        }
        columns = self._columns()
        chosen = ", ".join(given.get(column, f"v.{column}") for column in columns)
        kept = (
            f" LEFT JOIN {self.table} v ON {self._same('c', 'v')} AND v.valid_from = c.old_from"
            " AND v.superseded_at = $2::timestamptz"
            if set(columns) - set(given)
            else ""
        )
        return (
            f"INSERT INTO {self.table} ({', '.join(columns)}) SELECT {chosen} FROM {self.change} c"
            f"{kept} WHERE NOT c.gone ORDER BY {_list('c', self.key)}"
        )

    def is_news_to_planner(self) -> str:
        """Whether $1 new rows are many beside those that the planner last saw."""
        return f"SELECT $1::float8 * 10 >= reltuples FROM pg_class WHERE oid = '{self.table}'::regclass"

    def _write_rest(self, period: dict[str, str], where: str) -> str:
        given = {**period, "recorded_at": "$2::timestamptz", "superseded_at": "'infinity'"}
        columns = self._columns()
        chosen = ", ".join(given.get(column, f"v.{column}") for column in columns)
        return (
            f"INSERT INTO {self.table} ({', '.join(columns)}) SELECT {chosen} FROM {self.change} c"
            f" JOIN {self.table} v ON {self._same('c', 'v')} AND v.valid_from = c.old_from"
            f" AND v.superseded_at = $2::timestamptz WHERE {where}"
        )

    def _columns(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields_of(self.entity))

    def _same(self, left: str, right: str) -> str:
        return " AND ".join(f"{left}.{column} = {right}.{column}" for column in self.key)

    def _standing(self, alias: str) -> str:
        """The fact that the hub now knows to hold at $1. In order, that is the live one, with an index of its own."""
        if not self.is_late:
            return f"{live_now(alias)} AND {alias}.valid_from <= $1::timestamptz"
        return (
            f"{alias}.superseded_at = 'infinity' AND {alias}.valid_from <= $1::timestamptz"
            f" AND {alias}.valid_to > $1::timestamptz"
        )

    def _end(self, alias: str) -> str:
        """Until when a statement holds: in order, open; fitted into the past, until the next thing known."""
        if not self.is_late:
            return "'infinity'::timestamptz"
        following = (
            f"SELECT min(n.valid_from) FROM {self.table} n WHERE {self._same(alias, 'n')}"
            " AND n.superseded_at = 'infinity' AND n.valid_from > $1::timestamptz"
        )
        return f"least(coalesce(v.valid_to, 'infinity'), coalesce(({following}), 'infinity'))"


def _list(alias: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{alias}.{column}" for column in columns)


def _further(alias: str, columns: tuple[str, ...]) -> str:
    """More columns of a select list."""
    return "".join(f", {alias}.{column}" for column in columns)


def _row(alias: str, columns: tuple[str, ...]) -> str:
    return f"ROW({_list(alias, columns)})"
