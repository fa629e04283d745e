"""The same part of the graph as it is usually written in Python: Strawberry, SQLAlchemy's ORM, DataLoaders.

Run as `python -m tests.bench.graph.naive PORT`, with the hub's settings in the environment.
"""

import sys
from typing import Annotated, Any

import asyncpg
import strawberry
import uvicorn
from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import col
from strawberry.asgi import GraphQL

from hub.config import Settings
from schema.entities import Listing, PlatformProduct
from schema.entities import Pharmacy as PharmacyRow
from schema.entities import Product as ProductRow
from schema.entities.fact import live_now
from tests.bench.graph.cases import past
from tests.bench.graph.naive_loaders import Loaders, Sessions, live_rows
from tests.bench.graph.naive_types import (
    Asked,
    Connection,
    ListingDimension,
    ListingFilter,
    ListingGroups,
    Pharmacy,
    PharmacyFilter,
    Product,
    ProductFilter,
    ProductOrder,
    listing_group,
    page,
)

#: our graph's name, which is a builtin of Python's
FILTER = strawberry.argument(name="filter")


def _sessions(info: Asked) -> Sessions:
    sessions: Sessions = info.context["sessions"]
    return sessions


async def _rows(info: Asked, query: Select[Any]) -> list[Any]:
    async with _sessions(info)() as session:
        return list(await session.scalars(query))


@strawberry.type
class Listings:
    """The listings of a medicine."""

    product: strawberry.Private[int]

    @strawberry.field
    async def groups(self, info: Asked, by: list[ListingDimension]) -> ListingGroups:
        """Counted and averaged in groups."""
        keys = [col(getattr(Listing, each.value)) for each in by]
        query = (
            select(*keys, func.count(), func.trim_scale(func.round(func.avg(Listing.pack_price_yuan), 6)))
            .join(PlatformProduct, col(PlatformProduct.id) == col(Listing.platform_product_id))
            .where(
                text(live_now("listing")),
                text(live_now("platform_product")),
                col(PlatformProduct.product_id) == self.product,
            )
            .group_by(*keys)
            .order_by(*keys)
        )
        async with _sessions(info)() as session:
            rows = await session.execute(query)
        return ListingGroups(nodes=[listing_group(row[0], row[1], row[2]) for row in rows])


@strawberry.type
class Query:
    """Where queries start."""

    @strawberry.field
    async def product(self, info: Asked, approval_number: str) -> Product | None:
        """One medicine."""
        rows = await _rows(
            info, live_rows(ProductRow).where(col(ProductRow.approval_number) == approval_number)
        )
        return rows[0] if rows else None

    @strawberry.field
    async def products(
        self,
        info: Asked,
        where: Annotated[ProductFilter, FILTER],
        order_by: list[ProductOrder],
        first: int = 20,
    ) -> Connection[Product]:
        """Medicines by the start of their names."""
        prefix = where.name_zh.starts_with or ""
        name = col(ProductRow.name_zh)
        query = live_rows(ProductRow).where(name >= prefix, name < past(prefix))
        orders = [getattr(ProductRow, each.field.value) for each in order_by]
        return page(await _rows(info, query.order_by(*orders, col(ProductRow.id)).limit(first + 1)), first)

    @strawberry.field
    async def pharmacies(
        self, info: Asked, where: Annotated[PharmacyFilter, FILTER], first: int = 20
    ) -> Connection[Pharmacy]:
        """Pharmacies of a division."""
        code = (where.region_code.within or "").removesuffix("00")
        region = col(PharmacyRow.region_code)
        query = live_rows(PharmacyRow).where(region >= code, region < past(code))
        return page(await _rows(info, query.order_by(col(PharmacyRow.id)).limit(first + 1)), first)

    @strawberry.field
    def listings(self, where: Annotated[ListingFilter, FILTER]) -> Listings:
        """Listings of a medicine."""
        return Listings(product=int(where.platform_product.product_id.eq))


class NaiveGraph(GraphQL[dict[str, Any], None]):
    """Strawberry's own ASGI application, with loaders of its own for each request."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(strawberry.Schema(Query), graphql_ide=None)
        self._sessions = sessions

    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        """What resolvers are handed."""
        return {"sessions": self._sessions, "loaders": Loaders(self._sessions)}


async def _connection() -> asyncpg.Connection:
    """SQLAlchemy's own URLs do not know socket folders."""
    return await asyncpg.connect(Settings().database_url)


if __name__ == "__main__":
    engine = create_async_engine("postgresql+asyncpg://", async_creator=_connection)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    uvicorn.run(NaiveGraph(sessions), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
