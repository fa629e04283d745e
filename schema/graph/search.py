"""The graph's types for searches: what a text is found in, of several kinds, the best first."""

from typing import Annotated, Any

import strawberry

from schema.entities import Organization, Product, Region
from schema.graph import resolve_search as resolve
from schema.graph.inputs import choices
from schema.graph.pages import PageInfo, public
from schema.graph.resolve import GraphInfo
from schema.graph.signatures import give_signature, parameter
from schema.graph.types import TYPES
from schema.plan import meaning as m
from schema.search_rules import Kind

_KINDS = {
    Kind.MEDICINE: "药品，按名称、英文名、拼音、首字母、批准文号等 Medicines",
    Kind.ORGANIZATION: "机构，按现用名、曾用名、代码 Organisations",
    Kind.PLACE: "行政区划，按名称、代码 Divisions",
}
SEARCH_KIND: Any = choices(
    "SearchKind", "查找的种类 What is searched for.", {kind.value: text for kind, text in _KINDS.items()}
)
THING: Any = Annotated[
    TYPES[Product] | TYPES[Organization] | TYPES[Region],
    strawberry.union("FoundThing", description="查到的药品、机构或区划 What was found."),
]


@strawberry.type(description="查到的一个 One thing that was found.")
class SearchHit:
    """One thing that was found."""

    kind: SEARCH_KIND = public(m.HitColumn("kind"), "种类 Kind")
    label: str = public(m.HitColumn("label"), "名称 What it is called")
    thing: THING | None = public(
        m.ThingOf(),
        "其本身；在 at 所问时刻尚无或已无则为空 The thing; null where it was not there at the instant of `at`",
        resolver=resolve.thing_of,
    )


@strawberry.type(description="查到的一个及其游标 One hit and its cursor.")
class SearchEdge:
    """A hit and its place."""

    cursor: str = public(m.Shape.CURSOR, "游标 Cursor")
    node: SearchHit = public(m.Shape.NODE, "查到的 The hit")


@strawberry.type(description="一页查找结果，最相符的在前 A page of hits, the best first.")
class SearchConnection:
    """A page of hits."""

    edges: list[SearchEdge] = public(m.Shape.EDGES, "各条及其游标 Edges")
    nodes: list[SearchHit] = public(m.Shape.NODES, "各条 The hits, without cursors")
    page_info: PageInfo = public(m.Shape.PAGE_INFO, "分页位置 Where this page stands")


def search_field() -> Any:
    """The field that searches."""

    async def get(root: Any, info: GraphInfo, **given: Any) -> Any:
        return await resolve.a_page(root, info, given)

    parameters = [
        parameter("text", str),
        parameter("kinds", list[SEARCH_KIND] | None, None),
        parameter("first", int | None, None),
        parameter("after", str | None, None),
    ]
    give_signature(get, parameters, SearchConnection)
    return public(
        m.SearchOf(),
        "查药品、机构和地方：中文、拼音、首字母、英文、代码均可，最相符的在前；按现在的名称查"
        " Medicines, organisations and places by Chinese, pinyin, initials, English or codes, the best first;"
        " by what they are called now",
        resolver=get,
    )
