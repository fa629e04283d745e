"""Which fields of a document a token's scopes open: read off the schema's text, and not off the hub's own table."""

from collections.abc import Iterator

from graphql import (
    FieldNode,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)
from graphql.language import DirectiveNode, ListValueNode, StringValueNode

from tests.lib.graph_text import schema_of_text

SCHEMA = schema_of_text()


class Needs(Visitor):
    """What a document needs."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.found: list[list[set[str]]] = []

    def enter_field(self, _node: FieldNode, *_rest: object) -> None:
        """The conditions of a field and of the type it leads to."""
        field = self._info.get_field_def()
        parent = self._info.get_parent_type()
        for definition in (field, parent, get_named_type(field.type) if field else None):
            node = getattr(definition, "ast_node", None)
            if node is not None and not (definition is parent and not isinstance(parent, GraphQLObjectType)):
                self.found += [
                    _groups(each) for each in node.directives or () if each.name.value == "requiresScopes"
                ]


def _groups(directive: DirectiveNode) -> list[set[str]]:
    """Any of these groups will do."""
    [argument] = directive.arguments or ()
    value = argument.value
    assert isinstance(value, ListValueNode)
    return [set(_texts(group)) for group in value.values]


def _texts(group: object) -> Iterator[str]:
    assert isinstance(group, ListValueNode)
    for each in group.values:
        assert isinstance(each, StringValueNode)
        yield each.value


def is_open(document: str, scopes: set[str]) -> bool:
    """Whether a token of these scopes opens every field that the document names."""
    info = TypeInfo(SCHEMA)
    needs = Needs(info)
    visit(parse(document), TypeInfoVisitor(info, needs))
    return all(any(group <= scopes for group in groups) for groups in needs.found)
