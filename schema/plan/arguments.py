"""Arguments of a field as far as they are known while planning; what each request brings anew stays open.

Of a variable, the plan knows which parts are there, and the values that decide about the statement's text: booleans,
enums and sizes of pages. All else is `Given`. `shape_of` tells two requests apart that need different plans.
"""

from collections.abc import Iterable
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    coerce_input_literal,
)
from graphql.utilities.coerce_input_value import coerce_default_value

from schema.plan.values import Constant, Given, Several, Variables

#: arguments whose value stands in the text of the statement
SIZES = frozenset({"first", "last"})
_OPEN = "…"


def arguments_of(field: GraphQLField, node: FieldNode, variables: Variables) -> dict[str, Any]:
    """The arguments that are there, defaults included: dicts and lists whose leaves are values, None for null."""
    written = {argument.name.value: argument.value for argument in node.arguments or ()}
    found: dict[str, Any] = {}
    for name, argument in field.args.items():
        value = Undefined
        if name in written:
            value = _read(argument.type, written[name], variables, name in SIZES)
        if value is Undefined:
            value = _default(argument)
        if value is not Undefined:
            found[name] = value
    return found


def shape_of(kind: GraphQLInputType, value: Any, counts: bool) -> Any:
    """What of a variable's value decides about the plan; `counts`: it is the size of a page."""
    if isinstance(kind, GraphQLNonNull):
        return shape_of(kind.of_type, value, counts)
    if value is None or counts or _decides(kind):
        return value
    if isinstance(kind, GraphQLInputObjectType):
        return tuple((name, shape_of(kind.fields[name].type, part, False)) for name, part in value.items())
    if isinstance(kind, GraphQLList) and not _is_open(kind.of_type):
        return tuple(shape_of(kind.of_type, part, False) for part in value)
    return _OPEN


def _read(kind: GraphQLInputType, node: ValueNode, variables: Variables, is_size: bool) -> Any:
    if isinstance(node, VariableNode):
        name = node.name.value
        if name not in variables:
            return Undefined
        return variables[name] if is_size else _of_variable(kind, variables[name], Given(name))
    if isinstance(kind, GraphQLNonNull):
        return _read(kind.of_type, node, variables, is_size)
    if isinstance(node, NullValueNode):
        return None
    if isinstance(kind, GraphQLInputObjectType):
        return _of_object(kind, node, variables)
    if isinstance(kind, GraphQLList):
        return _of_list(kind, node, variables)
    value = coerce_input_literal(node, kind)
    return value if is_size or _decides(kind) else Constant(value)


def _of_object(kind: GraphQLInputObjectType, node: ValueNode, variables: Variables) -> dict[str, Any]:
    written = (
        {each.name.value: each.value for each in node.fields} if isinstance(node, ObjectValueNode) else {}
    )
    found = {}
    for name, field in kind.fields.items():
        value = _read(field.type, written[name], variables, False) if name in written else Undefined
        if value is Undefined:
            value = _default(field)
        if value is not Undefined:
            found[name] = value
    return found


def _of_list(kind: GraphQLList[Any], node: ValueNode, variables: Variables) -> Any:
    nodes = node.values if isinstance(node, ListValueNode) else (node,)
    items = [_read(kind.of_type, each, variables, False) for each in nodes]
    if not _is_open(kind.of_type):
        return items
    values = tuple(Constant(None) if item in (None, Undefined) else item for item in items)
    if all(isinstance(value, Constant) for value in values):
        return Constant([value.value for value in values])
    return Several(values)


def _of_variable(kind: GraphQLInputType, value: Any, given: Given) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return _of_variable(kind.of_type, value, given)
    if value is None or _decides(kind):
        return value
    if isinstance(kind, GraphQLInputObjectType):
        return {
            name: _of_variable(kind.fields[name].type, part, _part(given, name))
            for name, part in value.items()
        }
    if isinstance(kind, GraphQLList) and not _is_open(kind.of_type):
        if not isinstance(value, list):  # a variable for one item stands where a list is wanted
            return [_of_variable(kind.of_type, value, given)]
        return [_of_variable(kind.of_type, part, _part(given, at)) for at, part in enumerate(value)]
    return given


def _part(given: Given, step: str | int) -> Given:
    return Given(given.name, (*given.path, step))


def _default(argument: GraphQLArgument | GraphQLInputField) -> Any:
    """A default, which decides about the plan: ours are sizes, enums and null."""
    return coerce_default_value(argument)


def _is_open(kind: GraphQLInputType) -> bool:
    """Whether values of it are known with each request only."""
    if isinstance(kind, GraphQLNonNull):
        return _is_open(kind.of_type)
    return isinstance(kind, GraphQLScalarType) and not _decides(kind)


def _decides(kind: GraphQLInputType) -> bool:
    return isinstance(kind, GraphQLEnumType) or getattr(kind, "name", "") == "Boolean"


def sizes_in(nodes: Iterable[FieldNode]) -> frozenset[str]:
    """The variables that are sizes of pages."""
    return frozenset(
        argument.value.name.value
        for node in nodes
        for argument in node.arguments or ()
        if argument.name.value in SIZES and isinstance(argument.value, VariableNode)
    )
