"""The entities: every field of the graph, the store and the open data is declared here, once."""

from schema.declare import Entity
from schema.entities.books import Batch, Delivery, Fault, Feed
from schema.entities.fact import Fact
from schema.entities.pharmacy import LocalItem, OnSale, Pharmacy, StockTake
from schema.entities.product import Product, StandardCode
from schema.entities.region import Region

#: all of them, in the order in which documents list them
ENTITIES: tuple[type[Entity], ...] = (
    Region,
    Product,
    StandardCode,
    Pharmacy,
    LocalItem,
    OnSale,
    StockTake,
    Feed,
    Batch,
    Delivery,
    Fault,
)

_BY_NAME = {entity.__name__: entity for entity in ENTITIES}


def entity_named(name: str) -> type[Entity]:
    """The entity of this class name; KeyError when there is none."""
    return _BY_NAME[name]


__all__ = [
    "ENTITIES",
    "Batch",
    "Delivery",
    "Entity",
    "Fact",
    "Fault",
    "Feed",
    "LocalItem",
    "OnSale",
    "Pharmacy",
    "Product",
    "Region",
    "StandardCode",
    "StockTake",
    "entity_named",
]
