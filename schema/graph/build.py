"""The schema, whole: types, roots, rules, limits, and its text."""

import sys
from collections.abc import Iterator

import strawberry
from graphql import GraphQLSchema
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig

from schema.graph.guard import Rules, rules_of, scope_rule
from schema.graph.limits import MAX_TOKENS, LimitRule
from schema.graph.query import Query

_HEADING = (
    "# 保供 Baogong：短缺药品保供稳价数据交换枢纽 data-exchange hub for medicines in short supply.\n"
    "# Made from schema/entities by `make sdl`; do not edit by hand.\n\n"
)


class GuardExtension(SchemaExtension):
    """Refuses documents that ask for too much, or for what the caller's scopes do not open."""

    def on_validate(self) -> Iterator[None]:
        """Put the rules before the standard ones, which are costly on hostile documents."""
        context = self.execution_context.context
        own = (LimitRule, scope_rule(context.rules, context.scopes))
        self.execution_context.validation_rules = (*own, *self.execution_context.validation_rules)
        yield


def build_schema() -> strawberry.Schema:
    """The executable schema."""
    return strawberry.Schema(
        query=Query,
        config=StrawberryConfig(auto_camel_case=True),
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
