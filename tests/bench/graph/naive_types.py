"""The naive server's types: plain Strawberry, a resolver for each relation."""

import base64
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar

import strawberry
from strawberry.types import Info

from tests.bench.graph.naive_loaders import Loaders

Node = TypeVar("Node")
Asked = Info[dict[str, Any], None]


def loaders(info: Asked) -> Loaders:
    """The loaders of the request."""
    found: Loaders = info.context["loaders"]
    return found


@strawberry.type
class PageInfo:
    """Where a page stands."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge(Generic[Node]):
    """One result."""

    node: Node


@strawberry.type
class Connection(Generic[Node]):
    """A page of results."""

    edges: list[Edge[Node]]
    page_info: PageInfo


def page(rows: Sequence[Any], first: int) -> Connection[Any]:
    """A page of the first rows."""
    shown = rows[:first]
    cursor = base64.b64encode(str(shown[-1]).encode()).decode() if shown else None
    info = PageInfo(has_next_page=len(rows) > first, end_cursor=cursor)
    return Connection(edges=[Edge(node=row) for row in shown], page_info=info)


@strawberry.type
class Organization:
    """An organisation."""

    id: strawberry.ID
    uscc: str | None
    name: str


@strawberry.type
class OrganizationName:
    """A name of an organisation."""

    name: str
    organization_id: strawberry.Private[int | None]

    @strawberry.field
    async def organization(self, info: Asked) -> Organization | None:
        """Whose name it is."""
        row: Organization | None = await loaders(info).organization.load(self.organization_id or 0)
        return row


@strawberry.type
class Authorization:
    """An approval."""

    status_code: str | None
    holder_name_id: strawberry.Private[int | None]

    @strawberry.field
    async def holder(self, info: Asked) -> OrganizationName | None:
        """Who holds it."""
        row: OrganizationName | None = await loaders(info).holder.load(self.holder_name_id or 0)
        return row


@strawberry.type
class Listing:
    """A listing."""

    id: strawberry.ID
    pack_price_yuan: Decimal | None
    listed_on: date | None


@strawberry.type
class PlatformProduct:
    """A medicine as a platform has it."""

    id: strawberry.Private[int]
    sender_code: str
    product_code: str

    @strawberry.field
    async def listings(self, info: Asked, first: int = 20) -> Connection[Listing]:
        """How it is listed."""
        return page(await loaders(info).listings.load(self.id), first)


@strawberry.type
class Product:
    """A medicine."""

    id: strawberry.ID
    approval_number: str
    name_zh: str
    dosage_form: str | None
    specification: str | None
    approved_on: date | None

    @strawberry.field
    async def authorization(self, info: Asked) -> Authorization | None:
        """Its approval."""
        row: Authorization | None = await loaders(info).authorization.load(int(self.id))
        return row

    @strawberry.field
    async def platform_products(self, info: Asked, first: int = 20) -> Connection[PlatformProduct]:
        """As platforms have it."""
        return page(await loaders(info).platform_products.load(int(self.id)), first)


@strawberry.type
class LocalItem:
    """A pharmacy's item."""

    name_zh: str
    product_id: strawberry.Private[int | None]

    @strawberry.field
    async def product(self, info: Asked) -> Product | None:
        """The medicine."""
        row: Product | None = await loaders(info).product.load(self.product_id or 0)
        return row


@strawberry.type
class OnSale:
    """An item on sale."""

    retail_price_yuan: Decimal | None
    availability_code: str
    item_id: strawberry.Private[int]

    @strawberry.field
    async def item(self, info: Asked) -> LocalItem | None:
        """What is on sale."""
        row: LocalItem | None = await loaders(info).item.load(self.item_id)
        return row


@strawberry.type
class Pharmacy:
    """A pharmacy."""

    id: strawberry.ID
    name: str
    address: str | None

    @strawberry.field
    async def on_sale(self, info: Asked, first: int = 20) -> Connection[OnSale]:
        """What it has on sale."""
        return page(await loaders(info).on_sale.load(int(self.id)), first)


@strawberry.input
class TextFilter:
    """A condition on a text."""

    starts_with: str | None = None
    within: str | None = None


@strawberry.input
class IdFilter:
    """A condition on an identifier."""

    eq: strawberry.ID


@strawberry.input
class ProductFilter:
    """Which medicines."""

    name_zh: TextFilter


@strawberry.enum
class ProductOrderField(Enum):
    """By what medicines are ordered."""

    NAME_ZH = "name_zh"


@strawberry.input
class ProductOrder:
    """An order of medicines."""

    field: ProductOrderField


@strawberry.input
class PharmacyFilter:
    """Which pharmacies."""

    region_code: TextFilter


@strawberry.input
class PlatformProductFilter:
    """Which platforms' products."""

    product_id: IdFilter


@strawberry.input
class ListingFilter:
    """Which listings."""

    platform_product: PlatformProductFilter


@strawberry.enum
class ListingDimension(Enum):
    """By what listings are grouped."""

    PLATFORM = "sender_code"


@strawberry.type
class ListingGroupKey:
    """What a group has in common."""

    platform: str | None


@strawberry.type
class Figures:
    """Figures of a column."""

    average: Decimal | None


@strawberry.type
class ListingAggregate:
    """Figures of a group."""

    count: int
    pack_price_yuan: Figures


@strawberry.type
class ListingGroup:
    """Listings of one platform."""

    key: ListingGroupKey
    aggregate: ListingAggregate


@strawberry.type
class ListingGroups:
    """Groups of listings."""

    nodes: list[ListingGroup]


def listing_group(platform: str, count: int, average: Decimal | None) -> ListingGroup:
    """A group."""
    aggregate = ListingAggregate(count=count, pack_price_yuan=Figures(average=average))
    return ListingGroup(key=ListingGroupKey(platform=platform), aggregate=aggregate)
