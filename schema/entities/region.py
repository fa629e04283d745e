"""Administrative divisions (GB/T 2260), four levels from the country to the county."""

from typing import ClassVar

from schema.declare import Label, Release, Subject, ToMany, ToOne, coded, declared
from schema.entities.fact import Fact, fact_table
from schema.scopes import Scope

_KEY = ("code",)


class Region(Fact, table=True):
    """行政区划."""

    __tablename__ = "region"
    __table_args__ = fact_table("region", _KEY, ("parent_code", "code"))
    about: ClassVar[Subject] = Subject(
        label=Label("行政区划", "Administrative division"),
        scope=Scope.REGION_READ,
        key=_KEY,
        relations=(
            ToOne("parent", Label("上级区划", "Division above"), "Region", "parent_code", "code"),
            ToMany("children", Label("下级区划", "Divisions below"), "Region", "code", "parent_code"),
            ToMany(
                "postal_outlets", Label("邮政网点", "Postal outlets"), "PostalOutlet", "code", "region_code"
            ),
            ToMany(
                "partner_pharmacies",
                Label("医邮合作药房", "Partner pharmacies of the post"),
                "PartnerPharmacy",
                "code",
                "region_code",
            ),
            ToMany(
                "service_areas", Label("邮政服务", "Postal services"), "ServiceArea", "code", "region_code"
            ),
        ),
    )

    code: str = coded(
        "行政区划代码",
        "Division code",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        pattern=r"^\d{6}$",
        note=("GB/T 2260 六位数字；全国为 000000", "six digits of GB/T 2260; 000000 is the country"),
    )
    name: str = declared("区划名称", "Division name", release=Release.OPEN, filterable=True, sortable=True)
    level_code: str = coded("层级", "Level", release=Release.OPEN, filterable=True)
    type_name: str | None = declared("区划类型", "Division type", release=Release.OPEN)
    parent_code: str | None = coded(
        "上级代码", "Code of the division above", release=Release.OPEN, filterable=True
    )
