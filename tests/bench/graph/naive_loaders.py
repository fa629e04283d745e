"""What the naive server reads through DataLoaders: one statement for all rows that a level of the answer asks for."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from strawberry.dataloader import DataLoader

from schema.declare import Entity
from schema.entities import (
    Authorization,
    Listing,
    LocalItem,
    OnSale,
    Organization,
    OrganizationName,
    PlatformProduct,
    Product,
)
from schema.entities.fact import Fact, live_now

Sessions = async_sessionmaker[AsyncSession]


def live_rows(entity: type[Entity]) -> Select[Any]:
    """All rows of an entity that hold now."""
    if issubclass(entity, Fact):
        return select(entity).where(text(live_now(str(entity.__tablename__))))
    return select(entity)


class Loaders:
    """The loaders of one request."""

    def __init__(self, sessions: Sessions) -> None:
        self.authorization = _one(sessions, Authorization, "product_id")
        self.holder = _one(sessions, OrganizationName, "id")
        self.organization = _one(sessions, Organization, "id")
        self.item = _one(sessions, LocalItem, "id")
        self.product = _one(sessions, Product, "id")
        self.platform_products = _many(sessions, PlatformProduct, "product_id", "id")
        self.listings = _many(sessions, Listing, "platform_product_id", "id")
        self.on_sale = _many(sessions, OnSale, "pharmacy_id", "item_id")


def _one(sessions: Sessions, entity: type[Entity], column: str) -> DataLoader[int, Any]:
    """The row of each key."""

    async def load(keys: list[int]) -> list[Any]:
        async with sessions() as session:
            rows = await session.scalars(live_rows(entity).where(getattr(entity, column).in_(keys)))
            found = {getattr(row, column): row for row in rows}
        return [found.get(key) for key in keys]

    return DataLoader(load)


def _many(sessions: Sessions, entity: type[Entity], column: str, order: str) -> DataLoader[int, list[Any]]:
    """The rows of each key, in order."""

    async def load(keys: list[int]) -> list[list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        wanted = live_rows(entity).where(getattr(entity, column).in_(keys)).order_by(getattr(entity, order))
        async with sessions() as session:
            for row in await session.scalars(wanted):
                found[getattr(row, column)].append(row)
        return [found[key] for key in keys]

    return DataLoader(load)
