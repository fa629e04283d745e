"""Deny by default: every field of the graph has a rule, and a document is refused before anything runs."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    ValidationRule,
    get_named_type,
)

from schema.graph.directives import Public, RequiresScopes
from schema.graph.errors import forbidden

#: for each field `Type.field`: groups of scopes of which any one suffices; the empty group: any valid token
Rules = Mapping[str, tuple[frozenset[str], ...]]


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


def scope_rule(rules: Rules, scopes: frozenset[str]) -> type[ValidationRule]:
    """A validation rule that refuses a document which asks for any field that these scopes do not open."""

    class ScopeRule(ValidationRule):
        """Gathers all refused fields, so that one answer names them all."""

        def __init__(self, context: Any) -> None:
            super().__init__(context)
            self._refused: dict[str, list[list[str]]] = {}

        def enter_field(self, node: FieldNode, *_rest: Any) -> None:
            """Look a field up in the rules."""
            parent = self.context.get_parent_type()
            name = node.name.value
            if parent is None or name.startswith("__") or get_named_type(parent).name.startswith("__"):
                return
            groups = rules.get(f"{parent.name}.{name}")
            # a field that does not exist is for the standard rules to tell of
            if groups is not None and not any(group <= scopes for group in groups):
                self._refused[f"{parent.name}.{name}"] = [sorted(group) for group in groups]

        def leave_document(self, *_rest: Any) -> None:
            """Tell of all that is refused, at once."""
            if self._refused:
                self.report_error(forbidden(self._refused))

    return ScopeRule


def _rule(field: Any) -> tuple[frozenset[str], ...] | None:
    definition = field.extensions.get("strawberry-definition")
    for directive in getattr(definition, "directives", ()):
        if isinstance(directive, RequiresScopes):
            return tuple(frozenset(group) for group in directive.scopes)
        if isinstance(directive, Public):
            return (frozenset(),)
    return None
