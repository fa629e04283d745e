"""What is kept back of a release beyond closed columns: rows that may not be shown, and counts shown as bands.

Nobody may learn where narcotic, psychotropic, toxic or radioactive medicines are kept or run out, nor are
unrecognised goods anybody's word.
"""

from schema.declare import Entity, Label, Release, coded
from schema.entities import (
    Batch,
    FormularyConfirmation,
    Institution,
    InstitutionItem,
    InstitutionMedicine,
    Listing,
    LocalItem,
    OnSale,
    Organization,
    OrganizationAlias,
    OrganizationName,
    OrganizationRole,
    PlatformProduct,
    StockTake,
    SupplyNotice,
)
from schema.entities.fact import live_now
from schema.organizations import Role

#: with so many packs, or fewer, a pharmacy has few
FEW_PACKS = 10


def shown(table: str) -> str:
    """The ids of what is certain to be a medicine that may be told of in detail."""
    return (
        f"SELECT i.id FROM {table} i JOIN product p ON p.id = i.product_id"
        f" WHERE i.match_code = 'linked' AND p.special_control_code IS NULL"
        f" AND {live_now('i')} AND {live_now('p')}"
    )


_SHOWN_ITEMS = shown("local_item")
SHOWN_PLATFORM_PRODUCTS = shown("platform_product")

_OPEN_STORES = f"SELECT id FROM pharmacy WHERE {live_now()}"
#: what is not stated to be public is taken for private: nobody has asked it to publish what it keeps
OPEN_INSTITUTIONS = f"SELECT id FROM institution WHERE is_public AND {live_now()}"
_SHOWN_INSTITUTION_ITEMS = shown("institution_item")

#: what an organisation does, by an open register or list; of institutions, by that of the public ones
_OPEN_ROLES = (
    f"role_code <> '{Role.INSTITUTION}' OR name_id IN (SELECT n.id FROM organization_name n JOIN institution i"
    f" ON i.name = n.name WHERE i.is_public AND {live_now('i')})"
)
#: names that an open register or list has; what a holder calls itself in its reports is not open
_OPEN_NAMES = f"SELECT name_id FROM organization_role WHERE {_OPEN_ROLES}"
_OPEN_ORGANIZATIONS = (
    f"SELECT organization_id FROM organization_role WHERE organization_id IS NOT NULL AND ({_OPEN_ROLES})"
    " UNION SELECT o.id"
    " FROM organization o JOIN organization_name_change c ON c.uscc = o.uscc"
    f" WHERE {live_now('c')}"
)

#: entity → which of its rows the public may see, beyond being the present state of knowledge
ROW_RULES: dict[type[Entity], str] = {
    LocalItem: f"id IN ({_SHOWN_ITEMS})",
    OnSale: f"item_id IN ({_SHOWN_ITEMS}) AND pharmacy_id IN ({_OPEN_STORES})",
    StockTake: f"pharmacy_id IN ({_OPEN_STORES})",
    Institution: "is_public",
    InstitutionItem: (
        f"id IN ({_SHOWN_INSTITUTION_ITEMS}) AND id IN (SELECT item_id FROM institution_medicine"
        f" WHERE institution_id IN ({OPEN_INSTITUTIONS}) AND {live_now()})"
    ),
    InstitutionMedicine: (
        f"item_id IN ({_SHOWN_INSTITUTION_ITEMS}) AND institution_id IN ({OPEN_INSTITUTIONS})"
    ),
    FormularyConfirmation: f"institution_id IN ({OPEN_INSTITUTIONS})",
    PlatformProduct: f"id IN ({SHOWN_PLATFORM_PRODUCTS})",
    Listing: f"platform_product_id IN ({SHOWN_PLATFORM_PRODUCTS})",
    SupplyNotice: f"id IN ({shown('supply_notice')})",
    OrganizationName: f"id IN ({_OPEN_NAMES})",
    OrganizationRole: f"({_OPEN_ROLES})",
    Organization: f"id IN ({_OPEN_ORGANIZATIONS})",
    OrganizationAlias: f"method_code <> 'report' AND organization_id IN ({_OPEN_ORGANIZATIONS})",
    Batch: "state_code = 'promoted'",
}


class Bands(Entity):
    """Columns that stand in a release instead of counts that are not open."""

    about = OnSale.about
    stock_band_code: str = coded(
        "存量档次",
        "Stock band",
        release=Release.OPEN,
        note=(
            f"in_stock 有货，few 少量（至多 {FEW_PACKS} 个销售包装，或机构自报短缺），out_of_stock 无货，unknown 不详",
            f"in stock, few ({FEW_PACKS} packs at most, or said to be short), out of stock, not stated; no counts",
        ),
    )


#: entity → column of `Bands` → how the database works it out, so that the count itself never leaves it
BANDS: dict[type[Entity], dict[str, str]] = {
    OnSale: {
        "stock_band_code": (
            f"CASE WHEN availability_code = 'in_stock' AND stock_packs <= {FEW_PACKS} THEN 'few'"
            " ELSE availability_code END"
        )
    },
    # what an institution says of its supply is better than what a count tells a stranger
    InstitutionMedicine: {
        "stock_band_code": (
            "CASE WHEN availability_code = 'in_stock' AND sufficiency_code IS NULL"
            f" AND stock_packs <= {FEW_PACKS} THEN 'few' ELSE availability_code END"
        )
    },
}

#: what is kept back, as a manifest's reader is told
SUPPRESSED = Label(
    "不发布：保密价格、库存数量、储备、特殊管理药品的所在地、非公立医疗机构、个人信息",
    "never published: confidential prices, stock counts, reserves, where special medicines are kept,"
    " institutions that are not public, persons",
)
