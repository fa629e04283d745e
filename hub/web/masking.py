"""Errors as a client may see them: ours and those of the language as they are, of all others no word leaves."""

import asyncpg
import structlog
from graphql import GraphQLError, GraphQLSyntaxError

from schema.graph.errors import ErrorCode, graph_error
from schema.graph.limits import parser_excess

log = structlog.get_logger(__name__)


def outward(error: GraphQLError) -> GraphQLError:
    """The error to tell of; it has a code. What is a defect goes to the log, whole."""
    inner = error.original_error
    if inner is None or isinstance(inner, GraphQLError):
        return _coded(error)
    masked = masked_error(inner)
    return GraphQLError(masked.message, nodes=error.nodes, path=error.path, extensions=masked.extensions)


def masked_error(error: BaseException) -> GraphQLError:
    """What a client is told of an error that is not meant for it."""
    if isinstance(error, asyncpg.QueryCanceledError):
        return graph_error(
            ErrorCode.TIMEOUT,
            "查询时间过长，已中止；请缩小 first、加条件，或拆成几次查询。",
            "stopped, it took too long: ask for smaller pages, with a filter, or in several queries",
        )
    if isinstance(error, asyncpg.DataError):
        log.warning("graph.out_of_range", error=str(error))
        return graph_error(ErrorCode.BAD_ARGUMENT, "参数值超出范围。", "a value is out of range")
    log.error("graph.internal", exc_info=error)
    return graph_error(ErrorCode.INTERNAL, "系统内部错误，已记录。", "an internal error, on record")


def _coded(error: GraphQLError) -> GraphQLError:
    """An error of the language gets a code too; its message names the field, the variable or the place."""
    if error.extensions and "code" in error.extensions:
        return error
    excess = parser_excess(error)
    if excess is not None:
        return excess.error()
    unreadable = isinstance(error, GraphQLSyntaxError)
    code = ErrorCode.GRAPHQL_PARSE_FAILED if unreadable else ErrorCode.GRAPHQL_VALIDATION_FAILED
    return GraphQLError(
        error.message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**(error.extensions or {}), "code": code.value},
    )
