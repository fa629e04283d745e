"""The root of subscriptions: pages of changes as they come."""

from collections.abc import AsyncIterator
from typing import Any

import strawberry

from schema.graph.changes import DESCRIPTION, ChangeConnection, change_parameters
from schema.graph.directives import Public
from schema.graph.resolve import GraphInfo
from schema.graph.signatures import give_signature
from schema.plan.meaning import ChangesSince, means


def _changes_field() -> Any:
    async def pages(root: Any, info: GraphInfo, **given: Any) -> AsyncIterator[Any]:
        """Never called: a subscription is compiled, and its pages are sent as PostgreSQL writes them."""
        raise NotImplementedError
        yield

    give_signature(pages, change_parameters(), AsyncIterator[ChangeConnection])
    return strawberry.subscription(
        resolver=pages,
        description=f"{DESCRIPTION}；有新变更即来一页 a page comes whenever there are some",
        directives=[Public()],
        metadata=means(ChangesSince()),
    )


@strawberry.type(description="订阅入口 Where subscriptions start.")
class Subscription:
    """Where subscriptions start."""

    changes = _changes_field()
