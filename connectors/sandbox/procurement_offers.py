"""What the sample platforms list: the same medicines, each platform under its own codes and at its own prices."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from connectors.sandbox.common import MAKERS, Medicine, draw

PROVINCE, GUANGZHOU, SHENZHEN, PUBLIC = "demo-gd", "demo-gz", "demo-sz", "demo-hn"
TITLE = "演示数据：采购平台（样例），机构、编码、价格和数量均为虚构"
PACKED = re.compile(r"\*(\d+)([片粒支丸瓶袋])")
MODES = ("挂网", "集采", "国谈", "挂网", "议价")
CENT = Decimal("0.01")
_FIRST_DAY = date(2025, 3, 1)


#: invented: the area of the code exists, the rest is nobody's
INSTITUTIONS = (
    ("H44010699001", "演示市第一医院"),
    ("H44030599002", "演示区人民医院"),
    ("H44080299003", "演示县中医院"),
    ("H44190099004", "演示镇卫生院"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A medicine as one platform lists it."""

    medicine: Medicine
    #: its place in the list, from 0
    place: int
    code: str
    ratio: int
    unit: str
    price: Decimal
    mode: str

    @property
    def pack(self) -> str:
        """What a pack is called."""
        return self.medicine.shop_unit

    @property
    def strength(self) -> str:
        """The strength, without how many are in a pack."""
        return PACKED.sub("", self.medicine.shop_specification)

    @property
    def unit_price(self) -> Decimal:
        """The price of a unit, in four places as platforms print it."""
        return (self.price / self.ratio).quantize(Decimal("0.0001"))

    @property
    def is_secret(self) -> bool:
        """A negotiated price is confidential on these platforms."""
        return self.mode == "国谈"

    @property
    def nhsa_code(self) -> str:
        """An invented 医保药品代码 of the right form, the same on every platform."""
        kind = "X" if "国药准字Z" not in self.medicine.approval_number else "Z"
        tail = f"A001{99001 + list(MAKERS).index(self.medicine.maker)}"
        index = self.medicine.index
        return f"XA00AAA{index:03d}A0010101{tail[4:]}" if kind == "X" else f"ZA00AAA{index:04d}010{tail[4:]}"

    @property
    def listed_on(self) -> date:
        """An invented day."""
        return _FIRST_DAY + timedelta(days=draw(200, "listed", self.code))


def offers(platform: str, medicines: Sequence[Medicine]) -> list[Offer]:
    """What a platform lists: every medicine whose pack is known, but for a few that differ by platform."""
    packed = [
        (medicine, found)
        for medicine in medicines
        if medicine.approval_number and (found := PACKED.search(medicine.shop_specification))
    ]
    listed = [each for each in packed if draw(8, platform, each[0].index)][:20]
    return [
        Offer(
            medicine,
            place,
            _code(platform, medicine),
            int(found[1]),
            found[2],
            (Decimal(medicine.shop_price_yuan) * (70 + draw(20, "price", platform, place)) / 100).quantize(
                CENT
            ),
            MODES[draw(len(MODES), "mode", medicine.index)],
        )
        for place, (medicine, found) in enumerate(listed)
    ]


def _code(platform: str, medicine: Medicine) -> str:
    forms = {
        PROVINCE: f"GD{200000 + 13 * medicine.index}",
        GUANGZHOU: str(70000 + medicine.index),
        SHENZHEN: f"SZ-{medicine.index:05d}",
        PUBLIC: f"HN{medicine.index:06d}",
    }
    return forms[platform]
