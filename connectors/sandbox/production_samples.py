"""The samples of the production feed, and its blank templates: monthly reports and notices of invented holders."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from connectors.sandbox.common import (
    BUYER,
    MAKERS,
    Medicine,
    add_titles,
    draw,
    full_width,
    holder_of,
    new_sheet,
    xlsx_bytes,
)
from schema.identifiers import IdentifierError, check_uscc

TITLES = (
    "演示数据：药品生产供应月报（样例）",
    "演示数据：企业、代码、产量、库存和停产均为虚构；每种规格每月一行",
)
REPORT_HEADER = (
    "统一社会信用代码,持有人,批准文号,通用名,规格,包装,报告期,计划产量,实际产量,单位,期末库存,"
    "供应状态,停产类型,停产日期,预计恢复日期,停产原因,原料药供应商"
)
NOTICE_HEADER = (
    "统一社会信用代码,持有人,批准文号,通用名,规格,"
    "通知类型,停产类型,停产日期,预计恢复日期,复产日期,停产原因,原料药供应商"
)
SUPPLIERS = ("演示原料药（子）有限公司", "演示原料药（丑）有限公司")
#: dosage form → unit in which holders count what they make
_UNITS = {"注射剂": "万支", "片剂": "万片", "胶囊剂": "万粒"}
#: what the months of the workbook say beside output: approval number → columns from 供应状态 on
_STOPS = {
    "国药准字H44029001": ("停产", "非计划", "2025-11-10", "2026-03-01", "原料药供应商停止供货，正在寻找替代"),
    "国药准字H20099007": ("减产", "计划", "2025/11/1", "2026-02-01", "生产线改造，非质量原因"),
    "国药准字H20119009": ("暂停", "非计划", "", "", "待定"),
}
_CODES = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc_of(organisation: str) -> str:
    """An invented social credit code; its division 999999 does not exist, so it is nobody's."""
    names = [*(name for name, _ in MAKERS.values()), BUYER]
    return with_check_character(f"91999999MA{names.index(organisation):07d}")


def with_check_character(body: str) -> str:
    """The social credit code that begins with these 17 characters."""
    return next(code for code in (body + last for last in _CODES) if _is_right(code))


def production_files(medicines: Sequence[Medicine]) -> dict[str, bytes]:
    """Every file of the feed: its path under `connectors/` and its bytes."""
    reported = [medicine for medicine in medicines if medicine.trait == "scarce" and medicine.file == "csv"]
    return {
        "production/samples/monthly_report.xlsx": monthly_xlsx(reported),
        "production/samples/monthly_report.json": monthly_json(reported),
        "production/samples/notices.jsonl": notices_jsonl(medicines),
        "production/templates/monthly_report.xlsx": template("药品生产供应月报", REPORT_HEADER),
        "production/templates/notices.xlsx": template("停产、暂停、减产、复产通知", NOTICE_HEADER),
    }


def monthly_xlsx(medicines: Sequence[Medicine]) -> bytes:
    """`monthly_report.xlsx`: October and November 2025, two title rows, months in four spellings, planted faults."""
    workbook, sheet = new_sheet("月报")
    add_titles(sheet, TITLES, REPORT_HEADER.split(","))
    rows = [
        _spelt(_report(medicine, month), place)
        for month in ("2025-10", "2025-11")
        for place, medicine in enumerate(medicines)
    ]
    for row in _with_faults(rows):
        sheet.append(row)
    sheet.append(["合计", *[None] * 7, f"{len(rows)} 行"])
    return xlsx_bytes(workbook)


def monthly_json(medicines: Sequence[Medicine]) -> bytes:
    """`monthly_report.json`: December 2025 as one document, every other record without a name; November corrected."""
    records = [dict(zip(REPORT_HEADER.split(","), row, strict=True)) for row in _december(medicines)]
    for record in records[1:-1:2]:
        del record["通用名"]
    document = {"说明": TITLES[0], "数量": len(records), "records": records}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def notices_jsonl(medicines: Sequence[Medicine]) -> bytes:
    """`notices.jsonl`: one notice of each kind, and two that the public does not see."""
    of_number = {medicine.approval_number: medicine for medicine in medicines}
    header = NOTICE_HEADER.split(",")
    lines = (dict(zip(header, _notice(of_number[number], *rest), strict=True)) for number, *rest in _NOTICES)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def template(title: str, header: str) -> bytes:
    """A workbook for a holder to fill in: title, one line of advice, header."""
    workbook, sheet = new_sheet("填报")
    advice = "日期如 2026-03-01，报告期如 2026-03；单位如 万片、万支、盒、kg；不清楚的格留空，勿改列名"
    add_titles(sheet, (f"{title}（模板）", advice), header.split(","))
    return xlsx_bytes(workbook)


#: approval number, kind, planned or not, stop, expected return, resumption, cause; a holder in place of the own one
_NOTICES: tuple[tuple[str, ...], ...] = (
    ("国药准字H20069004", "停产", "计划", "2026-06-30", "", "", "产品结构调整，不再生产"),
    ("国药准字H32029011", "暂停生产", "非计划", "2025-12-05", "2026-01-20", "", "环保限产"),
    ("国药准字H10949005", "减产", "计划", "2025-12-01", "2026-04-01", "", "中标价低于成本"),
    ("国药准字H44029003", "复产", "", "2025-09-01", "", "2025-12-20", "设备检修结束"),
    ("国药准字H11029048", "停产", "计划", "2026-03-31", "2026-06-30", "", "车间改造"),
    ("国药准字H20049002", "停产", "非计划", "2025-12-10", "", "", "原料药短缺", MAKERS["甲"][0]),
)


def _report(medicine: Medicine, month: str) -> list[Any]:
    """A clean row under REPORT_HEADER."""
    number, holder = medicine.approval_number, holder_of(medicine)
    about = (number, month)
    planned = 20 + draw(400, "planned", *about)
    running = ("正常", "", "", "", "")
    stops = running if month < "2025-11" else _STOPS.get(number, running)
    share = 0 if stops[0] == "停产" else 70 + draw(40, "made", *about)
    return [
        *(
            uscc_of(holder),
            holder,
            number,
            medicine.name_zh,
            _strength(medicine),
            medicine.shop_specification,
        ),
        *(month, planned, float(Decimal(planned * share) / 100), _UNITS.get(medicine.dosage_form, "盒")),
        *(draw(150, "stock", *about), *stops, SUPPLIERS[draw(2, "supplier", number)]),
    ]


def _strength(medicine: Medicine) -> str:
    """The first of the strengths that one approval number may have."""
    return medicine.specification.split("；")[0]


def _spelt(row: list[Any], place: int) -> list[Any]:
    """The row as one of several clerks writes it."""
    year, month = row[6].split("-")
    months = (row[6], f"{year}年{int(month)}月", year + month, date(int(year), int(month), 1))
    row = [*row[:6], months[place % 4], *row[7:]]
    if place % 3 == 1:
        row[4] = full_width(row[4])
        row[8] = f"{row[8]:,.1f}"
    if place % 5 == 2 and row[9].startswith("万"):
        row[9], row[7], row[8], row[10] = (
            row[9].removeprefix("万"),
            row[7] * 10000,
            _plain(row[8]),
            row[10] * 10000,
        )
    return row


def _plain(made: float | str) -> int:
    return int(Decimal(str(made).replace(",", "")) * 10000)


def _with_faults(rows: list[list[Any]]) -> Iterator[list[Any]]:
    """Three rows are wrong: a social credit code, a month yet to come, output below nothing."""
    for place, row in enumerate(rows):
        if place == 4:
            row[0] = row[0][:-1] + _CODES[(_CODES.index(row[0][-1]) + 1) % len(_CODES)]
        if place == 7:
            row[6] = "2099-01"
        if place == 10:
            row[8] = -5
        yield row


def _december(medicines: Sequence[Medicine]) -> Iterator[list[Any]]:
    """December; the stop of nitroprusside lasts longer; and November of one medicine is put right."""
    for medicine in medicines:
        row = _report(medicine, "2025-12")
        if row[11] == "停产":
            row[14] = "2026-05-01"
        yield row
    corrected = _report(medicines[0], "2025-11")
    yield [*corrected[:10], corrected[10] + 1, *corrected[11:]]


def _notice(medicine: Medicine, kind: str, planning: str, *rest: str) -> list[str]:
    """A row under NOTICE_HEADER."""
    stop, back, resumed, cause, *other = rest
    holder = other[0] if other else holder_of(medicine)
    return [
        *(uscc_of(holder), holder, medicine.approval_number, medicine.name_zh, _strength(medicine)),
        *(kind, planning, stop, back, resumed, cause, SUPPLIERS[0]),
    ]


def _is_right(code: str) -> bool:
    try:
        check_uscc(code)
    except IdentifierError:
        return False
    return True
