"""The schema, whole: types, roots, rules, limits, and its text."""

import sys
from functools import cache

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.graph.guard import Rules, check_nullable, rules_of
from schema.graph.mutation import Mutation
from schema.graph.query import Query
from schema.graph.scalars import SCALARS
from schema.graph.subscription import Subscription

_HEADING = (
    "# 保供 Baogong：短缺药品保供稳价数据交换枢纽 data-exchange hub for medicines in short supply.\n"
    "# Made from schema/entities by `make sdl`; do not edit by hand.\n\n"
)


@cache
def build_schema() -> strawberry.Schema:
    """The executable schema. Making it takes a second, and it is always the same: once a process."""
    config = StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS)
    return strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription, config=config)


def graphql_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema within."""
    return schema._schema  # noqa: SLF001  (Strawberry has no public way to it)


@cache
def build_rules(schema: strawberry.Schema) -> Rules:
    """The access rules; raises UnruledFieldError where a field has none, or tells by a fault what is hidden."""
    check_nullable(graphql_schema(schema))
    return rules_of(graphql_schema(schema))


@cache
def sdl(schema: strawberry.Schema) -> str:
    """The schema's text, as served and as committed beside this file."""
    return _HEADING + schema.as_str() + "\n"


if __name__ == "__main__":
    sys.stdout.write(sdl(build_schema()))
