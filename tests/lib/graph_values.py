"""Random arguments of the graph's fields, as trees whose leaves may become literals or variables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInputType, GraphQLList, GraphQLNonNull

from schema.declare import Entity, Relation, graph_fields
from schema.entities import entity_named
from schema.plan.conditions import fields_by_name, relations_of
from schema.plan.cursor import encode_cursor, encode_place
from schema.plan.groups import groups_name, value_type
from schema.plan.nodes import Order, complete_order
from tests.lib.graph_rows import DAYS, DECIMALS, DIVISIONS, LEARNED, Rows, pool_of

#: how deep filters are nested
_REACH = 2


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of these values, as JSON has them."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    items: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An input object."""

    members: Mapping[str, "Tree"]


Tree = OneOf | ListOf | ObjectOf


def sample(random: Random, tree: Tree) -> Any:
    """One value of a tree."""
    match tree:
        case OneOf(values):
            return random.choice(values)
        case ListOf(items):
            return [sample(random, item) for item in items]
        case ObjectOf(members):
            return {name: sample(random, member) for name, member in members.items()}


def json_of(value: Any) -> Any:
    """A column's value as a client sends it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return (
        value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
    )


class Trees:
    """Makes trees of arguments that have a chance to find something among the rows."""

    def __init__(self, random: Random, rows: Rows) -> None:
        self._random = random
        self._rows = rows

    def instant(self) -> Tree:
        """An instant at which something happens, or before or after everything."""
        some = (*DAYS, *LEARNED, datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
        return OneOf(tuple(each.isoformat() for each in self._random.sample(some, 3)))

    def filter(self, entity: type[Entity], kind: GraphQLInputObjectType, reach: int = _REACH) -> Tree:
        """A filter of an entity."""
        names = [name for name in kind.fields if reach or name in fields_by_name(entity)]
        own = [name for name in names if name in fields_by_name(entity)]
        chosen = [
            self._random.choice(own if own and self._random.random() < 0.6 else names)
            for _ in range(self._random.choice((1, 1, 2)))
        ]
        return ObjectOf(
            {name: self._condition(entity, name, kind.fields[name].type, reach) for name in chosen}
        )

    def order(self, entity: type[Entity], kind: GraphQLInputObjectType) -> Tree:
        """Some columns to order by, each once."""
        choices = _named(kind.fields["field"].type)
        assert isinstance(choices, GraphQLEnumType)
        names = list(choices.values)
        found: list[Tree] = []
        for name in self._random.sample(names, min(len(names), self._random.choice((1, 1, 2)))):
            members: dict[str, Tree] = {"field": OneOf((name,))}
            if self._random.random() < 0.6:
                members["direction"] = OneOf((self._random.choice(("ASC", "DESC")),))
            found.append(ObjectOf(members))
        return ListOf(tuple(found))

    def cursor(self, entity: type[Entity], order: tuple[Order, ...]) -> Tree | None:
        """Cursors of some rows, of whatever period; None where there are no rows."""
        rows = self._rows[entity]
        if not rows:
            return None
        some = [self._random.choice(rows) for _ in range(3)]
        return OneOf(tuple(encode_cursor(entity, order, row) for row in some))

    def group_cursor(self, entity: type[Entity], names: Sequence[str]) -> Tree:
        """The cursor of a group that may be or not."""
        known = {each.name.upper(): each for each in entity.about.dimensions}
        by = tuple(dict.fromkeys(known[name] for name in names))
        places = []
        for _ in range(2):
            values = [self._random.choice((None, *_GROUPED[value_type(entity, each)])) for each in by]
            places.append(encode_place(groups_name(entity, by), values))
        return OneOf(tuple(places))

    def _condition(self, entity: type[Entity], name: str, kind: GraphQLInputType, reach: int) -> Tree:
        inner = _named(kind)
        assert isinstance(inner, GraphQLInputObjectType)
        if name in ("and", "or"):
            count = self._random.choice((0, 1, 2, 2))
            return ListOf(tuple(self.filter(entity, inner, reach - 1) for _ in range(count)))
        if name == "not":
            return self.filter(entity, inner, reach - 1)
        if name in relations_of(entity):
            return self._related(relations_of(entity)[name], inner, reach)
        return self._compared(entity, name, inner)

    def _related(self, relation: Relation, kind: GraphQLInputObjectType, reach: int) -> Tree:
        target = entity_named(relation.target)
        if "some" not in kind.fields:
            return self.filter(target, kind, reach - 1)
        inner = _named(kind.fields["some"].type)
        assert isinstance(inner, GraphQLInputObjectType)
        words = self._random.choice((("some",), ("none",), ("some", "none")))
        return ObjectOf({word: self.filter(target, inner, reach - 1) for word in words})

    def _compared(self, entity: type[Entity], name: str, kind: GraphQLInputObjectType) -> Tree:
        field = fields_by_name(entity)[name]
        pool = tuple(json_of(value) for value in pool_of(entity, field))
        if field.declaration.is_id:
            pool = tuple(map(str, pool))
        words = self._random.sample(list(kind.fields), self._random.choice((1, 1, 1, 2)))
        return ObjectOf({word: self._operand(word, pool) for word in words})

    def _operand(self, word: str, pool: tuple[Any, ...]) -> Tree:
        match word:
            case "isNull":
                return OneOf((True, False))
            case "in":
                return ListOf(tuple(OneOf(pool) for _ in range(self._random.choice((0, 1, 2, 3)))))
            case "within":
                return OneOf(("44", "4401", "440106", "00", "110000", *DIVISIONS[:3]))
            case "contains" | "startsWith":
                some = [self._random.choice(pool) for _ in range(2)]
                return OneOf(
                    (*(text[: self._random.choice((0, 1, 3))] for text in some), "%", "_", "\\", "Q", "PIRIN")
                )
        return OneOf(tuple(self._random.sample(pool, min(3, len(pool)))))


def order_asked(entity: type[Entity], tree: Tree | None) -> tuple[Order, ...]:
    """The whole order that an argument asks for."""
    asked = []
    names = {field.name.upper(): field.name for field in graph_fields(entity)}
    for each in tree.items if isinstance(tree, ListOf) else ():
        assert isinstance(each, ObjectOf)
        values = {name: part.values[0] for name, part in each.members.items() if isinstance(part, OneOf)}
        asked.append(Order(names[values["field"]], values.get("direction") == "DESC"))
    return complete_order(entity, tuple(asked))


def _named(kind: Any) -> Any:
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        kind = kind.of_type
    return kind


_GROUPED: Mapping[type, tuple[Any, ...]] = {
    str: ("linked", "440000", "2026-Q1", "😀 pill 💊"),
    int: (0, 2, 2**53 + 1),
    bool: (True, False),
    Decimal: DECIMALS,
    date: (date(2026, 1, 1),),
    datetime: DAYS,
}
