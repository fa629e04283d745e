"""The sample lists of medicines, guide and reserves, from the facts beside this file: always the same bytes.

Names of medicines are facts; which list they are on, why and since when, documents and departments are invented.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from connectors.sandbox.common import add_titles, csv_bytes, full_width, new_sheet, xlsx_bytes

_HERE = Path(__file__).parent
DEPARTMENT = "演示联动机制牵头单位"
TITLE = "演示数据：{name}（样例，并非任何部门公布的清单）"
#: what every row says of the list, and what it says of its medicine
_OF_LIST = "清单类型,清单名称,行政区划代码,生效日期,公布日期,文件名称,文号"
HEADER = f"序号,{_OF_LIST},类别,药品名称,剂型,规格,批准文号,变动,原因"
SUBSTITUTION_TITLE = "演示数据：临床短缺药品替代使用指南（样例，不可用于临床）"
SUBSTITUTION_HEADER = (
    "被替代药品,被替代药品剂型,替代药品,替代药品剂型,适用条件,依据,发布单位,文件名称,文号,生效日期"
)
RESERVE_TITLE = "演示数据：省级药品储备目录（样例）"
RESERVE_HEADER = (
    "目录名称,行政区划代码,生效日期,文件名称,文号,药品名称,剂型,规格,承储单位,储备数量,数量单位,备注"
)
_STANDING, _NEW, _LEAVING = "在列", "调入", "调出"


class Fact(NamedTuple):
    """A medicine on a list: in which version it comes in, and in which it leaves."""

    list: str
    comes: str
    leaves: str
    category: str
    name: str
    form: str
    strength: str
    number: str
    reason_in: str
    reason_out: str


@dataclass(frozen=True, slots=True)
class SampleList:
    """A list of the demo."""

    kind: str
    name: str
    region_code: str
    #: days on which its versions take effect
    days: tuple[str, ...]


LISTS = {
    "nhc-monitoring": SampleList(
        "临床必需易短缺药品重点监测清单",
        "演示数据：国家临床必需易短缺药品重点监测清单",
        "000000",
        ("2024-07-01", "2025-07-01"),
    ),
    "nhc-shortage": SampleList(
        "短缺药品清单", "演示数据：国家短缺药品清单", "000000", ("2024-07-01", "2025-07-01")
    ),
    "nhc-stop": SampleList(
        "停产报告药品公告清单", "演示数据：停产报告药品公告清单", "000000", ("2025-08-01",)
    ),
    "gd-shortage": SampleList(
        "短缺药品清单", "演示数据：广东省短缺药品清单", "440000", ("2024-09-01", "2025-03-01", "2025-09-01")
    ),
    "gz-shortage": SampleList(
        "医疗机构短缺药品清单", "演示数据：广州市医疗机构短缺药品清单", "440100", ("2024-10-01", "2025-10-01")
    ),
}


def rows_of(code: str, version: int) -> list[list[str]]:
    """The rows of a version under HEADER: what is on the list, then what leaves it for a reason that is stated."""
    each, facts = LISTS[code], [fact for fact in _facts() if fact.list == code]
    standing = [fact for fact in facts if int(fact.comes) <= version < int(fact.leaves or 99)]
    leaving = [fact for fact in facts if fact.leaves == str(version) and fact.reason_out]
    return [
        [str(number), *_document(each, version), *_words(fact, version)]
        for number, fact in enumerate((*standing, *leaving), start=1)
    ]


def _document(each: SampleList, version: int) -> list[str]:
    day = each.days[version - 1]
    return [
        *(each.kind, each.name, each.region_code, day, day),
        f"演示公告：{DEPARTMENT}关于公布{each.name.removeprefix('演示数据：')}的通知",
        f"演示〔{day[:4]}〕{int(day[5:7])}号",
    ]


def _words(fact: Fact, version: int) -> list[str]:
    words = [fact.category, fact.name, fact.form, fact.strength, fact.number]
    if fact.leaves == str(version):
        return [*words, _LEAVING, fact.reason_out]
    return [*words, _NEW, fact.reason_in] if fact.comes == str(version) else [*words, _STANDING, ""]


def monitoring(version: int) -> bytes:
    """`key_monitoring_*.xlsx` of the country: two title rows."""
    workbook, sheet = new_sheet("清单")
    each = LISTS["nhc-monitoring"]
    name = each.name.removeprefix("演示数据：")
    add_titles(
        sheet, (TITLE.format(name=name), f"演示公告，{each.days[version - 1]}起执行"), HEADER.split(",")
    )
    for row in rows_of("nhc-monitoring", version):
        sheet.append(row)
    return xlsx_bytes(workbook)


def table(code: str, version: int, encoding: str) -> bytes:
    """A version as CSV; the first version of Guangdong has the planted faults among messy rows."""
    rows = rows_of(code, version)
    if (code, version) == ("gd-shortage", 1):
        rows = _faulty([_messy(row) for row in rows])
    name = LISTS[code].name.removeprefix("演示数据：")
    return csv_bytes([TITLE.format(name=name)], HEADER, rows, encoding)


def _messy(row: list[str]) -> list[str]:
    day = row[4].replace("-", "/").replace("/0", "/")
    return [*row[:4], day, *row[5:11], full_width(row[11]), *row[12:]]


def _faulty(rows: list[list[str]]) -> list[list[str]]:
    """Three rows more: a reason that is in no table, another day, a number of seven digits."""
    extra = [[*rows[0]] for _ in range(3)]
    for number, (row, name) in enumerate(zip(extra, ("呋塞米", "氨茶碱", "地塞米松"), strict=True), start=1):
        row[0], row[9] = str(len(rows) + number), name
    extra[0][14] = "领导要求"
    extra[1][4] = "2024-09-31"
    extra[2][12] = "国药准字H1202902"
    return [*rows, *extra]


def document(code: str, version: int) -> bytes:
    """A version as one JSON document: list and document once, the medicines in `drugList`."""
    each, day = LISTS[code], LISTS[code].days[version - 1]
    kind, name, region, _, _, title, number = _document(each, version)
    medicines = [
        {
            key: value
            for key, value in zip(
                ("nameZh", "dosageForm", "strength", "approvalNumber", "direction", "reason"),
                row[9:],
                strict=True,
            )
            if value
        }
        for row in rows_of(code, version)
    ]
    whole = {
        "note": TITLE.format(name=name.removeprefix("演示数据：")),
        "listKind": kind,
        "listName": name,
        "regionCode": region,
        "effectiveOn": day,
        "announcedOn": day,
        "documentTitle": title,
        "documentNumber": number,
        "drugList": medicines,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def substitutions() -> bytes:
    """`substitutions.xlsx`: one title row."""
    workbook, sheet = new_sheet("替代用药")
    add_titles(sheet, (SUBSTITUTION_TITLE,), SUBSTITUTION_HEADER.split(","))
    for row in _read("substitutions"):
        sheet.append(
            [*row, "演示药学会", "演示：临床短缺药品替代使用指南（2025）", "演示学〔2025〕2号", "2025-06-01"]
        )
    return xlsx_bytes(workbook)


def reserves() -> bytes:
    """`reserve_2025.csv`: never released, read with a scope of its own."""
    facts = [fact for fact in _facts() if fact.list == "nhc-monitoring" and fact.category == "急(抢)救药"]
    rows = [
        [
            *("演示数据：广东省省级药品储备目录", "440000", "2025-01-01"),
            *("演示通知：省级药品储备目录", "演示储〔2025〕1号"),
            *(fact.name, fact.form, fact.strength, f"演示医药储备公司（{'甲乙'[place % 2]}）"),
            *(str(1000 * (place + 1)), "支", "演示数据"),
        ]
        for place, fact in enumerate(facts)
    ]  # fmt: skip
    return csv_bytes([RESERVE_TITLE], RESERVE_HEADER, rows, "gb18030")


def _facts() -> Iterator[Fact]:
    return (Fact(*row) for row in _read("drug_lists"))


def _read(name: str) -> Iterator[list[str]]:
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def drug_list_files() -> dict[str, bytes]:
    """Every sample file: its path under `connectors/` and its bytes."""
    country, province, city = (
        f"drug_lists/samples/{sender}" for sender in ("demo-nhc", "demo-gd", "demo-gz")
    )
    return {
        f"{country}/key_monitoring_2024.xlsx": monitoring(1),
        f"{country}/key_monitoring_2025.xlsx": monitoring(2),
        f"{country}/shortage_2024.csv": table("nhc-shortage", 1, "utf-8-sig"),
        f"{country}/shortage_2025.csv": table("nhc-shortage", 2, "utf-8-sig"),
        f"{country}/stop_reports_2025.csv": table("nhc-stop", 1, "utf-8-sig"),
        f"{province}/shortage_2024_09.csv": table("gd-shortage", 1, "gb18030"),
        f"{province}/shortage_2025_03.csv": table("gd-shortage", 2, "gb18030"),
        f"{province}/shortage_2025_09.json": document("gd-shortage", 3),
        f"{city}/shortage_2024.json": document("gz-shortage", 1),
        f"{city}/shortage_2025.json": document("gz-shortage", 2),
        "drug_lists/samples/demo-guide/substitutions.xlsx": substitutions(),
        "reserve_lists/samples/demo-gd-reserve/reserve_2025.csv": reserves(),
    }
