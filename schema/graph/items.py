"""Items of all kinds as the graph shows them: which kinds there are, and rows of several kinds in one list."""

import asyncio
from collections.abc import Iterable, Sequence
from enum import Enum, EnumMeta
from functools import reduce
from operator import or_
from typing import Annotated, Any

import strawberry

from schema.declare import Entity
from schema.entities import MATCHED
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.resolve import Found, GraphInfo
from schema.graph.types import TYPES
from schema.plan.conditions import MAX_PAGE
from schema.plan.nodes import NOW

_KINDS: dict[str, type[Entity]] = {str(entity.__tablename__): entity for entity in MATCHED}
_TOLD = "，".join(f"{kind.upper()} {entity.about.label}" for kind, entity in _KINDS.items())

ItemKind: Any = strawberry.enum(
    EnumMeta.__call__(Enum, "ItemKind", {kind.upper(): kind for kind in _KINDS}),
    description=f"可判定对象的类别 Kinds of items that are recognised as medicines：{_TOLD}",
)

MatchedItem: Any = Annotated[
    reduce(or_, (TYPES[entity] for entity in MATCHED)),
    strawberry.union("MatchedItem", description="某来源自己的商品、报告或通知 A source's own item."),
]


def bounded(rows: Sequence[Any], first: int) -> Sequence[Any]:
    """The first rows. Raises BAD_ARGUMENT for more than a page."""
    if 0 <= first <= MAX_PAGE:
        return rows[:first]
    raise graph_error(
        ErrorCode.BAD_ARGUMENT,
        f"first 应在 0 到 {MAX_PAGE} 之间，这里是 {first}。",
        f"first must be from 0 to {MAX_PAGE}, here it is {first}",
    )


async def objects(info: GraphInfo, entity: type[Entity], column: str, values: Iterable[Any]) -> list[Any]:
    """The rows that now hold with these values, as objects of the graph, in the order of the values."""
    reader = info.context.reader
    rows = await asyncio.gather(*(reader.one(entity, column, value, NOW) for value in values))
    return [Found(entity, row) for row in rows if row is not None]


async def items(info: GraphInfo, named: Iterable[tuple[str, int]]) -> list[Any]:
    """The items of these kinds and identifiers. Of kinds that the caller may not read nothing is told."""
    readable = [
        (_KINDS[kind], row_id) for kind, row_id in named if _KINDS[kind].about.scope in info.context.scopes
    ]
    found = await asyncio.gather(*(objects(info, entity, "id", [row_id]) for entity, row_id in readable))
    return [item for some in found for item in some]


async def one(info: GraphInfo, entity: type[Entity], row_id: int | None) -> Any:
    """The object of this identifier; None where there is none, or none is asked for."""
    found = [] if row_id is None else await objects(info, entity, "id", [row_id])
    return found[0] if found else None
