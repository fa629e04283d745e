"""The graph as others see it: its text, read by graphql-core alone."""

from functools import cache

from graphql import GraphQLSchema
from graphql import build_schema as read_sdl

from schema.graph.build import build_schema, sdl


@cache
def schema_of_text() -> GraphQLSchema:
    """The schema that the text says. Reading it takes seconds: once a process."""
    return read_sdl(sdl(build_schema()))
