"""Changes: what the hub learned, in the order in which it learned it; kinds, places in that order, their cursors."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from schema.declare import Entity, field_of
from schema.entities import ENTITIES
from schema.graph.errors import ErrorCode, graph_error
from schema.plan.conditions import page_size
from schema.plan.cursor import CursorError, decode_place, encode_place, read_place
from schema.plan.needs import Needs
from schema.plan.nodes import Changes, Feed
from schema.plan.values import Given, Value, Variables, as_value, converted

#: changes of a page where nothing is said, and at most
DEFAULT_CHANGES = 20
MAX_CHANGES = 100
#: the variable in which a subscription is handed the place that each next page follows; no document can name it
RESUMED = "since page"
_ORDER = "changes"
_LAST_YEAR = 9000
_TICK = timedelta(microseconds=1)
_LEAST: dict[type, Any] = {int: -(2**63), str: ""}


class ChangeKind(StrEnum):
    """What became of what the hub knows of a thing; the first that fits."""

    #: nothing is known of it any more: what was said of it was taken back
    WITHDRAWN = "WITHDRAWN"
    #: it holds from an instant on; just before that nothing held
    NEW = "NEW"
    #: it held, and holds no longer
    ENDED = "ENDED"
    #: it holds otherwise from an instant on
    CHANGED = "CHANGED"
    #: what the hub knew was wrong, or it knows more of the past
    CORRECTED = "CORRECTED"


class Span(NamedTuple):
    """The latest period known of a thing; an open end is None."""

    valid_from: datetime
    valid_to: datetime | None


def kind_of(before: Span | None, after: Span | None) -> ChangeKind:
    """What a change is, by the latest period that was known of the thing before it, and after it."""
    if after is None:
        return ChangeKind.WITHDRAWN
    if before is None:
        return ChangeKind.NEW
    if before.valid_to is None:
        if after.valid_to is not None:
            return ChangeKind.ENDED
        return ChangeKind.CHANGED if after.valid_from > before.valid_from else ChangeKind.CORRECTED
    returns = after.valid_to is None and after.valid_from >= before.valid_to
    return ChangeKind.NEW if returns else ChangeKind.CORRECTED


def fact_name(entity: type[Entity]) -> str:
    """What a kind of fact is called among the choices of `of`: `ON_SALE`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", entity.__name__).upper()


#: the kinds of facts, in the order of their names: among changes of one instant that is their order
FACTS: Mapping[str, type[Entity]] = {
    fact_name(entity): entity for entity in sorted(ENTITIES, key=fact_name) if entity.about.temporal
}


def key_types(entity: type[Entity]) -> tuple[type, ...]:
    """The types of the columns of an entity's key."""
    return tuple(field_of(entity, column).python_type for column in entity.about.key)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of changes: after the change of this instant, kind of fact and key."""

    at: datetime
    #: empty: before all changes of the instant
    fact: str = ""
    key: tuple[Any, ...] = ()

    def before_first_of(self, fact: str) -> tuple[Any, ...]:
        """Instant and key after which the changes of a kind of fact lie that come after this place."""
        if fact == self.fact:
            return (self.at, *self.key)
        # keys of other kinds come all after the place, or all before it
        least = tuple(_LEAST[kind] for kind in key_types(FACTS[fact]))
        return (self.at if fact > self.fact else self.at + _TICK, *least)

    @property
    def cursor(self) -> str:
        """The place, as text."""
        return encode_place(_ORDER, [self.at, self.fact, *self.key])


BEGINNING = Place(datetime(1970, 1, 1, tzinfo=UTC))


def place_at(cursor: str) -> Place:
    """The place that a cursor stands for. Raises BAD_ARGUMENT for a text that is none."""
    try:
        at, name, *key = decode_place(_ORDER, [datetime, str, *_types_in(cursor)], cursor)
    except (CursorError, TypeError) as error:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT,
            "since 不是 changes 给出的游标。",
            "since is no cursor that changes gave out",
        ) from error
    return Place(_within_reach(at), name, tuple(key))


def changes_of(arguments: Mapping[str, Any], needs: Needs) -> Changes:
    """The changes that arguments ask for; whoever asks for a kind of fact needs what opens it, key and all."""
    names = sorted({choice.value for choice in arguments["of"]})
    if not names:
        raise graph_error(ErrorCode.BAD_ARGUMENT, "of 至少选一种。", "of: name at least one kind of facts")
    for name in names:
        entity = FACTS[name]
        scopes = [field_of(entity, column).scope for column in entity.about.key]
        needs.add(f"FactKind.{name}", *{entity.about.scope, *scopes})
    return Changes(
        tuple(Feed(name, FACTS[name]) for name in names),
        page_size("first", arguments.get("first"), DEFAULT_CHANGES, MAX_CHANGES),
        _since(arguments.get("since"), arguments.get("from")),
    )


def after(since: Value, feed: Feed) -> Callable[[int], Value]:
    """The values that instant and key of a kind's changes come after, by position: the instant is the first."""

    def part(at: int) -> Value:
        return converted(since, lambda cursor: place_at(cursor).before_first_of(feed.name)[at])

    return part


def resumed(changes: Changes) -> Changes:
    """The same changes, each page after the place that is handed in with it."""
    return Changes(changes.feeds, changes.size, Given(RESUMED))


def first_place(changes: Changes, variables: Variables) -> str:
    """The cursor after which the first page begins. Raises GraphQLError where what is given is none."""
    if changes.since is None:
        return BEGINNING.cursor
    cursor: str = changes.since.bind(variables)
    return place_at(cursor).cursor


def _types_in(cursor: str) -> tuple[type, ...]:
    """The types of a cursor's key. Raises CursorError, or TypeError for a name that is none."""
    fact = [*read_place(cursor), None, None][2]
    if fact == "":
        return ()
    if fact not in FACTS:
        raise CursorError(cursor)
    return key_types(FACTS[fact])


def _since(cursor: Any, instant: Any) -> Value | None:
    if cursor is not None and instant is not None:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT, "since 与 from 只能给一个。", "give since or from, not both"
        )
    if cursor is not None:
        return as_value(cursor)
    if instant is None:
        return None
    return converted(as_value(instant), lambda given: Place(_within_reach(given)).cursor)


def _within_reach(at: datetime) -> datetime:
    """The instant, if it is one after which there are others; nothing was recorded before 1970."""
    if at.tzinfo is not None and at.year <= _LAST_YEAR:
        return max(at, BEGINNING.at)
    raise graph_error(ErrorCode.BAD_ARGUMENT, "时刻超出范围。", "the instant is out of range")
