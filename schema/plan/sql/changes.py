"""Changes as rows of several kinds: which there are after a place, what kind each is, and what brought it."""

from collections.abc import Callable, Iterator

from schema.entities.fact import OPEN_END, superseded
from schema.plan.changes import BEGINNING, after, key_types
from schema.plan.mixed import by_key, key_columns
from schema.plan.nodes import Aspect, Changes, Feed, OfChange
from schema.plan.sql.places import cursor
from schema.plan.sql.reach import seen
from schema.plan.sql.text import Piece, Row, Sql, Writer, concat, quoted, type_of
from schema.plan.values import Constant

#: the batch of a change: the first that was promoted at its instant or after it, for one batch may say several things
#: one after the other; none where a person's judgement was the cause
_CAUSE = (
    "(SELECT b.id FROM batch b WHERE b.promoted_at >= {at}"
    " AND NOT is_judged_at({at}) ORDER BY b.promoted_at LIMIT 1)"
)
#: by the latest period known before (b) and after (a), as `schema.plan.changes.kind_of` has it
_KIND = (
    "(SELECT CASE WHEN a.valid_from IS NULL THEN 'WITHDRAWN' WHEN b.valid_from IS NULL THEN 'NEW'"
    f" WHEN b.valid_to = '{OPEN_END}' THEN CASE WHEN a.valid_to < '{OPEN_END}' THEN 'ENDED'"
    " WHEN a.valid_from > b.valid_from THEN 'CHANGED' ELSE 'CORRECTED' END"
    f" WHEN a.valid_to = '{OPEN_END}' AND a.valid_from >= b.valid_to THEN 'NEW' ELSE 'CORRECTED' END"
    " FROM (SELECT) o LEFT JOIN LATERAL (%s) b ON true LEFT JOIN LATERAL (%s) a ON true)"
)


def change_rows(writer: Writer, changes: Changes, row: Row) -> str:
    """The changes after a place in their order, and one more if there is one; numbered.

    Columns: at, kind, the keys', and batch_id where it was asked for.
    """
    columns = sorted({column for feed in changes.feeds for column in key_columns(feed.entity)})
    found = " UNION ALL ".join(
        f"({_feed(writer, changes, feed, rank, columns)})" for rank, feed in enumerate(changes.feeds)
    )
    cause = f", {_CAUSE.format(at=f'{row.name}.at')} AS batch_id" if "batch_id" in row.columns else ""
    order = "at, rank, place"
    return (
        f"SELECT {row.name}.*, row_number() OVER (ORDER BY {order}) AS n, count(*) OVER () AS c{cause}"
        f" FROM (SELECT * FROM ({found}) f ORDER BY {order} LIMIT {changes.size + 1}) {row.name}"
    )


def change_cursor(changes: Changes, row: Row) -> str:
    """The cursor of a change."""
    return _by_kind(
        changes.feeds,
        row,
        lambda feed: cursor(
            "changes", [f"{row.name}.{each}" for each in ("at", "kind", *key_columns(feed.entity))]
        ),
    )


def last_place(writer: Writer, changes: Changes) -> str:
    """The cursor to go on from where no change was found: where the page began."""
    return writer.add(changes.since or Constant(BEGINNING.cursor), "text")


def of_change(writer: Writer, part: OfChange, row: Row) -> list[Piece]:
    """One thing told of a change."""
    match part.aspect:
        case Aspect.KIND:
            return ['"', Sql(_by_kind(part.feeds, row, lambda feed: _kind(writer, feed, row))), '"']
        case Aspect.ENTITY:
            return ['"', Sql(f"{row.name}.kind"), '"']
        case Aspect.RECORDED_AT:
            return [Sql(f"to_json({row.name}.at)")]
        case Aspect.KEY:
            return [Sql(_by_kind(part.feeds, row, lambda feed: _key(feed, row)))]


def _by_kind(feeds: tuple[Feed, ...], row: Row, make: Callable[[Feed], str]) -> str:
    """An expression that each kind of facts makes otherwise."""
    if len(feeds) == 1:
        return make(feeds[0])
    ways = " ".join(f"WHEN {quoted(feed.name)} THEN {make(feed)}" for feed in feeds)
    return f"CASE {row.name}.kind {ways} END"


def _feed(writer: Writer, changes: Changes, feed: Feed, rank: int, columns: list[str]) -> str:
    """The first changes of one kind of facts. What is written anew and what is superseded has each its index."""
    keys, own = feed.entity.about.key, key_columns(feed.entity)
    kept = {column: f"u.{key}" for column, key in zip(own, keys, strict=True)}
    shown = ", ".join(f"{kept.get(column) or f'NULL::{_type(column)}'} AS {column}" for column in columns)
    order = ", ".join(("at", *keys))
    size = changes.size + 1
    sides = " UNION ".join(f"({side})" for side in _sides(writer, changes, feed))
    return (
        f"SELECT u.at, {quoted(feed.name)} AS kind, {rank} AS rank, row_number() OVER (ORDER BY {order}) AS place,"
        f" {shown} FROM ({sides}) u ORDER BY {order} LIMIT {size}"
    )


def _sides(writer: Writer, changes: Changes, feed: Feed) -> Iterator[str]:
    """Keys of which something was written, or superseded, after a place, by instants; each found by an index.

    What is left of the place's own instant is asked for apart from all later instants: a whole load is of one
    instant, and a comparison of instant and key at once tells the planner nothing of how much of it is left. The
    instant is one of a list, for by a plain equation the planner takes it out of the order and walks another index.
    """
    keys = ", ".join(feed.entity.about.key)
    conditions = ["true"]
    if changes.since is not None:
        part = after(changes.since, feed)
        types = ["timestamptz", *map(type_of, key_types(feed.entity))]
        at, *marks = [writer.add(part(place), sql_type) for place, sql_type in enumerate(types)]
        conditions = [f"{{0}} = ANY(ARRAY[{at}]) AND ({keys}) > ({', '.join(marks)})", f"{{0}} > {at}"]
    table = str(feed.entity.__tablename__)
    visible = "".join(f" AND {each}" for each in seen(writer, feed.entity, Row(table)))
    for instant, further in (("recorded_at", ""), ("superseded_at", f" AND {superseded()}")):
        for condition in conditions:
            yield (
                f"SELECT DISTINCT {instant} AS at, {keys} FROM {table} WHERE {condition.format(instant)}"
                f"{further}{visible} ORDER BY {instant}, {keys} LIMIT {changes.size + 1}"
            )


def _kind(writer: Writer, feed: Feed, row: Row) -> str:
    tied = [f"v.{join.remote} = {row.name}.{join.local}" for join in by_key(feed.entity)]
    among = " AND ".join([*tied, *seen(writer, feed.entity, Row("v"))])

    def latest(known: str) -> str:
        return (
            f"SELECT v.valid_from, v.valid_to FROM {feed.entity.__tablename__} v WHERE {among} AND {known}"
            " ORDER BY v.valid_from DESC LIMIT 1"
        )

    at = f"{row.name}.at"
    before = latest(f"v.recorded_at < {at} AND v.superseded_at >= {at}")
    return _KIND % (before, latest(f"v.recorded_at <= {at} AND v.superseded_at > {at}"))


def _key(feed: Feed, row: Row) -> str:
    """The key as a list of texts."""
    pieces: list[Piece] = []
    for column in key_columns(feed.entity):
        shown = f"{row.name}.{column}"
        value = [Sql(f"to_json({shown})")] if _type(column) == "text" else ['"', Sql(shown), '"']
        pieces += [",", *value]
    return concat(["[", *pieces[1:], "]"])


def _type(column: str) -> str:
    """The type of a column of rows of several kinds."""
    return column.partition("_")[0]
