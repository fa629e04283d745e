"""From an operation to the tree of what it asks. Pure: no data is looked at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)

from schema.declare import Entity, field_of
from schema.entities import Batch
from schema.plan import meaning as m
from schema.plan import nodes as n
from schema.plan.arguments import arguments_of
from schema.plan.asked import Asked, NotCompiledError
from schema.plan.conditions import FilterReader, joins_of, order_of, understood, window_of
from schema.plan.found import found_by
from schema.plan.groups import aggregate, groups, told
from schema.plan.meaning import meaning_of
from schema.plan.mixed import changes
from schema.plan.needs import Needs
from schema.plan.selection import Selected, Selections
from schema.plan.values import Value, Variables, as_value, converted

Made = TypeVar("Made")
#: how the history of a thing is ordered
HISTORY_ORDER = (n.Order("valid_from"), n.Order("recorded_at"))
_OF_BATCH = n.Source(Batch, n.NOW, (n.Join("batch_id", "id"),), n.All())


class Planner:
    """Plans one operation for variables of one shape."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Variables,
        needs: Needs,
    ) -> None:
        self._selections = Selections(schema, fragments, variables)
        self._schema = schema
        self._variables = variables
        self._needs = needs

    def operation(self, operation: OperationDefinitionNode) -> n.Nested:
        """The tree of a query. Raises NotCompiledError, and GraphQLError for arguments that make no sense."""
        root = self._schema.query_type
        if root is None:
            raise NotCompiledError("a schema without queries")
        selected = self._selections.of_sets(root, [operation.selection_set])
        return n.Nested("data", tuple(self._all(root, selected, self._at_root, n.NOW)))

    def subscription(self, operation: OperationDefinitionNode) -> n.Mixed:
        """What a subscription asks of each page of changes. Raises as `operation` does."""
        root = self._schema.subscription_type
        if root is None:
            raise NotCompiledError("a schema without subscriptions")
        selected = self._selections.of_sets(root, [operation.selection_set])
        for part in self._all(root, selected, self._at_root, n.NOW):
            if isinstance(part, n.Mixed):
                return part
        raise NotCompiledError("a subscription of nothing")

    def parts(self, asked: Asked, entity: type[Entity], times: n.Times) -> tuple[n.Part, ...]:
        """What is shown of the rows of an entity that a field gives."""
        return self.each(asked, self._of_row, entity, times)

    def parts_as(self, asked: Asked, entity: type[Entity], times: n.Times) -> tuple[n.Part, ...]:
        """What is shown of the rows of an entity that may stand where a field gives an abstract type."""
        kind = self._schema.type_map[entity.__name__]
        if not isinstance(kind, GraphQLObjectType):
            raise NotCompiledError(kind.name)
        selected = self._selections.of(kind, asked.nodes)
        return tuple(self._all(kind, selected, self._of_row, entity, times))

    def page_parts(self, asked: Asked, page: n.Page) -> tuple[n.PagePart, ...]:
        """What is shown of a page that a field gives."""
        return self.each(asked, self._of_page, page)

    def each(self, asked: Asked, make: Callable[..., Made], *context: Any) -> tuple[Made | n.Word, ...]:
        """What `make` makes of each field that is selected of a field's objects."""
        selected = self._selections.of(asked.kind, asked.nodes)
        return tuple(self._all(asked.kind, selected, make, *context))

    def _all(
        self,
        kind: GraphQLObjectType,
        selected: Selected,
        make: Callable[..., Made],
        *context: Any,
    ) -> Iterator[Made | n.Word]:
        for asked in self._read(kind, selected):
            yield asked if isinstance(asked, n.Word) else _located(asked, make, *context)

    def _read(self, kind: GraphQLObjectType, selected: Selected) -> Iterator[Asked | n.Word]:
        for key, nodes in selected.items():
            name = nodes[0].name.value
            if name == "__typename":
                yield n.Word(key, kind.name)
                continue
            if name.startswith("__"):
                raise NotCompiledError(name)
            field = kind.fields[name]
            meaning = meaning_of(field)
            if isinstance(meaning, m.Ordinary):
                raise NotCompiledError(name)
            yield Asked(key, nodes, field, meaning, arguments_of(field, nodes[0], self._variables))

    def _at_root(self, asked: Asked, times: n.Times) -> n.Part:
        match asked.meaning:
            case m.Past():
                inner = _other_times(times, asked.arguments)
                return n.Nested(asked.key, self.each(asked, self._at_root, inner))
            case m.Found(entity, argument, column, understand):
                value = converted(as_value(asked.arguments[argument]), _code(argument, understand))
                equal = n.Compare(field_of(entity, column), n.Operator.EQ, value)
                return n.One(asked.key, n.Source(entity, times, (), equal), self.parts(asked, entity, times))
            case m.ChangesSince():
                return changes(self, self._needs, asked)
            case m.SearchOf():
                return found_by(self, self._needs, asked, times)
            case _:
                return self._related(asked, times)

    def _of_row(self, asked: Asked, entity: type[Entity], times: n.Times) -> n.Part:
        match asked.meaning:
            case m.Column(field):
                return n.Leaf(asked.key, field)
            case m.RowNumber():
                return n.Leaf(asked.key, field_of(entity, "row_number"))
            case m.OfBatch(field):
                return n.Through(asked.key, _OF_BATCH, field)
            case m.BatchOf():
                return n.One(asked.key, _OF_BATCH, self.parts(asked, Batch, times))
            case m.ProvenanceOf():
                return self._provenance(asked, entity, times)
            case m.HistoryOf():
                return self._history(asked, entity, times)
            case _:
                return self._related(asked, times)

    def _related(self, asked: Asked, times: n.Times) -> n.Part:
        match asked.meaning:
            case m.OneOf(entity, relation):
                source = n.Source(entity, times, joins_of(relation), n.All())
                return n.One(asked.key, source, self.parts(asked, entity, times))
            case m.PageOf(entity, relation):
                page = page_of(
                    entity, times, asked.arguments, self._needs, joins_of(relation) if relation else ()
                )
                return n.Many(asked.key, page, self.page_parts(asked, page))
        raise NotCompiledError(asked.key)

    def _provenance(self, asked: Asked, entity: type[Entity], times: n.Times) -> n.Part:
        parts = self.parts(asked, entity, times)
        column = asked.arguments.get("field")
        if column is None:
            return n.Nested(asked.key, parts)
        field = field_of(entity, column.value)
        self._needs.add(f"{entity.__name__}Field.{field.name.upper()}", field.scope)
        return n.Origin(asked.key, periods_of(entity, times), field, parts)

    def _history(self, asked: Asked, entity: type[Entity], times: n.Times) -> n.Part:
        window = window_of(entity, HISTORY_ORDER, asked.arguments)
        # the relations of a period are those of the instant that is asked for, not of its own
        page = n.Page(periods_of(entity, times), HISTORY_ORDER, window)
        return n.Many(asked.key, page, self._history_parts(asked, page, times))

    def _history_parts(self, asked: Asked, page: n.Page, times: n.Times) -> tuple[n.PagePart, ...]:
        shown = n.Page(replace(page.source, times=times), page.order, page.window)
        return self.page_parts(asked, shown)

    def _of_page(self, asked: Asked, page: n.Page) -> n.PagePart:
        entity, times = page.source.entity, page.source.times
        match asked.meaning:
            case m.Shape.EDGES:
                return n.Edges(asked.key, self.each(asked, self._of_edge, entity, times))
            case m.Shape.NODES:
                return n.Nodes(asked.key, self.parts(asked, entity, times))
            case m.Shape.PAGE_INFO:
                return n.Info(asked.key, self.each(asked, told))
            case m.Shape.TOTAL:
                return n.Total(asked.key)
            case m.Shape.AGGREGATE:
                return aggregate(self, asked)
            case m.Shape.GROUPS:
                return groups(self, self._needs, asked, page.source)
        raise NotCompiledError(asked.key)

    def _of_edge(self, asked: Asked, entity: type[Entity], times: n.Times) -> n.Cursor | n.RowParts:
        if asked.meaning is m.Shape.CURSOR:
            return n.Cursor(asked.key)
        return n.RowParts(asked.key, self.parts(asked, entity, times))


def _located(asked: Asked, make: Callable[..., Made], *context: Any) -> Made:
    """What is made of a field; an error about its arguments says where it stands."""
    try:
        return make(asked, *context)
    except GraphQLError as error:
        if error.nodes:
            raise
        raise GraphQLError(error.message, nodes=asked.nodes, extensions=error.extensions) from error


def page_of(
    entity: type[Entity],
    times: n.Times,
    arguments: Mapping[str, Any],
    needs: Needs,
    joins: tuple[n.Join, ...] = (),
) -> n.Page:
    """The page that arguments ask for; of the rows that joins tie to the row it is nested in, or of all."""
    where = FilterReader(times, needs).read(entity, arguments.get("filter"))
    order = order_of(entity, arguments.get("orderBy"), needs)
    source = n.Source(entity, times, joins, where)
    return n.Page(source, order, window_of(entity, order, arguments))


def periods_of(entity: type[Entity], times: n.Times) -> n.Source:
    """All periods of the thing that a row is about, as known at the instant that is asked for."""
    joins = tuple(n.Join(column, column) for column in entity.about.key)
    return n.Source(entity, replace(times, periods=True), joins, n.All())


def _other_times(times: n.Times, arguments: Mapping[str, Any]) -> n.Times:
    return n.Times(
        _instant(arguments.get("asOf")) or times.as_of, _instant(arguments.get("knownAt")) or times.known_at
    )


def _instant(given: Any) -> Value | None:
    return None if given is None else as_value(given)


def _code(name: str, understand: Callable[[str], str]) -> Callable[[str], str]:
    return lambda given: understood(name, understand, given)
