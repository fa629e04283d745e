"""How much one document may ask for. Linear in the document's size: each fragment is weighed once."""

from functools import cache
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationRule,
    ValueNode,
)

from schema.graph.errors import ErrorCode, graph_error
from schema.plan.conditions import DEFAULT_PAGE, MAX_PAGE

#: tokens of a document; a hand-written query has some hundreds (validation is quadratic in the worst case)
MAX_TOKENS = 1_500
#: how deep selections nest
MAX_DEPTH = 16
#: how many digits a whole number in a document has
MAX_DIGITS = 100
#: objects that an answer may have at most, taking every page as full
MAX_OBJECTS = 20_000

#: a total looks at every row that satisfies the filter; it weighs as a full page does
_COUNT, _COUNT_WEIGHT = "totalCount", MAX_PAGE
#: as they are written; compared as text, for a number may have any length
_PAGE_SIZES = frozenset(str(size) for size in range(MAX_PAGE + 1))


class Weight(NamedTuple):
    """What a selection weighs."""

    depth: int
    objects: int
    #: totals of the page that the selection stands in
    counts: int

    def beside(self, other: "Weight") -> "Weight":
        """Both selections together."""
        depth = max(self.depth, other.depth)
        return Weight(depth, self.objects + other.objects, self.counts + other.counts)


_NOTHING = Weight(0, 0, 0)


class LimitRule(ValidationRule):
    """Refuses a document that nests too deep or could answer with too many objects."""

    def enter_document(self, node: DocumentNode, *_rest: Any) -> None:
        """Weigh the operations."""
        scale = _Scale(node, _paged_fields(self.context.schema))
        for definition in node.definitions:
            if isinstance(definition, OperationDefinitionNode):
                self._judge(scale.weigh(definition.selection_set))

    def enter_int_value(self, node: IntValueNode, *_rest: Any) -> None:
        """Python refuses to read numbers of some thousand digits, and the standard rules would try to."""
        if len(node.value) > MAX_DIGITS:
            self.report_error(
                graph_error(
                    ErrorCode.TOO_LARGE,
                    f"数字有 {len(node.value)} 位，最多 {MAX_DIGITS} 位。",
                    f"a number has {len(node.value)} digits, at most {MAX_DIGITS}",
                )
            )

    def _judge(self, weight: Weight) -> None:
        depth, objects = weight.depth, weight.objects
        if depth > MAX_DEPTH:
            self.report_error(
                graph_error(
                    ErrorCode.TOO_LARGE,
                    f"嵌套 {depth} 层，最多 {MAX_DEPTH} 层。",
                    f"nested {depth} deep, at most {MAX_DEPTH}",
                )
            )
        if objects > MAX_OBJECTS:
            self.report_error(
                graph_error(
                    ErrorCode.TOO_LARGE,
                    f"最多可能返回 {objects} 个对象，上限 {MAX_OBJECTS}；请减小 first。",
                    f"could answer with {objects} objects, at most {MAX_OBJECTS}: ask for smaller pages",
                )
            )


class _Scale:
    """Weighs selections; what a fragment weighs is remembered."""

    def __init__(self, document: DocumentNode, paged: frozenset[str]) -> None:
        self._paged = paged
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._weights: dict[str, Weight] = {}

    def weigh(self, selection: SelectionSetNode | None) -> Weight:
        total = _NOTHING
        for node in selection.selections or () if selection else ():
            if isinstance(node, FieldNode):
                total = total.beside(self._field(node))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._fragment(node.name.value))
            elif isinstance(node, InlineFragmentNode):
                total = total.beside(self.weigh(node.selection_set))
        return total

    def _field(self, node: FieldNode) -> Weight:
        if node.selection_set is None:
            return Weight(1, 0, int(node.name.value == _COUNT))
        inside = self.weigh(node.selection_set)
        if node.name.value not in self._paged:
            return Weight(inside.depth + 1, inside.objects + 1, inside.counts)
        # the rows bring what they bring, each; a total of the page is counted once
        objects = self._rows(node) * (1 + inside.objects) + _COUNT_WEIGHT * inside.counts
        return Weight(inside.depth + 1, objects, 0)

    def _fragment(self, name: str) -> Weight:
        if name not in self._weights:
            # a fragment within itself is for the standard rules to refuse; here it must only come to an end
            self._weights[name] = _NOTHING
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._weights[name] = self.weigh(fragment.selection_set)
        return self._weights[name]

    @staticmethod
    def _rows(node: FieldNode) -> int:
        """How many rows a page has at most."""
        sizes = [each.value for each in node.arguments or () if each.name.value == "first"]
        return _page_size(sizes[0]) if sizes else DEFAULT_PAGE


@cache
def _paged_fields(schema: GraphQLSchema) -> frozenset[str]:
    """The names of the fields that give pages. What is selected does not tell: `edges` may stand in a fragment."""
    return frozenset(
        name
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if "first" in field.args
    )


def _page_size(given: ValueNode) -> int:
    """The objects of a page. A size that comes by variable or is no page's counts as the largest; a page costs
    a query even when it is empty.
    """
    text = given.value if isinstance(given, IntValueNode) else ""
    return max(1, int(text)) if text in _PAGE_SIZES else MAX_PAGE
