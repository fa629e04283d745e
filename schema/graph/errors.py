"""Errors of the graph: stable codes in `extensions.code`, messages in Chinese and English."""

from enum import StrEnum
from typing import Any

from graphql import GraphQLError


class ErrorCode(StrEnum):
    """What went wrong, for programs. A code keeps its meaning for ever."""

    #: the caller's token does not open some of the fields asked for; `extensions.fields` names them
    FORBIDDEN_FIELD = "FORBIDDEN_FIELD"
    #: an argument's value makes no sense; the message says what was expected
    BAD_ARGUMENT = "BAD_ARGUMENT"
    #: the document asks for more than one request may; the message says of what
    TOO_LARGE = "TOO_LARGE"
    #: the document is no GraphQL; the message says where
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    #: the document does not fit the schema, or the variables do not fit the document; the message names the field
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    #: the body or the parameters are in no form that is read
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    #: the client accepts no form in which the hub answers
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    #: a mutation was asked for by GET
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    #: several requests in one body
    BATCHING_REFUSED = "BATCHING_REFUSED"
    #: no trusted document has this identifier
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    #: this hub runs trusted documents only, and this is none
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    #: the token of a subscription has expired: subscribe again with a new one
    EXPIRED = "EXPIRED"
    #: the token of a subscription was revoked before its time
    REVOKED = "REVOKED"
    #: the answer took longer than it may
    TIMEOUT = "TIMEOUT"
    #: too many requests wait already
    BUSY = "BUSY"
    #: the record of the answer cannot be written, so nothing goes out
    AUDIT_UNAVAILABLE = "AUDIT_UNAVAILABLE"
    #: a defect of the hub; the text of it stays inside
    INTERNAL = "INTERNAL"


def graph_error(code: ErrorCode, zh: str, en: str, **extensions: Any) -> GraphQLError:
    """An error that a client is told of."""
    return GraphQLError(f"{zh} {en}", extensions={"code": code.value, **extensions})


def forbidden(fields: dict[str, list[list[str]]]) -> GraphQLError:
    """The refusal of fields, each with the scopes that would open it."""
    names = "、".join(sorted(fields))
    return graph_error(
        ErrorCode.FORBIDDEN_FIELD,
        f"令牌的权限不足以读取：{names}。",
        f"the token does not open: {names}",
        fields=[{"field": name, "requiresScopes": groups} for name, groups in sorted(fields.items())],
    )
