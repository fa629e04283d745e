"""How a document is written: what there is of everything, and how deep it nests. Each node is looked at once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NameNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

#: what a program that reads the document goes one level down for
_NESTING = (SelectionSetNode, ListValueNode, ObjectValueNode, ListTypeNode)


@dataclass(slots=True)
class Shape:
    """Counts of a document, as it is written."""

    #: nodes looked at, which is all there are
    visits: int = 0
    nesting: int = 0
    aliases: int = 0
    longest_name: int = 0
    longest_number: int = 0
    kinds: Counter[type[Node]] = field(default_factory=Counter)

    @property
    def directives(self) -> int:
        """How many directives stand in the document."""
        return self.kinds[DirectiveNode]

    @property
    def definitions(self) -> int:
        """How many operations and fragments it has."""
        return self.kinds[OperationDefinitionNode] + self.kinds[FragmentDefinitionNode]

    @property
    def spreads(self) -> int:
        """How often a fragment is spread."""
        return self.kinds[FragmentSpreadNode]


def shape_of(document: DocumentNode) -> Shape:
    """The shape of a document of any depth: no recursion."""
    shape = Shape()
    left: list[tuple[Node, int]] = [(document, 0)]
    while left:
        node, depth = left.pop()
        depth += isinstance(node, _NESTING)
        _count(shape, node, depth)
        left.extend((child, depth) for child in _children(node))
    return shape


def _count(shape: Shape, node: Node, depth: int) -> None:
    shape.visits += 1
    shape.nesting = max(shape.nesting, depth)
    shape.kinds[type(node)] += 1
    if isinstance(node, NameNode):
        shape.longest_name = max(shape.longest_name, len(node.value))
    elif isinstance(node, IntValueNode | FloatValueNode):
        shape.longest_number = max(shape.longest_number, len(node.value))
    elif isinstance(node, FieldNode):
        shape.aliases += node.alias is not None


def _children(node: Node) -> Iterator[Node]:
    for key in node.keys:
        value = getattr(node, key, None)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple | list):
            yield from (each for each in value if isinstance(each, Node))
