"""Documents, parsed, judged and planned once: what is kept of each, and how a request finds its plan."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Generic, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLID,
    GraphQLInputType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    get_nullable_type,
    get_variable_values,
    is_input_type,
    parse,
    type_from_ast,
    validate,
    visit,
)

from schema.graph.errors import ErrorCode, forbidden, graph_error
from schema.graph.guard import Rules, needs_of
from schema.graph.limits import MAX_ERRORS, MAX_TOKENS, excesses
from schema.plan.arguments import shape_of, sizes_in
from schema.plan.asked import NotCompiledError
from schema.plan.needs import FieldList, Groups, Needs, opening, refused
from schema.plan.planner import Planner
from schema.plan.sql.statement import Statement, render
from schema.plan.values import CALLER, Pass, Variables
from schema.reach import Sight

#: documents, and plans of one document for variables of different shapes, that are kept
MAX_DOCUMENTS = 512
MAX_PLANS = 16
#: errors of variables that one answer tells of
_ERRORS = 10

#: types whose values are texts as they come
_TEXTS = (GraphQLString, GraphQLID)

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


class RefusedError(Exception):
    """The document is not run; these errors say why."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(*errors)
        self.errors = errors


class Shelf(Generic[Key, Kept]):
    """At most `size` things by their keys; those not asked for the longest go first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def get(self, key: Key) -> Kept | None:
        """What is kept under a key."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, thing: Kept) -> None:
        """Keep a thing."""
        self._kept[key] = thing
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)


class Requirement:
    """What it takes to be answered."""

    def __init__(self, needs: Mapping[str, Groups]) -> None:
        #: groups of scopes of which any one suffices, by the name of what needs them
        self.by_name = needs
        self._opening = opening(needs)
        #: the same, to be recorded
        self.fields = FieldList(needs)

    def check(self, scopes: frozenset[str]) -> None:
        """Refuse what these scopes do not open, naming all of it. Raises RefusedError."""
        if self._opening is not None and self._opening <= scopes:
            return
        if found := refused(self.by_name, scopes):
            raise RefusedError(forbidden(found))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a query comes to for variables of one shape."""

    #: None: it is executed the ordinary way
    statement: Statement | None
    needs: Requirement


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document that has been judged."""

    document: DocumentNode
    node: OperationDefinitionNode
    #: types of its variables by name, and which of them are sizes of pages
    variables: Mapping[str, GraphQLInputType]
    sizes: frozenset[str]
    #: whether all its variables are texts
    takes_texts: bool
    plans: Shelf[Hashable, Plan] = field(default_factory=lambda: Shelf(MAX_PLANS))

    @property
    def name(self) -> str | None:
        """Its name, if it has one."""
        return self.node.name.value if self.node.name else None

    @property
    def is_query(self) -> bool:
        """Whether it only reads."""
        return self.node.operation is OperationType.QUERY

    @property
    def is_introspection(self) -> bool:
        """Whether it asks about the schema alone, so that its answer is always the same."""
        fields = self.node.selection_set.selections
        return not self.variables and all(
            isinstance(field, FieldNode) and field.name.value.startswith("__") for field in fields
        )

    @property
    def is_subscription(self) -> bool:
        """Whether its answers come one after the other."""
        return self.node.operation is OperationType.SUBSCRIPTION


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that is valid and within the limits, and what reading its fields needs."""

    operations: Mapping[str, Operation]
    needs: Requirement
    #: of the document's text, in hexadecimal
    sha256: str

    def operation(self, name: str | None) -> Operation:
        """The operation of a name; without one the only one. Raises RefusedError."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None and self.operations:
            raise RefusedError(_unclear())
        if name is None or name not in self.operations:
            raise RefusedError(_no_operation())
        return self.operations[name]


class Documents:
    """Prepares documents, and keeps those that were asked for last."""

    def __init__(self, schema: GraphQLSchema, rules: Rules) -> None:
        self._schema = schema
        self._rules = rules
        self._kept: Shelf[str, Prepared] = Shelf(MAX_DOCUMENTS)

    def prepared(self, text: str, variables: Mapping[str, Any]) -> Prepared:
        """The document, judged. Raises RefusedError."""
        found = self._kept.get(text)
        if found is None:
            found = self._prepare(text, variables)
            self._kept.put(text, found)
        return found

    def plan(self, operation: Operation, given: Mapping[str, Any], caller: Pass) -> tuple[Plan, Variables]:
        """The plan of a query for a request's variables, and these as the schema reads them, with the caller's pass.

        Raises RefusedError.
        """
        variables = self._coerced(operation, given)
        key = (
            caller.reach.sight,
            *(
                (name, shape_of(kind, variables[name], name in operation.sizes))
                for name, kind in operation.variables.items()
                if name in variables
            ),
        )
        plan = operation.plans.get(key)
        if plan is None:
            plan = self._plan(operation, given, variables, caller.reach.sight)
            operation.plans.put(key, plan)
        return plan, {**variables, CALLER: caller}

    def judged(self, operation: Operation, given: Mapping[str, Any]) -> Variables:
        """A request's variables as the schema reads them. RefusedError, too where with them it asks for too much."""
        variables = self._coerced(operation, given)
        if too_much := [each.error() for each in excesses(self._schema, operation.document, given)]:
            raise RefusedError(*too_much)
        return variables

    def _prepare(self, text: str, variables: Mapping[str, Any]) -> Prepared:
        try:
            document = parse(text, no_location=False, max_tokens=MAX_TOKENS)
        except GraphQLError as error:
            raise RefusedError(error) from error
        # by these alone first: the standard rules are costly on hostile documents
        if too_much := [excess.error() for excess in excesses(self._schema, document, variables)]:
            raise RefusedError(*too_much)
        needs = needs_of(self._schema, document, self._rules)
        # for each unknown name similar ones are looked for, so not more errors than somebody reads
        if errors := validate(self._schema, document, max_errors=MAX_ERRORS):
            raise RefusedError(*errors)
        return Prepared(dict(self._operations(document)), Requirement(needs), sha256_of(text))

    def _operations(self, document: DocumentNode) -> Iterator[tuple[str, Operation]]:
        sizes = sizes_in(_fields_of(document))
        for node in document.definitions:
            if isinstance(node, OperationDefinitionNode):
                types = {
                    each.variable.name.value: kind
                    for each in node.variable_definitions or ()
                    if is_input_type(kind := type_from_ast(self._schema, each.type))
                }
                name = node.name.value if node.name else ""
                texts = all(get_nullable_type(kind) in _TEXTS for kind in types.values())
                yield name, Operation(document, node, types, sizes, texts)

    def _coerced(self, operation: Operation, given: Mapping[str, Any]) -> Variables:
        if operation.takes_texts:
            texts = {name: given.get(name) for name in operation.variables}
            # what most requests bring; anything else is for the language to judge
            if all(type(text) is str for text in texts.values()):
                return texts
        found = get_variable_values(
            self._schema, operation.node.variable_definitions or (), dict(given), _ERRORS
        )
        if isinstance(found, list):
            raise RefusedError(*found)
        return found.coerced

    def _plan(
        self, operation: Operation, given: Mapping[str, Any], variables: Variables, sight: Sight
    ) -> Plan:
        if too_much := [each.error() for each in excesses(self._schema, operation.document, given)]:
            raise RefusedError(*too_much)
        needs = Needs()
        try:
            fragments = {
                each.name.value: each
                for each in operation.document.definitions
                if isinstance(each, FragmentDefinitionNode)
            }
            tree = Planner(self._schema, fragments, variables, needs).operation(operation.node)
        except NotCompiledError:
            return Plan(None, Requirement({}))
        except GraphQLError as error:
            raise RefusedError(error) from error
        return Plan(render(tree, sight), Requirement(needs.by_name))


def sha256_of(text: str) -> str:
    """The SHA-256 of a document's text, in hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _Fields(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[FieldNode] = []

    def enter_field(self, node: FieldNode, *_rest: Any) -> None:
        self.found.append(node)


def _fields_of(document: DocumentNode) -> list[FieldNode]:
    fields = _Fields()
    visit(document, fields)
    return fields.found


def _unclear() -> GraphQLError:
    return graph_error(
        ErrorCode.BAD_ARGUMENT,
        "文档含多个操作，请用 operationName 指明。",
        "the document has several operations: name one in operationName",
    )


def _no_operation() -> GraphQLError:
    return graph_error(
        ErrorCode.BAD_ARGUMENT, "文档中没有要执行的操作。", "the document has no such operation to run"
    )
