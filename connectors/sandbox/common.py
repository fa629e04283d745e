"""What the samples of all feeds share: the medicines, the invented organisations, and files without a clock."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.writer.excel import ExcelWriter

MEDICINES = Path(__file__).with_name("medicines.csv")

#: letter in `medicines.csv` → name of the invented maker, place of its works
MAKERS = {
    "甲": ("演示制药（甲）有限公司", "广东省广州市演示工业园1号"),
    "乙": ("演示药业（乙）股份有限公司", "湖南省长沙市演示工业园2号"),
    "丙": ("演示生物制品（丙）有限责任公司", "天津市演示工业园3号"),
    "丁": ("演示制药（丁）有限公司", "北京市演示工业园4号"),
    "戊": ("演示制药（戊）集团股份有限公司", "江苏省南京市演示工业园5号"),
    "己": ("演示中药（己）有限公司", "四川省成都市演示工业园6号"),
    # 䶮 is in GB18030 but not in GBK: whoever reads the file as GBK loses it
    "庚": ("演示药业（䶮）有限公司", "河北省石家庄市演示工业园7号"),
    "辛": ("演示进口药业（辛）公司", "境外"),
}
#: who holds the approvals that left their maker
BUYER = "演示医药科技（癸）有限公司"
_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Medicine:
    """A row of `medicines.csv`; `index` is its place there, 1 for the first."""

    index: int
    #: the sample of the register it stands in: csv, xlsx, jsonl; `shop`: in none, only a chain names it
    file: str
    approval_number: str
    #: `real` (copied from public registration data), `invented`, or empty where there is no number
    number_is: str
    name_zh: str
    name_en: str
    trade_name_zh: str
    trade_name_en: str
    dosage_form: str
    #: as registered; several strengths stand apart by ；
    specification: str
    maker: str
    shop_specification: str
    shop_unit: str
    shop_price_yuan: str
    #: letters of the chains that sell it
    sold_by: str
    #: a key of SHARE_OF_STORES, or empty
    trait: str
    planted_fault: str
    #: approval number of the medicine whose 本位码 the chain writes; empty: its own
    code_of: str

    @property
    def standard_codes(self) -> list[str]:
        """Invented 药品本位码, one a strength; company numbers from 99001 up belong to nobody."""
        company = 99001 + list(MAKERS).index(self.maker)
        strengths = len(self.specification.split("；"))
        bodies = (f"869{company}{self.index * 10 + strength:05d}" for strength in range(strengths))
        return [body + check_digit(body) for body in bodies]

    @property
    def barcode(self) -> str:
        """An invented EAN-13; one medicine in ten has none."""
        body = f"699900{self.index:06d}"
        return "" if self.index % 10 == 9 else body + check_digit(body)


def check_digit(body: str) -> str:
    """GS1 check digit (EAN-13, 药品本位码): weights 3, 1, 3 … from the right end of the body."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def draw(below: int, *about: object) -> int:
    """A choice from 0 up to `below` that depends on nothing but what it is about."""
    return int.from_bytes(sha256("|".join(map(str, about)).encode()).digest()[:8]) % below


def full_width(text: str) -> str:
    """Text as a Chinese input method leaves it: ０．２５ｇ."""
    return text.translate(_FULL_WIDTH)


def read_medicines() -> list[Medicine]:
    """The facts, in the order of the file."""
    with MEDICINES.open(encoding="utf-8", newline="") as file:
        return [Medicine(index, **row) for index, row in enumerate(csv.DictReader(file), start=1)]


def holder_of(medicine: Medicine) -> str:
    """Who holds the approval; some left their maker."""
    maker, _ = MAKERS[medicine.maker]
    return BUYER if draw(7, "moved", medicine.approval_number) == 0 else maker


def new_sheet(title: str) -> tuple[Workbook, Any]:
    """A workbook and its one sheet."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    return workbook, sheet


def add_titles(sheet: Any, titles: Sequence[str], header: Sequence[str]) -> None:
    """Title rows, merged across the columns, and the header below them."""
    for title in titles:
        sheet.append([title])
        sheet.merge_cells(None, sheet.max_row, 1, sheet.max_row, len(header))
        sheet.cell(sheet.max_row, 1).alignment = Alignment(horizontal="center")
    sheet.append(list(header))


def xlsx_bytes(workbook: Workbook) -> bytes:
    """A workbook without the time of day: openpyxl stamps the properties and each member of the archive."""
    properties = workbook.properties
    properties.creator, properties.created, properties.modified = "演示数据", _ANY_INSTANT, _ANY_INSTANT
    stamped, timeless = io.BytesIO(), io.BytesIO()
    # not Workbook.save, which writes the time into the properties; the writer closes the archive
    ExcelWriter(workbook, ZipFile(stamped, "w")).save()
    with ZipFile(stamped) as source, ZipFile(timeless, "w") as target:
        for name in source.namelist():
            # a ZipInfo is of 1980 unless told; members are stored, for zlibs differ in what they compress to
            target.writestr(ZipInfo(name), source.read(name))
    return timeless.getvalue()


def csv_bytes(
    title: Sequence[str], header: str, rows: Iterable[Sequence[str]], encoding: str, delimiter: str = ","
) -> bytes:
    """Title row, header and rows as the bytes of a file with the line ends of Windows."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([title, header.split(","), *rows])
    return text.getvalue().encode(encoding)
