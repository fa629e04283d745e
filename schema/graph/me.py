"""Who asks, and what their token opens."""

from typing import Any

import strawberry

from schema.graph.directives import Public
from schema.graph.resolve import GraphInfo
from schema.plan.meaning import Ordinary, means


@strawberry.type(description="提问者 Who asks.")
class Me:
    """Who asks."""

    client_id: str = strawberry.field(description="客户端编号 Client id", directives=[Public()])
    scopes: list[str] = strawberry.field(
        description="令牌打开的权限，按字母排序 What the token opens, in the order of letters",
        directives=[Public()],
    )


async def _me(root: Any, info: GraphInfo) -> Me:
    return Me(client_id=info.context.client_id, scopes=sorted(info.context.scopes))


#: an answer is not compiled where it tells who asks: it would be the same for all
me_field = strawberry.field(
    resolver=_me,
    description="提问者是谁、令牌打开哪些权限 Who asks, and what their token opens",
    directives=[Public()],
    metadata=means(Ordinary()),
)
