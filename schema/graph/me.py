"""Who asks, what their token opens and of whose rows, and what a document would be refused."""

from datetime import datetime
from typing import Any

import strawberry

from schema.entities import AccessGrant
from schema.graph.context import Row
from schema.graph.directives import Public
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.resolve import GraphInfo
from schema.plan.meaning import Ordinary, means
from schema.plan.nodes import NOW


def _told(description: str) -> Any:
    return strawberry.field(description=description, directives=[Public()])


@strawberry.type(description="须凭授权的用途 The grant that is asked under.")
class MyGrant:
    """The grant that is asked under."""

    id: int = _told("授权编号 Grant")
    purpose: str = _told("用途 Purpose")
    approval_document: str = _told("批准文件 Document of the approval")
    expires_at: datetime = _told("到期时间 Until when")


@strawberry.type(description="令牌打不开的字段 A field that the token does not open.")
class RefusedField:
    """A field that the token does not open."""

    name: str = _told("字段，写作 类型.字段 The field, as Type.field")
    needs: list[list[str]] = _told("任一组权限即可打开 Scopes that would open it; any one group suffices")


async def _refused(
    info: GraphInfo, document: str, variables: strawberry.scalars.JSON | None = None
) -> list[RefusedField]:
    refused = info.context.preview(document, _mapping(variables))
    return [RefusedField(name=name, needs=groups) for name, groups in sorted(refused.items())]


def _mapping(variables: Any) -> dict[str, Any]:
    if variables is None or isinstance(variables, dict):
        return variables or {}
    raise graph_error(ErrorCode.BAD_ARGUMENT, "variables 应为 JSON 对象。", "variables must be a JSON object")


@strawberry.type(description="提问者 Who asks.")
class Me:
    """Who asks."""

    client_id: str = _told("客户端编号 Client id")
    subject: str = _told(
        "登录的人员，系统自行提问时同客户端编号 The person, or the client where a system asks for itself"
    )
    scopes: list[str] = _told("令牌打开的权限，按字母排序 What the token opens, in the order of letters")
    region: str | None = _told(
        "可见哪个辖区的数据行，全国为 000000 Division whose rows are seen; 000000 is the country"
    )
    organization: list[str] | None = _told("或只可见哪个机构的数据行 Or the organisation whose rows are seen")
    grants: list[MyGrant] = _told("凭以提问的授权 Grants that are asked under")
    expires_at: datetime = _told("令牌何时到期 When the token expires")
    refused: list[RefusedField] = strawberry.field(
        resolver=_refused,
        description="一份查询中令牌打不开的字段；空则都能打开"
        " Fields of a document that the token does not open; empty: it opens all",
        directives=[Public()],
    )


async def _me(info: GraphInfo) -> Me:
    asker, reader = info.context.asker, info.context.reader
    grants = [await reader.one(AccessGrant, "id", number, NOW) for number in asker.grants]
    return Me(
        client_id=asker.client_id,
        subject=asker.subject,
        scopes=sorted(asker.scopes),
        region=asker.reach.region_code,
        organization=asker.reach.owner_texts,
        grants=[_grant(row) for row in grants if row is not None],
        expires_at=asker.expires_at,
    )


def _grant(row: Row) -> MyGrant:
    return MyGrant(
        id=row["id"],
        purpose=row["purpose"],
        approval_document=row["approval_document"],
        expires_at=row["expires_at"],
    )


#: an answer is not compiled where it tells who asks: it would be the same for all
me_field = strawberry.field(
    resolver=_me,
    description="提问者是谁、令牌打开哪些权限 Who asks, and what their token opens",
    directives=[Public()],
    metadata=means(Ordinary()),
)
