"""The graph's types for changes: a delta feed over the facts."""

from datetime import datetime
from enum import Enum, EnumMeta
from functools import reduce
from operator import or_
from typing import Annotated, Any

import strawberry

from schema.graph import resolve_changes as resolve
from schema.graph.directives import requires
from schema.graph.inputs import lazy
from schema.graph.pages import PageInfo, public
from schema.graph.resolve import GraphInfo
from schema.graph.signatures import give_signature, parameter
from schema.graph.types import TYPES
from schema.plan import meaning as m
from schema.plan.changes import FACTS, ChangeKind
from schema.plan.meaning import means
from schema.plan.nodes import Aspect
from schema.scopes import Scope

_KINDS = {
    ChangeKind.NEW: "从某时起成立，此前无 It holds from an instant on; just before that nothing held",
    ChangeKind.CHANGED: "从某时起另有内容 It holds otherwise from an instant on",
    ChangeKind.ENDED: "不再成立 It holds no longer",
    ChangeKind.CORRECTED: "更正，或补充过去 What was known was wrong, or more is known of the past",
    ChangeKind.WITHDRAWN: "撤回：不再有任何说法 Taken back: nothing is known of it any more",
}

FACT_KIND: Any = strawberry.enum(
    EnumMeta.__call__(
        Enum,
        "FactKind",
        {
            name: strawberry.enum_value(name, description=str(entity.about.label))
            for name, entity in FACTS.items()
        },
    ),
    description="事实的种类 Kinds of facts.",
)
CHANGE_KIND: Any = strawberry.enum(
    EnumMeta.__call__(
        Enum,
        "ChangeKind",
        {kind.value: strawberry.enum_value(kind.value, description=text) for kind, text in _KINDS.items()},
    ),
    description="变更的种类 Kinds of changes.",
)
FACT: Any = Annotated[
    reduce(or_, (TYPES[entity] for entity in FACTS.values())),
    strawberry.union("Fact", description="任一种事实 A fact of any kind."),
]


@strawberry.type(description="变更：系统对一件事物得知了什么 What the hub learned of one thing.")
class Change:
    """What the hub learned of one thing at one instant."""

    kind: CHANGE_KIND = public(m.AspectOf(Aspect.KIND), "变更的种类 Kind of change")
    entity: FACT_KIND = public(m.AspectOf(Aspect.ENTITY), "事实的种类 Kind of fact")
    recorded_at: datetime = public(m.AspectOf(Aspect.RECORDED_AT), "入库时间 When the hub learned it")
    key: list[str] = public(
        m.AspectOf(Aspect.KEY), "标识各列，依声明次序 The columns that say which thing it is, in their order"
    )
    fact: FACT | None = public(
        m.FactOf(),
        "变更后所知的最近一段；其中关联和沿革也以当时所知为准；已撤回则为空"
        " The latest period of it as known after the change, with relations and history as then known;"
        " null where it was withdrawn",
        resolver=resolve.fact_of,
    )
    batch: Any = strawberry.field(
        resolver=resolve.cause_of,
        graphql_type=lazy("Batch") | None,
        description="由哪个批次引起；人工判定引起的为空 The batch that brought it; null where a judgement did",
        directives=[requires(Scope.FEED_READ)],
        metadata=means(m.BatchOf()),
    )


@strawberry.type(description="一条变更及其游标 One change and its cursor.")
class ChangeEdge:
    """A change and its place."""

    cursor: str = public(m.Shape.CURSOR, "游标，用作 since Cursor, for `since`")
    node: Change = public(m.Shape.NODE, "变更 The change")


@strawberry.type(
    description="一页变更，依入库先后 A page of changes, in the order in which they were learned."
)
class ChangeConnection:
    """A page of changes."""

    edges: list[ChangeEdge] = public(m.Shape.EDGES, "各条及其游标 Edges")
    nodes: list[Change] = public(m.Shape.NODES, "各条 The changes, without cursors")
    page_info: PageInfo = public(
        m.Shape.PAGE_INFO,
        "分页位置；空页也给出 endCursor Where this page stands; an empty page has an endCursor too",
    )


def change_parameters() -> list[Any]:
    """The arguments of changes."""
    return [
        parameter("of", list[FACT_KIND]),
        parameter("since", str | None, None),
        parameter("from_", Annotated[datetime | None, strawberry.argument(name="from")], None),
        parameter("first", int | None, None),
    ]


DESCRIPTION = (
    "变更：of 哪些种事实；since 上次的 endCursor，或 from 某入库时刻起，都不给则从头；first 至多 100"
    " What the hub learned, in order: `of` which kinds of facts; `since` the endCursor of the page before, or `from` an"
    " instant of recorded time on, or from the beginning; `first` at most 100"
)


def changes_field() -> Any:
    """The field that gives a page of changes."""

    async def get(root: Any, info: GraphInfo, **given: Any) -> Any:
        return await resolve.a_page(info, given)

    give_signature(get, change_parameters(), ChangeConnection)
    return public(m.ChangesSince(), DESCRIPTION, resolver=get)
