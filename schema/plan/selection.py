"""Which fields a document selects of a type: fragments followed, conditions applied, equal keys merged."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

from schema.plan.values import Variables

#: the nodes of each key of an answer, in the order of the keys; their own selections are to be merged
Selected = Mapping[str, list[FieldNode]]


class Selections:
    """Reads selections of one operation. The document is valid."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: Variables
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables

    def of(self, kind: GraphQLObjectType, nodes: Iterable[FieldNode]) -> Selected:
        """What the selections of these fields, which stand under one key, ask of the type."""
        return self.of_sets(kind, [node.selection_set for node in nodes if node.selection_set])

    def of_sets(self, kind: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> Selected:
        """What these selections together ask of the type."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selections in sets:
            for field in self._fields(kind, selections, seen):
                key = field.alias.value if field.alias else field.name.value
                found.setdefault(key, []).append(field)
        return found

    def _fields(
        self, kind: GraphQLObjectType, selections: SelectionSetNode, seen: set[str]
    ) -> Iterator[FieldNode]:
        for node in selections.selections:
            if not self._is_wanted(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                if condition is None or self._fits(kind, condition.name.value):
                    yield from self._fields(kind, node.selection_set, seen)
            elif isinstance(node, FragmentSpreadNode):
                yield from self._spread(kind, node.name.value, seen)

    def _spread(self, kind: GraphQLObjectType, name: str, seen: set[str]) -> Iterator[FieldNode]:
        fragment = self._fragments[name]
        if name not in seen and self._fits(kind, fragment.type_condition.name.value):
            seen.add(name)
            yield from self._fields(kind, fragment.selection_set, seen)

    def _fits(self, kind: GraphQLObjectType, name: str) -> bool:
        condition = self._schema.type_map[name]
        return condition is kind or (
            is_abstract_type(condition) and self._schema.is_sub_type(condition, kind)
        )

    def _is_wanted(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            if directive.name.value == "skip" and self._condition(directive):
                return False
            if directive.name.value == "include" and not self._condition(directive):
                return False
        return True

    def _condition(self, directive: DirectiveNode) -> Any:
        [argument] = directive.arguments or ()
        value = argument.value
        if isinstance(value, VariableNode):
            return self._variables[value.name.value]
        return isinstance(value, BooleanValueNode) and value.value
