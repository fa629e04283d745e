"""Subscriptions, planned: one statement that gives the next page after a place, whenever there may be one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import FragmentDefinitionNode, GraphQLError, GraphQLSchema

from schema.graph.errors import ErrorCode, graph_error
from schema.graph.prepared import Documents, Operation, RefusedError, Requirement
from schema.plan.asked import NotCompiledError
from schema.plan.changes import RESUMED, first_place, resumed
from schema.plan.needs import Needs
from schema.plan.nodes import Changes, Mixed
from schema.plan.planner import Planner
from schema.plan.sql.statement import Statement, render_pushed
from schema.plan.values import CALLER, Pass, Variables


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a subscription comes to for the variables of its request."""

    #: gives one row: payload (bytes), last (cursor), length, more
    statement: Statement
    variables: Variables
    #: the cursor of the place that the first page follows
    first: str
    needs: Requirement

    def values_after(self, place: str) -> list[Any]:
        """The statement's parameters for the page after a place. Raises GraphQLError where it is none."""
        return self.statement.bind({**self.variables, RESUMED: place})


def plan_pushed(
    schema: GraphQLSchema,
    documents: Documents,
    operation: Operation,
    given: Mapping[str, Any],
    caller: Pass,
) -> Pushed:
    """Plan a subscription for the variables of its request. Raises RefusedError."""
    variables = documents.judged(operation, given)
    needs = Needs()
    fragments = {
        each.name.value: each
        for each in operation.document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    try:
        page = Planner(schema, fragments, variables, needs).subscription(operation.node)
        rows = _changes(page)
        first = first_place(rows, variables)
    except NotCompiledError as error:
        raise RefusedError(_only_compiled(str(error))) from error
    except GraphQLError as error:
        raise RefusedError(error) from error
    statement = render_pushed(replace(page, rows=resumed(rows)), caller.reach.sight)
    return Pushed(statement, {**variables, CALLER: caller}, first, Requirement(needs.by_name))


def _empty_pages() -> GraphQLError:
    """Empty pages never end: each would say that more follow."""
    return graph_error(
        ErrorCode.BAD_ARGUMENT, "订阅的 first 至少为 1。", "first of a subscription is 1 at least"
    )


def _changes(page: Mixed) -> Changes:
    """What subscriptions are to."""
    if not isinstance(page.rows, Changes):
        raise NotCompiledError(page.key)
    if not page.rows.size:
        raise _empty_pages()
    return page.rows


def _only_compiled(name: str) -> GraphQLError:
    return graph_error(
        ErrorCode.BAD_ARGUMENT,
        f"订阅中不能选 {name}，请用查询取得。",
        f"{name} cannot be subscribed to: ask for it by a query",
    )
