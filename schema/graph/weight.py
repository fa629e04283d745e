"""What a document means when fragments are put in: how much it selects, how deep, and how large its answer may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    ValueNode,
    VariableNode,
    get_introspection_query,
    get_named_type,
    parse,
)

from schema.plan.conditions import DEFAULT_PAGE, MAX_PAGE

#: selections of an operation, each fragment counted as often as it is spread
MAX_SELECTIONS = 2_000
#: how deep fragments and fields stand in each other
MAX_NESTING = 64
#: a total or an aggregate looks at every row that satisfies the filter; it weighs as a full page does
LOOK_WEIGHT = MAX_PAGE
#: a value that a document does not say
_UNKNOWN = object()
_PAGE_ARGUMENTS = ("first", "last")
_OF_A_PAGE = frozenset({"edges", "nodes", "pageInfo"})
_META: Mapping[str, GraphQLField] = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
#: of these lists of the introspection one may not stand in another: types have fields which have types …
_TYPE_LISTS = frozenset({"fields", "inputFields", "interfaces", "possibleTypes"})


class TooMuchError(Exception):
    """The document selects more, or nests deeper, than is looked at."""


class Weight(NamedTuple):
    """What a selection weighs."""

    depth: int = 0
    #: objects of the answer at most, taking every page as full
    objects: int = 0
    #: totals and aggregates of the page that the selection stands in
    looks: int = 0
    #: objects of the schema itself
    schema_objects: int = 0

    def beside(self, other: "Weight") -> "Weight":
        """Both selections together."""
        return Weight(
            max(self.depth, other.depth),
            self.objects + other.objects,
            self.looks + other.looks,
            self.schema_objects + other.schema_objects,
        )


_NOTHING = Weight()


@dataclass(slots=True)
class Count:
    """What was met on the walk through one operation."""

    visits: int = 0
    root_fields: int = 0
    #: pairs of fields under one name in one place, which validation compares with each other
    pairs: int = 0
    #: lists of types in lists of types
    type_lists_in_each_other: bool = False


class Scale:
    """Weighs one operation of a document, with the values of its variables where they are known."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any] | None
    ) -> None:
        self._schema = schema
        self._variables = variables
        self._defaults: dict[str, ValueNode | None] = {}
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._open: set[str] = set()
        self._met: dict[tuple[int, str], list[int]] = {}
        self.count = Count()

    def weigh(self, operation: OperationDefinitionNode) -> Weight:
        """The operation's weight. Raises TooMuchError as soon as the walk gets too long."""
        self._defaults = {
            each.variable.name.value: each.default_value for each in operation.variable_definitions or ()
        }
        root = self._schema.get_root_type(operation.operation)
        return self._selections(operation.selection_set, root, _Place(0, 0, False))

    def _selections(
        self, selection: SelectionSetNode | None, kind: GraphQLNamedType | None, place: "_Place"
    ) -> Weight:
        if place.nesting > MAX_NESTING:
            raise TooMuchError
        total = _NOTHING
        for node in selection.selections or () if selection else ():
            self.count.visits += 1
            if self.count.visits > MAX_SELECTIONS:
                raise TooMuchError
            if isinstance(node, FieldNode):
                weight = self._field(node, kind, place)
            elif isinstance(node, FragmentSpreadNode):
                weight = self._spread(node.name.value, place)
            elif isinstance(node, InlineFragmentNode):
                weight = self._selections(node.selection_set, self._narrowed(node, kind), place.below())
            else:
                weight = _NOTHING
            total = total.beside(weight)
        return total

    def _spread(self, name: str, place: "_Place") -> Weight:
        fragment = self._fragments.get(name)
        # a fragment within itself, or none, is for the standard rules to refuse
        if fragment is None or name in self._open:
            return _NOTHING
        self._open.add(name)
        kind = self._schema.get_type(fragment.type_condition.name.value)
        weight = self._selections(fragment.selection_set, kind, place.below())
        self._open.remove(name)
        return weight

    def _narrowed(self, node: InlineFragmentNode, kind: GraphQLNamedType | None) -> GraphQLNamedType | None:
        condition = node.type_condition
        if condition is None:
            return kind
        return self._schema.get_type(condition.name.value)

    def _field(self, node: FieldNode, kind: GraphQLNamedType | None, place: "_Place") -> Weight:
        met = self._meet(place.path, node)
        self.count.root_fields += place.path == 0
        found = _field_of(kind, node.name.value)
        of_schema = (kind is not None and kind.name.startswith("__")) or node.name.value in _META
        looks = int(_looks_at_all(kind, node.name.value))
        if node.selection_set is None:
            return Weight(1, 0, looks)
        in_types = place.in_type_list
        if of_schema and node.name.value in _TYPE_LISTS:
            self.count.type_lists_in_each_other |= in_types
            in_types = True
        target = get_named_type(found.type) if found else None
        inside = self._selections(node.selection_set, target, _Place(met, place.nesting + 1, in_types))
        if of_schema:
            rows = _sizes(self._schema).get(node.name.value, 1)
            return Weight(inside.depth + 1, 0, 0, rows * (1 + inside.schema_objects))
        return self._of_rows(node, found, inside, looks)

    def _of_rows(self, node: FieldNode, found: GraphQLField | None, inside: Weight, looks: int) -> Weight:
        if found is not None and any(name in found.args for name in _PAGE_ARGUMENTS):
            # the rows bring what they bring, each; a total of the page is counted once
            objects = self._rows(node) * (1 + inside.objects) + LOOK_WEIGHT * inside.looks
            return Weight(inside.depth + 1, objects, looks)
        rows = DEFAULT_PAGE if found is not None and _is_free_list(node, found) else 1
        return Weight(inside.depth + 1, rows * (1 + inside.objects), inside.looks + looks)

    def _meet(self, path: int, node: FieldNode) -> int:
        """Count a field with those under the same name in the same place; gives the place it stands for."""
        name = node.alias.value if node.alias else node.name.value
        met = self._met.setdefault((path, name), [len(self._met) + 1, 0])
        self.count.pairs += met[1]
        met[1] += 1
        return met[0]

    def _rows(self, node: FieldNode) -> int:
        """How many rows a page has at most; an empty one costs a query too."""
        given = [
            self._value(each.value) for each in node.arguments or () if each.name.value in _PAGE_ARGUMENTS
        ]
        sizes = [size for size in given if size is not None]
        if not sizes:
            return DEFAULT_PAGE if not given else MAX_PAGE
        return max(
            1, *(size if isinstance(size, int) and 0 <= size <= MAX_PAGE else MAX_PAGE for size in sizes)
        )

    def _value(self, node: ValueNode) -> Any:
        if isinstance(node, VariableNode):
            return self._value_of(node.name.value)
        # compared by its length first: a number may have any, and Python refuses to read some thousand digits
        return int(node.value) if isinstance(node, IntValueNode) and len(node.value) < 9 else _UNKNOWN

    def _value_of(self, name: str) -> Any:
        if self._variables is None:
            return _UNKNOWN
        if name in self._variables:
            return self._variables[name]
        default = self._defaults.get(name)
        return None if default is None or isinstance(default, VariableNode) else self._value(default)


class _Place(NamedTuple):
    """Where in an operation a selection stands."""

    #: number of the path of response names
    path: int
    nesting: int
    in_type_list: bool

    def below(self) -> "_Place":
        """The same place, one fragment deeper."""
        return self._replace(nesting=self.nesting + 1)


def _field_of(kind: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if name in _META:
        return _META[name]
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        found: GraphQLField | None = kind.fields.get(name)
        return found
    return None


def _looks_at_all(kind: GraphQLNamedType | None, name: str) -> bool:
    """Whether the field is a page's own and looks at more rows than the page has."""
    if not isinstance(kind, GraphQLObjectType) or "pageInfo" not in kind.fields:
        return False
    return name in kind.fields and name not in _OF_A_PAGE


def _is_free_list(node: FieldNode, field: GraphQLField) -> bool:
    """A list without pages; the edges of a page are counted with it."""
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(kind, GraphQLList) and node.name.value not in _OF_A_PAGE


@cache
def _sizes(schema: GraphQLSchema) -> Mapping[str, int]:
    """How long the lists of the introspection are, on average and rounded up."""
    kinds = list(schema.type_map.values())
    composite = [kind for kind in kinds if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [field for kind in composite for field in kind.fields.values()]
    arguments = sum(len(field.args) for field in fields)
    return {
        "types": len(kinds),
        "fields": -(-len(fields) // len(composite)),
        "args": -(-arguments // max(1, len(fields))),
        "inputFields": 4,
        "enumValues": 4,
        "directives": len(schema.directives),
    }


@cache
def introspection_weight(schema: GraphQLSchema) -> int:
    """What the introspection weighs that tools ask for, with everything that it can have."""
    text = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    document = parse(text)
    [operation] = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    return Scale(schema, document, None).weigh(operation).schema_objects
