"""Files of procurement platforms, by their layout, to products, listings, purchases, deliveries and settlements."""

from collections.abc import Callable

from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.procurement.listings import filed_purchases, listings
from connectors.procurement.purchases import delivery_lines, purchase_lines, settlements
from connectors.reading import Reading
from schema.declare import Entity
from schema.entities import DeliveryLine, FiledPurchase, Listing, PurchaseLine, Settlement

_BY_LAYOUT: dict[str, tuple[type[Entity], Callable[[Reading, FileContext], Normalised]]] = {
    "listings_guangdong": (Listing, listings),
    "listings_guangzhou": (Listing, listings),
    "listings_public": (Listing, listings),
    "orders": (PurchaseLine, purchase_lines),
    "deliveries": (DeliveryLine, delivery_lines),
    "settlements": (Settlement, settlements),
    "filed_purchases": (FiledPurchase, filed_purchases),
}


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """The records of a chunk. Orders and deliveries still need the platform's catalogue (`completion`)."""
    _, understand = _BY_LAYOUT[context.layout]
    return understand(Reading(chunk, context.headers), context)


CONNECTOR = Connector(
    manifest=load_manifest("connectors.procurement"),
    normalise=normalise,
    row_entity={layout: entity for layout, (entity, _) in _BY_LAYOUT.items()},
)
