"""Administrative divisions (GB/T 2260), four levels from the country to the county."""

from typing import ClassVar

from schema.declare import Above, Below, Label, Release, Subject, ToMany, ToOne, coded, declared
from schema.entities.dimensions import by, by_region
from schema.entities.fact import Fact, fact_table
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_KEY = ("code",)


def _inside(name: str, zh: str, en: str, target: str) -> Below:
    """What stands in this division or in one below it."""
    return Below(name, Label(zh, en), target, "code", "region_code")


class Region(Fact, table=True):
    """行政区划."""

    __tablename__ = "region"
    __table_args__ = fact_table("region", _KEY, ("parent_code", "code"))
    about: ClassVar[Subject] = Subject(
        label=Label("行政区划", "Administrative division"),
        provider=Provider.CIVIL_AFFAIRS,
        plural="regions",
        scope=Scope.REGION_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne("parent", Label("上级区划", "Division above"), "Region", "parent_code", "code"),
            ToMany(
                "children", Label("下级区划", "Divisions one level below"), "Region", "code", "parent_code"
            ),
            Above(
                "ancestors",
                Label("各上级区划", "Divisions above, from the country down"),
                "Region",
                "code",
                "code",
            ),
            # those whose division above lies in the subtree: all below this one, and not this one
            Below(
                "descendants", Label("所有下级区划", "All divisions below"), "Region", "code", "parent_code"
            ),
            _inside("pharmacies", "辖区药店", "Pharmacies, of all divisions below too", "Pharmacy"),
            _inside(
                "institutions",
                "辖区医疗机构",
                "Medical institutions, of all divisions below too",
                "Institution",
            ),
            _inside(
                "sites",
                "辖区生产场地",
                "Manufacturing sites, of all divisions below too",
                "ManufacturingSite",
            ),
            _inside(
                "postal_outlets", "辖区邮政网点", "Postal outlets, of all divisions below too", "PostalOutlet"
            ),
            _inside(
                "partner_pharmacies",
                "辖区医邮合作药房",
                "Partner pharmacies of the post, of all divisions below too",
                "PartnerPharmacy",
            ),
            _inside("senders", "辖区登记的发送方", "Senders registered in it or in one below it", "Sender"),
            _inside(
                "access_grants",
                "涉及辖区的授权",
                "Grants of its rows, of all divisions below too",
                "AccessGrant",
            ),
            _inside(
                "service_areas", "辖区邮政服务", "Postal services, of all divisions below too", "ServiceArea"
            ),
            _inside(
                "drug_lists", "辖区药品清单", "Lists of medicines, of all divisions below too", "DrugList"
            ),
            _inside(
                "list_proposals",
                "辖区清单拟议",
                "Proposed versions of lists, of all divisions below too",
                "ListProposal",
            ),
            _inside(
                "reserve_lists",
                "辖区储备目录",
                "Lists of reserves, of all divisions below too",
                "ReserveList",
            ),
        ),
        dimensions=(by("level", "层级", "Level", "level_code"), *by_region(column="code")),
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
    type_name: str | None = declared("区划类型", "Division type", release=Release.OPEN, filterable=True)
    parent_code: str | None = coded(
        "上级代码", "Code of the division above", release=Release.OPEN, filterable=True
    )
