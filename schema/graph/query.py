"""The roots of the graph."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from schema.declare import Entity
from schema.entities import ENTITIES, Product, Region
from schema.graph.changes import changes_field
from schema.graph.directives import Public, requires
from schema.graph.identify import identify_field
from schema.graph.list_diff import list_diff_field
from schema.graph.me import me_field
from schema.graph.resolve import GraphInfo, one, other_time
from schema.graph.search import search_field
from schema.graph.signatures import give_signature, parameter
from schema.graph.types import TYPES, connection_field
from schema.identifiers import parse_approval_number
from schema.plan.conditions import understood
from schema.plan.meaning import Found, Past, means
from schema.regions import complete_code


def _found(
    entity: type[Entity], argument: str, column: str, understand: Callable[[str], str], description: str
) -> Any:
    """A field that gives the one row whose column has the value of the argument."""

    async def get(root: Any, info: GraphInfo, **given: str) -> Any:
        value = understood(to_camel_case(argument), understand, given[argument])
        return await one(root, info, entity, column, value)

    give_signature(get, [parameter(argument, str)], TYPES[entity] | None)
    return strawberry.field(
        resolver=get,
        description=description,
        directives=[requires(entity.about.scope)],
        metadata=means(Found(entity, to_camel_case(argument), column, understand)),
    )


def _approval_number(text: str) -> str:
    return parse_approval_number(text).text


def _past_field() -> Any:
    async def get(root: Any, info: GraphInfo, **given: datetime | None) -> Any:
        return await other_time(root, **given)

    give_signature(
        get,
        [parameter("as_of", datetime | None, None), parameter("known_at", datetime | None, None)],
        Annotated["Query", strawberry.lazy("schema.graph.query")],
    )
    return strawberry.field(
        resolver=get,
        description="另一时刻的全图：asOf 世界上的时刻，knownAt 本系统所知的时刻；没有时段的表（机构、批次等）总是现状"
        " The whole graph at other instants: asOf of the world, knownAt of what the hub knew; what has no periods"
        " (organisations, batches …) is always as it is now",
        directives=[Public()],
        metadata=means(Past()),
    )


def _roots() -> dict[str, Any]:
    """What there is to start from; of each entity its page, in the order in which documents list them."""
    return {
        "me": me_field,
        "at": _past_field(),
        "search": search_field(),
        "identify": identify_field,
        "changes": changes_field(),
        "list_diff": list_diff_field,
        "product": _found(
            Product,
            "approval_number",
            "approval_number",
            _approval_number,
            "按批准文号查一种药品 One medicine by its approval number",
        ),
        "region": _found(
            Region, "code", "code", complete_code, "按代码查一个行政区划 One division by its code"
        ),
        **{
            entity.about.plural: connection_field(entity, str(entity.about.roots or entity.about.label))
            for entity in ENTITIES
        },
    }


#: where queries start
Query: type = strawberry.type(
    type("Query", (), _roots() | {"__doc__": "Where queries start."}),
    description="查询入口 Where queries start.",
)
