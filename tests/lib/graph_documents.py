"""Random documents made from the schema itself, with variables, that are valid and find something now and then."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from schema.declare import Entity
from schema.entities import ENTITIES
from schema.plan import meaning as m
from schema.plan.meaning import meaning_of
from schema.plan.planner import HISTORY_ORDER
from tests.lib.graph_rows import DIVISIONS, NUMBERS, Rows
from tests.lib.graph_values import ListOf, ObjectOf, OneOf, Tree, Trees, order_asked, sample

#: how many relations deep a document goes
DEPTH = 3
_FIELD = {"Int": OneOf((0, 1, 2, 3, 5)), "Boolean": OneOf((True, False))}
_BOOLEAN = GraphQLNonNull(GraphQLBoolean)
_REQUIRED: dict[str, Tree] = {
    "approvalNumber": OneOf((*NUMBERS, "国药准字H29999999")),
    "code": OneOf((*DIVISIONS, "44", "4401")),
    "at": OneOf((0.0, 0.25, 0.5, 0.9, 1.0)),
}
_ENTITIES = {f"{entity.__name__}Dimension": entity for entity in ENTITIES}
#: what only its resolver gives, and pages of rows of several kinds, which have tests of their own
_LEFT_OUT = m.Ordinary | m.ChangesSince | m.SearchOf
#: what leads to other rows
_DEEPER = m.OneOf | m.Found | m.PageOf | m.HistoryOf | m.ProvenanceOf | m.BatchOf | m.Past


@dataclass(frozen=True, slots=True)
class Document:
    """A document and two sets of variables for it."""

    text: str
    variables: tuple[dict[str, Any], dict[str, Any]]


def a_document(random: Random, size: int, schema: GraphQLSchema, rows: Rows) -> Document:
    """A document whose selections have up to `size` fields and some more."""
    return _Drawing(random, size, schema, Trees(random, rows)).document()


@dataclass(slots=True)
class _Drawing:
    random: Random
    size: int
    schema: GraphQLSchema
    trees: Trees
    declared: list[str] = field(default_factory=list)
    first: dict[str, Any] = field(default_factory=dict)
    second: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    #: names of fragments by their type, which may be spread again
    spreadable: dict[str, list[str]] = field(default_factory=dict)
    _names: Iterator[int] = field(default_factory=lambda: iter(range(1, 100_000)))

    def document(self) -> Document:
        query = self.schema.query_type
        assert query is not None
        selected = self._selection(query, DEPTH)
        heading = f"query({', '.join(self.declared)}) " if self.declared else ""
        return Document(" ".join([heading + selected, *self.fragments]), (self.first, self.second))

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _selection(self, kind: GraphQLObjectType, depth: int) -> str:
        count = self.random.randint(1, max(1, self.size - (DEPTH - depth)))
        parts = [self._field(kind, depth) for _ in range(count)]
        if self._chance(0.15):
            parts.append(self._wrapped(kind, depth))
        self.random.shuffle(parts)
        return f"{{ {' '.join(parts)} }}"

    def _wrapped(self, kind: GraphQLObjectType, depth: int) -> str:
        """Fields in an inline or a named fragment."""
        known = self.spreadable.get(kind.name)
        if known and self._chance(0.4):
            return f"...{self.random.choice(known)}{self._directives()}"
        inner = " ".join(self._field(kind, depth) for _ in range(self.random.randint(1, 2)))
        if self._chance(0.5):
            name = f"F{next(self._names)}"
            self.fragments.append(f"fragment {name} on {kind.name} {{ {inner} }}")
            self.spreadable.setdefault(kind.name, []).append(name)
            return f"...{name}{self._directives()}"
        condition = f" on {kind.name}" if self._chance(0.5) else ""
        return f"...{condition}{self._directives()} {{ {inner} }}"

    def _directives(self) -> str:
        words = (
            self.random.choice((("skip",), ("include",), ("skip", "include"))) if self._chance(0.1) else ()
        )
        return "".join(f" @{word}(if: {self._written(_BOOLEAN, _FIELD['Boolean'])})" for word in words)

    def _field(self, kind: GraphQLObjectType, depth: int) -> str:
        name = "__typename" if self._chance(0.08) else self._choice(kind, depth)
        if name == "__typename":
            return self._named(name)
        found = kind.fields[name]
        arguments = self._arguments(kind, name, found)
        head = self._named(name, must_alias=bool(found.args)) + arguments
        inner = get_named_type(found.type)
        if not isinstance(inner, GraphQLObjectType):
            return head + self._directives()
        deeper = depth - 1 if isinstance(meaning_of(found), _DEEPER) else depth
        whole = f"{head}{self._directives()} {self._selection(inner, deeper)}"
        # the same once more: both selections are to be merged
        return f"{whole} {head} {self._selection(inner, deeper)}" if self._chance(0.07) else whole

    def _named(self, name: str, *, must_alias: bool = False) -> str:
        return f"a{next(self._names)}: {name}" if must_alias or self._chance(0.1) else name

    def _choice(self, kind: GraphQLObjectType, depth: int) -> str:
        leaves: list[str] = []
        objects: list[str] = []
        for name, found in kind.fields.items():
            meaning = meaning_of(found)
            if isinstance(meaning, _LEFT_OUT):
                continue
            if is_leaf_type(get_named_type(found.type)):
                leaves.append(name)
            elif depth > 0 or not isinstance(meaning, _DEEPER):
                objects.append(name)
        wanted = objects if objects and (not leaves or self._chance(0.5)) else leaves
        if kind is self.schema.query_type and self._chance(0.25):
            wanted = ["at", "product", "region"]
        return self.random.choice(wanted or ["__typename"])

    def _arguments(self, kind: GraphQLObjectType, name: str, found: GraphQLField) -> str:
        trees = dict(self._trees(meaning_of(found), found))
        for each, argument in found.args.items():
            if each not in trees and isinstance(argument.type, GraphQLNonNull):
                trees[each] = _REQUIRED[each]
        written = [f"{each}: {self._written(found.args[each].type, tree)}" for each, tree in trees.items()]
        self.random.shuffle(written)
        return f"({', '.join(written)})" if written else ""

    def _trees(self, meaning: m.Meaning, found: GraphQLField) -> Iterator[tuple[str, Tree]]:
        match meaning:
            case m.PageOf(entity, _):
                yield from self._page(entity, found)
            case m.HistoryOf(entity):
                yield from self._window(entity, HISTORY_ORDER)
            case m.Past():
                for name in ("asOf", "knownAt"):
                    if self._chance(0.7):
                        yield name, self.trees.instant()
            case m.ProvenanceOf():
                if self._chance(0.6):
                    choices = _choices_of(found, "field")
                    yield "field", OneOf((self.random.choice(list(choices.values)),))
            case m.Shape.GROUPS:
                yield from self._grouping(found)

    def _page(self, entity: type[Entity], found: GraphQLField) -> Iterator[tuple[str, Tree]]:
        if self._chance(0.4):
            yield "filter", self.trees.filter(entity, _input_of(found, "filter"))
        order: Tree | None = None
        if "orderBy" in found.args and self._chance(0.5):
            order = self.trees.order(entity, _input_of(found, "orderBy"))
            yield "orderBy", order
        yield from self._window(entity, order_asked(entity, order))

    def _window(self, entity: type[Entity], order: tuple[Any, ...]) -> Iterator[tuple[str, Tree]]:
        size = self.random.choice(("first", "first", "last", None))
        if size is not None:
            yield size, _FIELD["Int"]
        for name in ("after", "before"):
            cursor = self.trees.cursor(entity, order) if self._chance(0.25) else None
            if cursor is not None:
                yield name, cursor

    def _grouping(self, found: GraphQLField) -> Iterator[tuple[str, Tree]]:
        choices = _choices_of(found, "by")
        names = [
            self.random.choice(list(choices.values))
            for _ in range(self.random.choice((0, *(1,) * 8, 2, 2, 3)))
        ]
        yield "by", ListOf(tuple(OneOf((name,)) for name in names))
        if self._chance(0.4):
            yield "first", _FIELD["Int"]
        if self._chance(0.3):
            yield "after", self.trees.group_cursor(_ENTITIES[choices.name], names)

    def _written(self, kind: GraphQLInputType, tree: Tree) -> str:
        """A literal, or a variable, or a literal with variables in it."""
        if self._chance(0.25):
            return self._variable(kind, tree)
        inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        match tree:
            case ObjectOf(members) if isinstance(inner, GraphQLInputObjectType):
                parts = (
                    f"{name}: {self._written(inner.fields[name].type, part)}"
                    for name, part in members.items()
                )
                return f"{{{', '.join(parts)}}}"
            case ListOf(items) if isinstance(inner, GraphQLList):
                if len(items) == 1 and self._chance(0.3):
                    return literal(inner.of_type, sample(self.random, items[0]))
                return f"[{', '.join(self._written(inner.of_type, item) for item in items)}]"
        return literal(inner, sample(self.random, tree), ascii_only=self._chance(0.3))

    def _variable(self, kind: GraphQLInputType, tree: Tree) -> str:
        name = f"v{next(self._names)}"
        bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        one, other = sample(self.random, tree), sample(self.random, tree)
        if self._chance(0.25):
            self.declared.append(f"${name}: {bare} = {literal(bare, one)}")
            if self._chance(0.5):
                self.second[name] = other
            return f"${name}"
        self.declared.append(f"${name}: {kind}")
        self.first[name], self.second[name] = one, other
        if (
            not isinstance(kind, GraphQLNonNull)
            and kind is bare
            and self._chance(0.1)
            and name in self.second
        ):
            self._leave_out(name)
        return f"${name}"

    def _leave_out(self, name: str) -> None:
        """Sometimes a request does not say it."""
        del self.second[name]


def _input_of(found: GraphQLField, argument: str) -> GraphQLInputObjectType:
    kind = get_named_type(found.args[argument].type)
    assert isinstance(kind, GraphQLInputObjectType)
    return kind


def _choices_of(found: GraphQLField, argument: str) -> GraphQLEnumType:
    kind = get_named_type(found.args[argument].type)
    assert isinstance(kind, GraphQLEnumType)
    return kind


def literal(kind: Any, value: Any, *, ascii_only: bool = False) -> str:
    """A value as it stands in a document."""
    if isinstance(kind, GraphQLNonNull):
        return literal(kind.of_type, value, ascii_only=ascii_only)
    if isinstance(kind, GraphQLList):
        return f"[{', '.join(literal(kind.of_type, each, ascii_only=ascii_only) for each in value)}]"
    if isinstance(kind, GraphQLInputObjectType):
        parts = (
            f"{name}: {literal(kind.fields[name].type, each, ascii_only=ascii_only)}"
            for name, each in value.items()
        )
        return f"{{{', '.join(parts)}}}"
    if isinstance(kind, GraphQLEnumType):
        return str(value)
    return json.dumps(value, ensure_ascii=ascii_only)
