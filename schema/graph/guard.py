"""Deny by default: every field of the graph has a rule, and a document is refused before anything runs."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)

from schema.entities import Batch
from schema.graph.directives import Public, RequiresScopes
from schema.plan.found import THINGS
from schema.plan.meaning import BatchOf, FactOf, Found, OfBatch, OneOf, ThingOf, meaning_of
from schema.plan.needs import Groups

#: for each field `Type.field`; the empty group: any valid token
Rules = Mapping[str, Groups]


class UnruledFieldError(TypeError):
    """A field of the graph has no access rule; the hub does not start."""


def rules_of(schema: GraphQLSchema) -> Rules:
    """The rule of every field that a document can select. Raises UnruledFieldError, naming all fields without one."""
    rules: dict[str, tuple[frozenset[str], ...]] = {}
    unruled = []
    for name, kind in schema.type_map.items():
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or name.startswith("__"):
            continue
        for field_name, field in kind.fields.items():
            rule = _rule(field)
            if rule is None:
                unruled.append(f"{name}.{field_name}")
            else:
                rules[f"{name}.{field_name}"] = rule
    if unruled:
        raise UnruledFieldError(f"no access rule (deny by default): {', '.join(sorted(unruled))}")
    return rules


def check_nullable(schema: GraphQLSchema) -> None:
    """A field that leads to one row may be nothing wherever not everybody sees that row. Raises UnruledFieldError."""
    wrong = [
        f"{name}.{field_name}"
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType)
        for field_name, field in kind.fields.items()
        if isinstance(field.type, GraphQLNonNull) and not _leads_to_everybodys(field)
    ]
    if wrong:
        raise UnruledFieldError(
            f"never null, and leads to rows that not everybody sees: {', '.join(sorted(wrong))}"
        )


def needs_of(schema: GraphQLSchema, document: DocumentNode, rules: Rules) -> Mapping[str, Groups]:
    """What it takes to read each field that a document selects, in whichever of its operations and fragments.

    Fields that do not exist are for the standard rules to tell of.
    """
    types = TypeInfo(schema)
    fields = _Selected(types, rules)
    visit(document, TypeInfoVisitor(types, fields))
    return fields.needs


class _Selected(Visitor):
    """Looks each field of a document up in the rules."""

    def __init__(self, types: TypeInfo, rules: Rules) -> None:
        super().__init__()
        self._types = types
        self._rules = rules
        self.needs: dict[str, Groups] = {}

    def enter_field(self, node: FieldNode, *_rest: Any) -> None:
        """Look a field up."""
        parent = self._types.get_parent_type()
        name = f"{get_named_type(parent).name}.{node.name.value}" if parent else ""
        if name in self._rules:
            self.needs[name] = self._rules[name]


def _leads_to_everybodys(field: GraphQLField) -> bool:
    match meaning_of(field):
        case OneOf(entity, _) | Found(entity):
            return entity.about.rows.of_everybody
        case BatchOf() | OfBatch():
            return Batch.about.rows.of_everybody
        case ThingOf():
            return all(entity.about.rows.of_everybody for entity, _ in THINGS.values())
        case FactOf():
            return False
    return True


def _rule(field: Any) -> tuple[frozenset[str], ...] | None:
    definition = field.extensions.get("strawberry-definition")
    for directive in getattr(definition, "directives", ()):
        if isinstance(directive, RequiresScopes):
            return tuple(frozenset(group) for group in directive.scopes)
        if isinstance(directive, Public):
            return (frozenset(),)
    return None
