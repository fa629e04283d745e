"""The roots of the graph."""

from typing import Any

import strawberry

from schema.entities import Batch, Feed, LocalItem, Pharmacy, Product, Pull, Region
from schema.graph.directives import requires
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.types import TYPES, GraphInfo, connection_field, from_row
from schema.identifiers import IdentifierError, parse_approval_number
from schema.plan.nodes import Condition, Operator
from schema.regions import code_range


def _everything(_root: Any, _given: dict[str, Any]) -> tuple[Condition, ...]:
    return ()


def _in_region(_root: Any, given: dict[str, Any]) -> tuple[Condition, ...]:
    """The region and all below it."""
    region = given["region"]
    if region is None:
        return ()
    try:
        return (Condition("region_code", Operator.WITHIN, code_range(region)),)
    except IdentifierError as error:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT, f"region：{error.hint_zh}", f"region: {error.hint_en}"
        ) from error


async def _product(root: Any, info: GraphInfo, approval_number: str) -> Any:
    try:
        number = parse_approval_number(approval_number).text
    except IdentifierError as error:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT, f"approvalNumber：{error.hint_zh}", f"approvalNumber: {error.hint_en}"
        ) from error
    row = await info.context.reader.one(Product, "approval_number", number)
    return row and from_row(Product, row)


async def _region(root: Any, info: GraphInfo, code: str) -> Any:
    row = await info.context.reader.one(Region, "code", code)
    return row and from_row(Region, row)


@strawberry.type(description="查询入口 Where queries start.")
class Query:
    """Where queries start."""

    product: TYPES[Product] | None = strawberry.field(  # type: ignore[valid-type]
        resolver=_product,
        graphql_type=TYPES[Product] | None,
        description="按批准文号查一种药品 One medicine by its approval number",
        directives=[requires(Product.about.scope)],
    )
    region: TYPES[Region] | None = strawberry.field(  # type: ignore[valid-type]
        resolver=_region,
        graphql_type=TYPES[Region] | None,
        description="按代码查一个行政区划 One division by its code",
        directives=[requires(Region.about.scope)],
    )
    products = connection_field(Product, "药品 Medicinal products", _everything)
    pharmacies = connection_field(
        Pharmacy,
        "药店，可限于某区划及其下级 Pharmacies, of a division and all below it",
        _in_region,
        {"region": str},
    )
    local_items = connection_field(
        LocalItem, "药店商品，含尚待对应者 Pharmacies' items, those that wait for a match too", _everything
    )
    regions = connection_field(Region, "行政区划 Administrative divisions", _everything)
    feeds = connection_field(Feed, "数据源及其批次 Feeds and their batches", _everything)
    batches = connection_field(Batch, "批次 Batches", _everything)
    pulls = connection_field(Pull, "取数记录，含失败的 Pulls, those that failed too", _everything)
