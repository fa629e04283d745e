"""Access rules as they stand in the SDL, beside the fields they are about."""

import strawberry
from strawberry.schema_directive import Location

from schema.scopes import Scope


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="requiresScopes",
    description="须持有其中任一组的全部权限 The caller needs all scopes of one of these groups.",
)
class RequiresScopes:
    """Any one of the groups suffices; of a group all are needed."""

    scopes: list[list[str]]


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="public",
    description="持有效令牌即可读 Any caller with a valid token may read it.",
)
class Public:
    """For fields that only give structure to guarded ones."""


def requires(scope: Scope) -> RequiresScopes:
    """The rule of a field that one scope opens."""
    return RequiresScopes(scopes=[[scope.value]])
