"""Manufacturing sites (生产地址): where which medicine may be made."""

from typing import ClassVar

from schema.declare import Filled, Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_medicine, by_region
from schema.entities.fact import Fact, fact_table
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_KEY = ("id",)
_PRODUCT_KEY = ("product_id", "site_id")


class ManufacturingSite(Fact, table=True):
    """生产场地: one manufacturer at one address."""

    __tablename__ = "manufacturing_site"
    __table_args__ = fact_table("manufacturing_site", _KEY, ("name_id", "id"), ("region_code", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("生产场地", "Manufacturing site"),
        provider=Provider.DRUG_REGULATOR,
        plural="manufacturing_sites",
        roots=Label("生产场地", "Manufacturing sites"),
        scope=Scope.REGISTRATION_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne(
                "manufacturer",
                Label("生产单位名称", "Name of the manufacturer"),
                "OrganizationName",
                "name_id",
                "id",
            ),
            ToOne("region", Label("所在区划", "Division it stands in"), "Region", "region_code", "code"),
            ToMany("products", Label("所产药品", "Medicines made there"), "ProductSite", "id", "site_id"),
        ),
        dimensions=(
            *by_region(),
            by("manufacturer", "生产单位", "Manufacturer", "name"),
            by("organization", "机构标识", "Organisation, by identifier", "organization_id", "manufacturer"),
        ),
    )

    id: int = identifier("场地标识", "Site identifier", release=Release.OPEN, sortable=True, filterable=True)
    name: str = declared("生产单位", "Manufacturer", release=Release.OPEN, filterable=True, sortable=True)
    name_id: int = identifier(
        "生产单位名称标识", "Identifier of the manufacturer's name", release=Release.OPEN, filterable=True
    )
    address: str | None = declared("生产地址", "Address", release=Release.OPEN, filterable=True)
    region_code: str | None = coded(
        "行政区划代码",
        "Division code",
        release=Release.OPEN,
        filled=Filled.HUB,
        filterable=True,
        note=(
            "地址以省、市、县全名开头时所到的最细一级；否则为空，不作推测",
            "the finest division whose full name begins the address; empty where it does not: nothing is guessed",
        ),
        sortable=True,
    )


class ProductSite(Fact, table=True):
    """药品生产场地: a medicine may be made at a site."""

    __tablename__ = "product_site"
    __table_args__ = fact_table("product_site", _PRODUCT_KEY, ("site_id", "product_id"))
    about: ClassVar[Subject] = Subject(
        label=Label("药品生产场地", "Site of a medicine"),
        provider=Provider.DRUG_REGULATOR,
        plural="product_sites",
        roots=Label("药品在哪些场地生产", "Which medicines are made at which sites"),
        scope=Scope.REGISTRATION_READ,
        key=_PRODUCT_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne("product", Label("药品", "Medicinal product"), "Product", "product_id", "id"),
            ToOne("site", Label("生产场地", "Manufacturing site"), "ManufacturingSite", "site_id", "id"),
        ),
        dimensions=(
            *by_region("site"),
            by("manufacturer", "生产单位", "Manufacturer", "name", "site"),
            *by_medicine("product"),
        ),
    )

    product_id: int = identifier(
        "药品标识", "Product identifier", release=Release.OPEN, filterable=True, sortable=True
    )
    site_id: int = identifier(
        "场地标识", "Site identifier", release=Release.OPEN, filterable=True, sortable=True
    )
