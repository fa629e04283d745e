"""The schema, whole: types, roots, rules, limits, and its text."""

import sys
from collections.abc import Iterator
from typing import cast

import strawberry
from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, validate
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.graph.errors import ErrorCode, graph_error
from schema.graph.guard import Rules, rules_of, scope_rule
from schema.graph.limits import MAX_TOKENS, LimitRule
from schema.graph.mutation import Mutation
from schema.graph.query import Query
from schema.graph.types import BIG_INT, BigInt

_HEADING = (
    "# 保供 Baogong：短缺药品保供稳价数据交换枢纽 data-exchange hub for medicines in short supply.\n"
    "# Made from schema/entities by `make sdl`; do not edit by hand.\n\n"
)


class GuardExtension(SchemaExtension):
    """Refuses documents that ask for too much, or for what the caller's scopes do not open."""

    def on_validate(self) -> Iterator[None]:
        """Judge by these rules alone first: the standard ones are costly on hostile documents."""
        execution = self.execution_context
        own = (LimitRule, scope_rule(execution.context.rules, execution.context.scopes))
        document = cast("DocumentNode", execution.graphql_document)  # parsed by now
        errors = validate(graphql_schema(execution.schema), document, own) or _unclear(execution, document)
        # none found is not "valid" yet: None lets the standard rules follow
        execution.pre_execution_errors = errors or None
        yield


def _unclear(execution: ExecutionContext, document: DocumentNode) -> list[GraphQLError]:
    """Several operations and no word on which to run; Strawberry would run the first."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if len(operations) < 2 or execution.context.operation_name is not None:
        return []
    return [
        graph_error(
            ErrorCode.BAD_ARGUMENT,
            "文档含多个操作，请用 operationName 指明。",
            "the document has several operations: name one in operationName",
        )
    ]


class _QuietSchema(strawberry.Schema):
    """Strawberry would log each refusal as an error, with the document; who serves it logs what is a defect."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing."""


def build_schema() -> strawberry.Schema:
    """The executable schema."""
    return _QuietSchema(
        query=Query,
        mutation=Mutation,
        config=StrawberryConfig(auto_camel_case=True, scalar_map={BigInt: BIG_INT}),
        extensions=[GuardExtension, lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS)],
    )


def graphql_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema within."""
    return schema._schema  # noqa: SLF001  (Strawberry has no public way to it)


def build_rules(schema: strawberry.Schema) -> Rules:
    """The access rules; raises UnruledFieldError where a field has none."""
    return rules_of(graphql_schema(schema))


def sdl(schema: strawberry.Schema) -> str:
    """The schema's text, as served and as committed beside this file."""
    return _HEADING + schema.as_str() + "\n"


if __name__ == "__main__":
    sys.stdout.write(sdl(build_schema()))
