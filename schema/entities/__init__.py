"""The entities: every field of the graph, the store and the open data is declared here, once."""

from schema.declare import Entity
from schema.entities.books import Batch, BatchDecision, Delivery, Fault, Feed, Pull
from schema.entities.fact import Fact
from schema.entities.matched import Matched
from schema.entities.pharmacy import LocalItem, OnSale, Pharmacy, StockTake
from schema.entities.product import Product, StandardCode
from schema.entities.production import ProductionReport, SupplyNotice
from schema.entities.quarantine import FaultSettlement, QuarantinedRow
from schema.entities.reference import (
    EssentialMedicine,
    EssentialMedicineForm,
    InsuranceEntry,
    InsurancePrice,
)
from schema.entities.region import Region
from schema.entities.substance import Substance

#: all of them, in the order in which documents list them
ENTITIES: tuple[type[Entity], ...] = (
    Region,
    Product,
    StandardCode,
    Substance,
    EssentialMedicine,
    EssentialMedicineForm,
    InsuranceEntry,
    InsurancePrice,
    Pharmacy,
    LocalItem,
    OnSale,
    StockTake,
    ProductionReport,
    SupplyNotice,
    Feed,
    Batch,
    Delivery,
    Fault,
    QuarantinedRow,
    FaultSettlement,
    BatchDecision,
    Pull,
)

#: those that are a source's own items, recognised as medicines by the identity ladder
MATCHED: tuple[type[Matched], ...] = tuple(entity for entity in ENTITIES if issubclass(entity, Matched))

_BY_NAME = {entity.__name__: entity for entity in ENTITIES}


def entity_named(name: str) -> type[Entity]:
    """The entity of this class name; KeyError when there is none."""
    return _BY_NAME[name]


__all__ = [
    "ENTITIES",
    "MATCHED",
    "Batch",
    "BatchDecision",
    "Delivery",
    "Entity",
    "EssentialMedicine",
    "EssentialMedicineForm",
    "Fact",
    "Fault",
    "FaultSettlement",
    "Feed",
    "InsuranceEntry",
    "InsurancePrice",
    "LocalItem",
    "Matched",
    "OnSale",
    "Pharmacy",
    "Product",
    "ProductionReport",
    "Pull",
    "QuarantinedRow",
    "Region",
    "StandardCode",
    "StockTake",
    "Substance",
    "SupplyNotice",
    "entity_named",
]
