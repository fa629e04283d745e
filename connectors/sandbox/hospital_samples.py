"""Samples of medical institutions and what each keeps: a province's health platform, and one group of hospitals.

Every institution is invented, and says so in its name. Codes and names of medicines are those of the other samples.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.sandbox.common import MAKERS, Medicine, csv_bytes, draw
from connectors.sandbox.packs import nhsa_code
from connectors.sandbox.procurement_offers import INSTITUTIONS
from connectors.sandbox.production_samples import with_check_character

REGISTER_TITLE = "演示数据：医疗机构名单（样例，机构均为虚构）"
FORMULARY_TITLE = "演示数据：配备使用目录（样例，机构均为虚构）"
REGISTER_HEADER = (
    "医疗机构代码,医疗机构名称,统一社会信用代码,定点医药机构代码,"
    "医疗机构级别,是否公立,行政区划代码,地址,经度,纬度"
)
FORMULARY_HEADER = (
    "医疗机构代码,药品统一编码,院内药品唯一码,通用名,规格,生产企业,批准文号,医保编码,单位,供应情况,库存"
)
GROUP_REGISTER_HEADER = "机构代码,机构名称,统一社会信用代码,机构等级,经济类型,区划代码,机构地址"
GROUP_FORMULARY_HEADER = "机构代码,药品编码,药品名称,制剂规格,生产厂家,国药准字,本位码,供应情况"

#: trait of a medicine → percentage of the institutions that keep it; 30 where it has none
SHARE_OF_INSTITUTIONS = {"scarce": 70, "narcotic": 50}
#: rows of the platform's formulary with a planted fault: a number of seven digits, a supply that is none of the four
SHORT_NUMBER, STRANGE_SUPPLY = 20, 30
_NOWHERE = "YS44999"


@dataclass(frozen=True, slots=True)
class Institution:
    """An invented medical institution."""

    code: str
    name: str
    #: by which procurement platforms know it; empty where it buys nothing there
    insurance_code: str
    tier: str
    is_public: bool
    region_code: str
    address: str
    longitude: str = ""
    latitude: str = ""

    @property
    def uscc(self) -> str:
        """An invented social credit code; its division 999999 does not exist, so it is nobody's."""
        return with_check_character(f"12999999MB{draw(10_000_000, 'institution', self.code):07d}")


#: the first four are those that buy over the sample platforms, under the codes and names that these have
PLATFORM = (
    Institution(
        "YS44001", INSTITUTIONS[0][1], INSTITUTIONS[0][0], "三级甲等", True,
        "440106", "广东省广州市天河区演示医院路1号", "113.3591", "23.1302",
    ),
    Institution(
        "YS44002", INSTITUTIONS[1][1], INSTITUTIONS[1][0], "三级乙等", True,
        "440305", "广东省深圳市南山区演示医院路2号", "113.9288", "22.5310",
    ),
    Institution(
        "YS44003", INSTITUTIONS[2][1], INSTITUTIONS[2][0], "二级", True,
        "440802", "广东省湛江市赤坎区演示医院路3号", "110.3644", "21.2671",
    ),
    Institution(
        "YS44004", INSTITUTIONS[3][1], INSTITUTIONS[3][0], "", True,
        "441900", "广东省东莞市演示医院路4号",
    ),
    Institution(
        "YS44005", "演示妇幼保健院（越秀）", "", "三级", True,
        "440104", "广东省广州市越秀区演示医院路5号", "113.2701", "23.1322",
    ),
    Institution(
        "YS44006", "演示社区卫生服务中心（南海）", "", "一级", True,
        "440605", "广东省佛山市南海区演示医院路6号",
    ),
    Institution(
        "YS44007", "演示民营康复医院（福田）", "", "二级", False,
        "440304", "广东省深圳市福田区演示医院路7号",
    ),
)  # fmt: skip
GROUP = (
    Institution(
        "JT01", "演示医院集团总院（芙蓉）", "", "三级", True, "430102", "湖南省长沙市芙蓉区演示集团路1号"
    ),
    Institution("JT02", "演示医院集团分院（凤凰）", "", "二级", True, "433123", "湖南省凤凰县演示集团路2号"),
)

#: institution, medicine, how well supplied (1 to 4, empty: not stated), packs (empty: not stated)
Kept = tuple[Institution, Medicine, str, str]


def kept_by(institutions: Sequence[Institution], medicines: Sequence[Medicine]) -> Iterator[Kept]:
    """All that each institution keeps: of registered medicines of which some shop has a pack."""
    known = [each for each in medicines if each.file in {"csv", "xlsx"} and each.shop_specification]
    for institution in institutions:
        for medicine in known:
            about = (institution.code, medicine.index)
            if draw(100, "kept", *about) < SHARE_OF_INSTITUTIONS.get(medicine.trait, 30):
                yield institution, medicine, _supply(medicine, *about), _packs(medicine, *about)


def register(institutions: Sequence[Institution]) -> bytes:
    """`institutions.csv` of the platform: GB18030, a title row; a tier and places that nobody has told."""
    rows = (
        [
            *(each.code, each.name, each.uscc, each.insurance_code, each.tier or "-"),
            *(
                "是" if each.is_public else "否",
                each.region_code,
                each.address,
                each.longitude,
                each.latitude,
            ),
        ]
        for each in institutions
    )
    return csv_bytes([REGISTER_TITLE], REGISTER_HEADER, rows, "gb18030")


def formulary(kept: Sequence[Kept]) -> bytes:
    """`formulary.csv` of the platform: UTF-8 with BOM, a title row, three planted faults."""
    rows = [
        [
            *(place.code, f"YTB{each.index:06d}", f"{place.code}-{each.index}", each.name_zh),
            *(each.shop_specification, MAKERS[each.maker][0], each.approval_number),
            *(nhsa_code(each), each.shop_unit, supply, packs),
        ]
        for place, each, supply, packs in kept
    ]
    rows[SHORT_NUMBER][6] = rows[SHORT_NUMBER][6][:-1]
    rows[STRANGE_SUPPLY][9] = "5"
    rows.append([_NOWHERE, *rows[-1][1:]])
    return csv_bytes([FORMULARY_TITLE], FORMULARY_HEADER, rows, "utf-8-sig")


def group_register(institutions: Sequence[Institution]) -> bytes:
    """`institutions.csv` of the group: UTF-8, other headers and words."""
    rows = (
        [
            *(each.code, each.name, each.uscc, each.tier[:2]),
            *("公立" if each.is_public else "民营", each.region_code, each.address),
        ]
        for each in institutions
    )
    return csv_bytes([REGISTER_TITLE], GROUP_REGISTER_HEADER, rows, "utf-8")


def group_formulary(kept: Sequence[Kept]) -> bytes:
    """`formulary.csv` of the group: GB18030, 供应情况 in words, no stock, 本位码 and no code of insurance."""
    words = {"1": "充足", "2": "较充足", "3": "短缺", "4": "严重短缺", "": "-"}
    rows = (
        [
            *(place.code, f"{each.index:04d}", each.name_zh, each.shop_specification),
            *(MAKERS[each.maker][0], each.approval_number, each.standard_codes[0], words[supply]),
        ]
        for place, each, supply, _ in kept
    )
    return csv_bytes([FORMULARY_TITLE], GROUP_FORMULARY_HEADER, rows, "gb18030")


def hospital_files(medicines: Sequence[Medicine]) -> dict[str, bytes]:
    """Every sample file: its path under `connectors/` and its bytes."""
    return {
        "hospital/samples/demo-health-gd/institutions.csv": register(PLATFORM),
        "hospital/samples/demo-health-gd/formulary.csv": formulary(list(kept_by(PLATFORM, medicines))),
        "hospital/samples/demo-hospitals/institutions.csv": group_register(GROUP),
        "hospital/samples/demo-hospitals/formulary.csv": group_formulary(list(kept_by(GROUP, medicines))),
    }


def _supply(medicine: Medicine, *about: object) -> str:
    """Scarce medicines are short in half of the institutions; one row in six says nothing."""
    if draw(6, "silent", *about) == 0:
        return ""
    return str(
        (3 if medicine.trait == "scarce" and draw(2, "short", *about) else 1) + draw(2, "worse", *about)
    )


def _packs(medicine: Medicine, *about: object) -> str:
    """Every third row has no count; of scarce medicines some shelves are empty."""
    if draw(3, "uncounted", *about) == 0:
        return ""
    return str(draw(4 if medicine.trait == "scarce" else 400, "packs", *about))
