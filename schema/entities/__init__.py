"""The entities: every field of the graph, the store and the open data is declared here, once."""

from schema.declare import Entity
from schema.entities.authorization import Authorization, AuthorizationEvent, FormerNumber
from schema.entities.books import Batch, BatchDecision, Delivery, Feed
from schema.entities.drug_list import (
    DrugList,
    DrugListEntry,
    DrugListVersion,
    ListChange,
    ListMatch,
)
from schema.entities.fact import Fact
from schema.entities.granting import AccessChange, AccessGrant
from schema.entities.institution import (
    FormularyConfirmation,
    Institution,
    InstitutionItem,
    InstitutionMedicine,
)
from schema.entities.inventory import InventoryChange, StockLevel, StockLot
from schema.entities.judgement import Judgement, JudgementWithdrawal
from schema.entities.list_proposal import ListDecision, ListProposal
from schema.entities.matched import Matched
from schema.entities.organization import (
    Organization,
    OrganizationAlias,
    OrganizationName,
    OrganizationNameChange,
    OrganizationRole,
)
from schema.entities.pack import DrugConcept, PackagedProduct, PackCode
from schema.entities.pharmacy import LocalItem, OnSale, Pharmacy, StockTake
from schema.entities.postal import (
    Consignment,
    PartnerPharmacy,
    PostalOutlet,
    ServiceArea,
    TrackingEvent,
)
from schema.entities.procurement import FiledPurchase, Listing, PlatformProduct
from schema.entities.product import Product, StandardCode
from schema.entities.production import ProductionReport, SupplyNotice
from schema.entities.pull import Pull
from schema.entities.purchasing import DeliveryLine, PurchaseLine, Settlement
from schema.entities.quarantine import Fault, FaultSettlement, QuarantinedRow
from schema.entities.reference import (
    EssentialMedicine,
    EssentialMedicineForm,
    InsuranceEntry,
    InsurancePrice,
)
from schema.entities.region import Region
from schema.entities.reserve import (
    ReserveChange,
    ReserveEntry,
    ReserveList,
    ReserveListVersion,
    ReserveMatch,
)
from schema.entities.sender import Sender
from schema.entities.site import ManufacturingSite, ProductSite
from schema.entities.substance import Substance, SubstanceProduct
from schema.entities.substitution import Substitution, SubstitutionMatch

#: all of them, in the order in which documents list them
ENTITIES: tuple[type[Entity], ...] = (
    Region,
    Product,
    StandardCode,
    DrugConcept,
    PackagedProduct,
    PackCode,
    Authorization,
    AuthorizationEvent,
    FormerNumber,
    ManufacturingSite,
    ProductSite,
    Substance,
    SubstanceProduct,
    Organization,
    OrganizationName,
    OrganizationAlias,
    OrganizationRole,
    OrganizationNameChange,
    EssentialMedicine,
    EssentialMedicineForm,
    InsuranceEntry,
    InsurancePrice,
    DrugList,
    DrugListVersion,
    DrugListEntry,
    ListChange,
    ListMatch,
    Substitution,
    SubstitutionMatch,
    ReserveList,
    ReserveListVersion,
    ReserveEntry,
    ReserveChange,
    ReserveMatch,
    Pharmacy,
    LocalItem,
    OnSale,
    StockTake,
    InventoryChange,
    StockLot,
    StockLevel,
    Institution,
    InstitutionItem,
    InstitutionMedicine,
    FormularyConfirmation,
    ProductionReport,
    SupplyNotice,
    PlatformProduct,
    Listing,
    PurchaseLine,
    DeliveryLine,
    Settlement,
    FiledPurchase,
    PostalOutlet,
    PartnerPharmacy,
    ServiceArea,
    Consignment,
    TrackingEvent,
    Sender,
    Feed,
    Batch,
    Delivery,
    Fault,
    QuarantinedRow,
    FaultSettlement,
    BatchDecision,
    Judgement,
    JudgementWithdrawal,
    ListProposal,
    ListDecision,
    Pull,
    AccessChange,
    AccessGrant,
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
    "AccessChange",
    "AccessGrant",
    "Authorization",
    "AuthorizationEvent",
    "Batch",
    "BatchDecision",
    "Consignment",
    "Delivery",
    "DeliveryLine",
    "DrugConcept",
    "DrugList",
    "DrugListEntry",
    "DrugListVersion",
    "Entity",
    "EssentialMedicine",
    "EssentialMedicineForm",
    "Fact",
    "Fault",
    "FaultSettlement",
    "Feed",
    "FiledPurchase",
    "FormerNumber",
    "FormularyConfirmation",
    "Institution",
    "InstitutionItem",
    "InstitutionMedicine",
    "InsuranceEntry",
    "InsurancePrice",
    "InventoryChange",
    "Judgement",
    "JudgementWithdrawal",
    "ListChange",
    "ListDecision",
    "ListMatch",
    "ListProposal",
    "Listing",
    "LocalItem",
    "ManufacturingSite",
    "Matched",
    "OnSale",
    "Organization",
    "OrganizationAlias",
    "OrganizationName",
    "OrganizationNameChange",
    "OrganizationRole",
    "PackCode",
    "PackagedProduct",
    "PartnerPharmacy",
    "Pharmacy",
    "PlatformProduct",
    "PostalOutlet",
    "Product",
    "ProductSite",
    "ProductionReport",
    "Pull",
    "PurchaseLine",
    "QuarantinedRow",
    "Region",
    "ReserveChange",
    "ReserveEntry",
    "ReserveList",
    "ReserveListVersion",
    "ReserveMatch",
    "Sender",
    "ServiceArea",
    "Settlement",
    "StandardCode",
    "StockLevel",
    "StockLot",
    "StockTake",
    "Substance",
    "SubstanceProduct",
    "Substitution",
    "SubstitutionMatch",
    "SupplyNotice",
    "TrackingEvent",
    "entity_named",
]
