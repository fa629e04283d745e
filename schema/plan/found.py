"""Plans searches: what a text is found in, and what is shown of each thing."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from schema.declare import Entity
from schema.entities import Organization, Product, Region
from schema.graph.errors import ErrorCode, graph_error
from schema.plan import meaning as m
from schema.plan import nodes as n
from schema.plan.asked import Asked, NotCompiledError, Shows
from schema.plan.conditions import DEFAULT_PAGE, MAX_PAGE, page_size
from schema.plan.cursor import CursorError, decode_place
from schema.plan.groups import told
from schema.plan.needs import Needs
from schema.plan.search import After, is_rank, understand, values
from schema.plan.values import Constant, Converted, Several, Value, as_value
from schema.search_rules import Kind

#: what the order of hits is called in their cursors
HITS_ORDER = "search"
#: what each kind of hit leads to, and by which of the hit's columns
THINGS: Mapping[Kind, tuple[type[Entity], str]] = {
    Kind.MEDICINE: (Product, "id"),
    Kind.ORGANIZATION: (Organization, "id"),
    Kind.PLACE: (Region, "code"),
}
_MOST_ID = 1 << 63
#: searches whose values are kept: one search asks for its values one by one
_KEPT = 256


def hits_of(arguments: Mapping[str, Any], needs: Needs) -> n.Hits:
    """What arguments search for; a kind of thing needs what opens it."""
    chosen = arguments.get("kinds")
    wanted = {member.value for member in chosen} if chosen is not None else set(Kind)
    kinds = tuple(kind for kind in Kind if kind in wanted)
    if not kinds:
        raise graph_error(ErrorCode.BAD_ARGUMENT, "kinds 至少选一种。", "kinds: name at least one")
    for kind in kinds:
        needs.add(f"SearchKind.{kind.name}", THINGS[kind][0].about.scope)
    after = arguments.get("after")
    size = page_size("first", arguments.get("first"), DEFAULT_PAGE, MAX_PAGE)
    return n.Hits(as_value(arguments["text"]), kinds, size, None if after is None else as_value(after))


def parameter(hits: n.Hits, name: str) -> Value:
    """The value of a parameter of the search's statement (`schema.plan.search.values`)."""
    given = Several((hits.text, hits.after or Constant(None)))
    return Converted(given, lambda pair: _values(pair[0], hits.kinds, pair[1])[name])


def found_by(plan: Shows, needs: Needs, asked: Asked, times: n.Times) -> n.Mixed:
    """A page of hits; things are shown as of `times`, found as they are called now."""
    hits = hits_of(asked.arguments, needs)
    return n.Mixed(asked.key, hits, plan.each(asked, _of_page, plan, hits, times))


def place_after(cursor: str) -> After:
    """The hit that a cursor stands for. Raises BAD_ARGUMENT for a text that is none."""
    try:
        rank, identifier = decode_place(HITS_ORDER, (str, int), cursor)
    except CursorError as error:
        raise _no_cursor() from error
    if rank is None or identifier is None or not is_rank(rank) or not -_MOST_ID <= identifier < _MOST_ID:
        raise _no_cursor()
    return After(rank, identifier)


def _no_cursor() -> Exception:
    return graph_error(
        ErrorCode.BAD_ARGUMENT, "after 不是 search 给出的游标。", "after is no cursor that search gave out"
    )


@lru_cache(maxsize=_KEPT)
def _values(text: str, kinds: tuple[Kind, ...], cursor: str | None) -> Mapping[str, str | None]:
    return values(understand(text, kinds), None if cursor is None else place_after(cursor))


def _of_page(asked: Asked, plan: Shows, hits: n.Hits, times: n.Times) -> n.Edges | n.Nodes | n.Info:
    match asked.meaning:
        case m.Shape.EDGES:
            return n.Edges(asked.key, plan.each(asked, _of_edge, plan, hits, times))
        case m.Shape.NODES:
            return n.Nodes(asked.key, plan.each(asked, _of_hit, plan, hits, times))
        case m.Shape.PAGE_INFO:
            return n.Info(asked.key, plan.each(asked, told))
    raise NotCompiledError(asked.key)


def _of_edge(asked: Asked, plan: Shows, hits: n.Hits, times: n.Times) -> n.Cursor | n.RowParts:
    if asked.meaning is m.Shape.CURSOR:
        return n.Cursor(asked.key)
    return n.RowParts(asked.key, plan.each(asked, _of_hit, plan, hits, times))


def _of_hit(asked: Asked, plan: Shows, hits: n.Hits, times: n.Times) -> n.Part:
    match asked.meaning:
        case m.HitColumn(column):
            return n.OfHit(asked.key, column)
        case m.ThingOf():
            return n.Fork(asked.key, tuple(_way(plan, asked, kind, times) for kind in hits.kinds))
    raise NotCompiledError(asked.key)


def _way(plan: Shows, asked: Asked, kind: Kind, times: n.Times) -> n.Way:
    entity, column = THINGS[kind]
    source = n.Source(entity, times, (n.Join(column, column),), n.All())
    return n.Way(kind.name, source, (), plan.parts_as(asked, entity, times))
