"""The sample lists, from the facts beside this file: always the same bytes.

Lines of the two lists are public law; registrations of active substances are invented.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from connectors.sandbox.common import csv_bytes, full_width

_HERE = Path(__file__).parent
ESSENTIAL_TITLE = "演示数据：国家基本药物目录（节选）"
ESSENTIAL_HEADER = "目录类别,序号,重复标记,分类,功能,品种名称,英文名称,剂型、规格,备注"
INSURANCE_TITLE = "演示数据：医保目录（节选）"
INSURANCE_HEADER = "部分,药品分类代码,药品分类,甲乙类,编号,药品名称,剂型,医保支付标准,备注,协议有效期"
SUBSTANCE_TITLE = "演示数据：原料药登记（样例，企业与登记号均为虚构）"
SUBSTANCE_HEADER = (
    "登记号,品种名称,企业名称,产品来源,包装规格,更新日期,与制剂共同审评审批结果,关联制剂批准文号,登记状态"
)
#: the row of the insurance list whose price is planted as no price, counted from 0 below the header
FAULTY_PRICE = 29


def essential_medicines() -> bytes:
    """`essential_medicines.csv`: GB18030, one title row, the blanks of a scanned document."""
    rows = [
        [*row[:5], *_shifted(place, row[5], row[6]), _scanned(place, row[7]), row[8]]
        for place, row in enumerate(_facts("essential_medicines"))
    ]
    return csv_bytes([ESSENTIAL_TITLE], ESSENTIAL_HEADER, rows, "gb18030")


def insurance_list() -> bytes:
    """`insurance_list.csv`: UTF-8 with BOM, one title row, blanks of typesetting, one planted fault."""
    rows = list(_facts("insurance_list"))
    for place, row in enumerate(rows):
        row[4] = full_width(row[4]) if place % 11 == 3 else row[4]
        row[8] = re.sub(r"([，；、])", r"\1  ", row[8])
    rows[FAULTY_PRICE][7] = "面议"
    return csv_bytes([INSURANCE_TITLE], INSURANCE_HEADER, rows, "utf-8-sig")


def substances() -> bytes:
    """`substances.csv`: GB18030, one title row; a number of another shape, and a status that is none."""
    return csv_bytes([SUBSTANCE_TITLE], SUBSTANCE_HEADER, _facts("substances"), "gb18030")


def _facts(name: str) -> Iterator[list[str]]:
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def _scanned(place: int, forms: str) -> str:
    """Blanks where scanning leaves them: in one row of three inside numbers, in another around ratios."""
    match place % 3:
        case 1:
            return forms.replace("0.", "0. ").replace("、", " 、")
        case 2:
            return forms.replace("∶", " ∶").replace("（", "（ ")
        case _:
            return forms


def _shifted(place: int, name_zh: str, name_en: str) -> tuple[str, str]:
    """维生素B12 as scanning cuts it: the number before the English name."""
    found = re.fullmatch(r"(维生素|碳酸钙)([A-Z]\d*)", name_zh)
    return (found[1], f"{found[2]} {name_en}") if found and place % 2 else (name_zh, name_en)


def list_files() -> dict[str, bytes]:
    """Every sample file: its path under `connectors/` and its bytes."""
    return {
        "essential_medicines/samples/essential_medicines.csv": essential_medicines(),
        "insurance_list/samples/insurance_list.csv": insurance_list(),
        "registration/samples/substances.csv": substances(),
    }
