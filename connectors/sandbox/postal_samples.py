"""The samples of the postal feed: invented outlets, partner pharmacies, service areas and consignments.

Their columns of persons hold placeholders: what matters is that nothing of these columns gets past the door.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile, ZipInfo

from connectors.sandbox.common import MAKERS, Medicine, csv_bytes, draw

TITLE = "演示数据：邮政（样例，机构与邮件均为虚构）"
OUTLETS_HEADER = (
    "机构代码,网点名称,省,市,县,地址,经度,纬度,邮编,营业时间,是否医邮合作,"
    "合作药房名称,药品经营许可证号,联系人,联系电话"
)
PARTNERS_HEADER = "合作药房名称,药品经营许可证号,行政区划代码,药房地址,合作起始日期,负责人,联系电话"
#: what stands in columns of persons
NOBODY, NO_NUMBER = "演示联系人", "000-0000-0000"
#: the code that two outlets share, as one does in real data
SHARED_CODE = "061804"
#: as many bytes as 网点 has in GBK
_STAND_IN = "WDWD"
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


@dataclass(frozen=True, slots=True)
class Place:
    """A division by its names, and what an outlet there needs."""

    region_code: str
    province: str
    city: str
    county: str
    short: str
    longitude: str
    latitude: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A pharmacy that works with the post: name, licence number."""

    name: str
    licence: str


PLACES = (
    Place("440106", "广东省", "广州市", "天河区", "天河", "113.3612", "23.1247", "510630"),
    Place("440305", "广东省", "深圳市", "南山区", "南山", "113.9304", "22.5333", "518052"),
    Place("441900", "广东省", "东莞市", "", "东莞", "113.7518", "23.0207", "523000"),
    Place("430102", "湖南省", "长沙市", "芙蓉区", "芙蓉", "113.0325", "28.1853", "410011"),
    Place("433123", "湖南省", "湘西土家族苗族自治州", "凤凰县", "凤凰", "109.5990", "27.9483", "416200"),
    Place("120119", "天津市", "市辖区", "蓟州区", "蓟州", "117.4083", "40.0459", "301900"),
    Place("110115", "北京市", "市辖区", "大兴区", "大兴", "116.3416", "39.7269", "102600"),
)
#: place → the pharmacy that the outlets there work with: by licence, by name alone, and one that no chain has
PARTNERS: Mapping[str, Partner] = {
    "440106": Partner("演示大药房（天河一店）", "粤DA演示0001"),
    "430102": Partner("演示大药房（芙蓉一店）", ""),
    "433123": Partner("演示凤凰便民药房", "湘DA演示9001"),
}
HOSPITALS = ("演示县人民医院", "演示镇中心卫生院", "演示社区卫生服务中心")


def postal_files(medicines: Sequence[Medicine]) -> dict[str, bytes]:
    """Every file of the feed: its path under `connectors/` and its bytes."""
    sent = [medicine for medicine in medicines if medicine.trait == "scarce"][:6]
    return {
        "postal/samples/outlets.zip": outlets_zip(),
        "postal/samples/partner_pharmacies.csv": partner_pharmacies(),
        "postal/samples/service_areas.xml": service_areas(),
        "postal/samples/consignments.jsonl": consignments_jsonl(sent),
        "postal/samples/consignments.xml": consignments_xml(sent),
    }


def outlets_zip() -> bytes:
    """`outlets.zip`: one GB18030 table whose name is in GBK; two outlets of one code; two planted faults."""
    rows = [_outlet(number, place) for number, place in enumerate(PLACES)]
    rows[1][0] = rows[0][0] = SHARED_CODE
    rows += [
        [
            "061899",
            "演示无名支局",
            "广东省",
            "东莞市",
            "天河区",
            "演示路9号",
            *[""] * 4,
            "否",
            "",
            "",
            NOBODY,
            NO_NUMBER,
        ],
        [
            "061898",
            "演示矛盾支局",
            "广东省",
            "广州市",
            "天河区",
            "演示路8号",
            *[""] * 4,
            "否",
            "演示大药房",
            "",
            "",
            "",
        ],
    ]
    table = csv_bytes([TITLE], OUTLETS_HEADER, rows, "gb18030")
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr(ZipInfo(f"{_STAND_IN}.csv"), table)
    # as Windows writes it: the bytes of GBK, and no word of their being so
    return packed.getvalue().replace(_STAND_IN.encode(), "网点".encode("gbk"))


def _outlet(number: int, place: Place) -> list[str]:
    partner = PARTNERS.get(place.region_code)
    return [
        *(f"0618{10 + number}", f"演示邮政{place.short}支局", place.province, place.city, place.county),
        *(f"{place.short}演示路{1 + draw(200, 'outlet', number)}号", place.longitude, place.latitude),
        *(place.postcode, "09:00-17:30", "是" if partner else ("否", "")[number % 2]),
        *((partner.name, partner.licence) if partner else ("", "")),
        *(NOBODY, NO_NUMBER),
    ]


def partner_pharmacies() -> bytes:
    """`partner_pharmacies.csv`: UTF-8 with BOM; those of the outlets that have a licence, and one more."""
    rows = [
        [partner.name, partner.licence, code, "演示路1号", "2025-06-01", NOBODY, NO_NUMBER]
        for code, partner in PARTNERS.items()
        if partner.licence
    ]
    rows.append(["演示大兴便民药房", "京DA演示9002", "110115", "演示路2号", "2025/9/1", NOBODY, NO_NUMBER])
    return csv_bytes([TITLE], PARTNERS_HEADER, rows, "utf-8-sig")


def service_areas() -> bytes:
    """`service_areas.xml`: GB18030, as its prolog says; one frequency in words that are no number."""
    words = (("每日1班", "24小时", "投递到户"), ("每周3次", "2天", "投递到村"), ("逢集日", "T+3", "自提"))
    rows = "".join(
        f"<服务区>{_elements({'行政区划': place.region_code, '频次': often, '时限': limit, '方式': mode})}</服务区>\n"
        for number, place in enumerate(PLACES)
        for often, limit, mode in [words[number % 3]]
    )
    return _xml("服务区列表", rows, "GB18030")


def consignments_jsonl(medicines: Sequence[Medicine]) -> bytes:
    """`consignments.jsonl`: each with its events; one to a person, one whose check digit is wrong."""
    records = [_consignment(number, medicine) for number, medicine in enumerate(medicines)]
    records[2]["收件机构"] = ""
    records[3]["邮件号"] = records[3]["邮件号"][:10] + str((int(records[3]["邮件号"][10]) + 1) % 10) + "CN"
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def consignments_xml(medicines: Sequence[Medicine]) -> bytes:
    """`consignments.xml`: domestic numbers, events nested, a telephone in the goods' name."""
    rows = []
    for number, medicine in enumerate(medicines):
        record = _consignment(number, medicine) | {"邮件号": f"99{number:011d}"}
        if number == 1:
            record["内件名称"] += f" 电话{NO_NUMBER}"
        events = "".join(f"<节点>{_elements(event)}</节点>" for event in record.pop("轨迹"))
        rows.append(f"<邮件>{_elements(record)}<轨迹>{events}</轨迹></邮件>\n")
    return _xml("邮件列表", "".join(rows), "UTF-8")


def _consignment(number: int, medicine: Medicine) -> dict[str, Any]:
    """A record of the post's own system."""
    code = (SHARED_CODE, "061812", "061813", "069999")[number % 4]
    day = 10 + number
    return {
        "邮件号": mail_number("EA", 90000000 + number, "CN"),
        "收寄机构": code,
        "收寄时间": f"2025-12-{day} 09:15",
        "寄件单位": MAKERS["甲"][0],
        "寄件人": NOBODY,
        "收件机构": HOSPITALS[number % 3],
        "收件人": NOBODY,
        "收件人电话": NO_NUMBER,
        "收件地址": "演示路3号",
        "内件名称": f"{medicine.name_zh} {medicine.shop_specification}",
        "重量": f"{200 + draw(900, 'weight', number)}克",
        "状态": "签收",
        "状态时间": f"2025-12-{day + 2} 15:40",
        "轨迹": list(_events(code, day)),
    }


def _events(code: str, day: int) -> Iterator[dict[str, str]]:
    yield {"状态": "收寄", "时间": f"2025-12-{day} 09:15", "机构": code}
    yield {"状态": "运输", "时间": f"2025-12-{day + 1} 02:10", "机构": "061810"}
    yield {"状态": "投递", "时间": f"2025-12-{day + 2} 08:30", "机构": "061814", "投递员": NOBODY}
    yield {"状态": "签收", "时间": f"2025-12-{day + 2} 15:40", "机构": "061814", "签收人": NOBODY}


def mail_number(service: str, serial: int, country: str) -> str:
    """A mail number of UPU S10 with its check digit."""
    digits = f"{serial:08d}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return f"{service}{digits}{ {10: 0, 11: 5}.get(rest, rest) }{country}"


def _elements(record: Mapping[str, str]) -> str:
    return "".join(f"<{key}>{escape(value)}</{key}>" for key, value in record.items())


def _xml(root: str, rows: str, encoding: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<!-- {TITLE} -->\n<{root}>\n{rows}</{root}>\n'.encode(
            encoding
        )
    )
