"""Packs (最小包装) and units (最小制剂单位) of a medicine, and how many units a pack holds (转换比). Decimals only.

    unit quantity = pack quantity × ratio        unit price = pack price ÷ ratio

Here and nowhere else. Given figures stay as given, a missing one is derived, neither stays unknown; derived ones are
rounded to six decimals, half to even. Given figures that disagree by more than 1 % are an error, never mended.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from enum import StrEnum

from schema.names import name_key

#: of the given pack figure; so much may two given figures disagree, for prices are printed rounded
TOLERANCE = Decimal("0.01")
#: units in a pack; nothing that is sold holds more
MOST_UNITS = Decimal(100_000)
#: the columns that keep the figures have 14 digits before the point and 6 behind it
_STEP = Decimal("0.000001")
_LIMIT = Decimal(10) ** 14
#: digits enough for the product of any two figures
_PRECISION = 60


class PackUnitError(ValueError):
    """Figures of packs and units that cannot be: a stable code, and what is wrong in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.hint_zh = zh
        self.hint_en = en


class Basis(StrEnum):
    """What a stated quantity counts."""

    PACK = "pack"
    UNIT = "unit"
    #: nobody said
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pair:
    """One amount, or one price, by the pack and by the unit; None where it is not known."""

    pack: Decimal | None
    unit: Decimal | None


_PACK_WORDS = frozenset(
    ("最小包装", "最小包装单位", "最小销售包装", "最小销售包装单位", "销售包装", "包装", "包装单位")
)
_UNIT_WORDS = frozenset(("最小制剂单位", "最小制剂", "最小单位", "制剂单位", "最小计量单位"))


def check_ratio(ratio: Decimal) -> Decimal:
    """Units in a pack, above 0 and at most 100,000. PackUnitError `cell.conversion_ratio`."""
    if not 0 < ratio <= MOST_UNITS:
        raise PackUnitError(
            "cell.conversion_ratio",
            f"转换比是一个最小包装所含最小制剂单位数，应大于 0、不超过 {MOST_UNITS}",
            f"the conversion ratio counts the units in a pack: above 0, at most {MOST_UNITS}",
        )
    return ratio


def quantities(pack: Decimal | None, unit: Decimal | None, ratio: Decimal | None) -> Pair:
    """A quantity in packs and in units. PackUnitError `row.pack_unit`, `cell.conversion_ratio`, `cell.absurd`."""
    if ratio is None:
        return Pair(pack, unit)
    check_ratio(ratio)
    with localcontext(prec=_PRECISION):
        if pack is not None and unit is not None:
            _agree(pack * ratio, unit, f"{_plain(pack)} × {_plain(ratio)}")
        elif pack is not None:
            unit = _rounded(pack * ratio)
        elif unit is not None:
            pack = _rounded(unit / ratio)
    return Pair(pack, unit)


def prices(pack: Decimal | None, unit: Decimal | None, ratio: Decimal | None) -> Pair:
    """A price for a pack and for a unit. PackUnitError as of `quantities`."""
    if ratio is None:
        return Pair(pack, unit)
    check_ratio(ratio)
    with localcontext(prec=_PRECISION):
        if pack is not None and unit is not None:
            _agree(pack / ratio, unit, f"{_plain(pack)} ÷ {_plain(ratio)}")
        elif pack is not None:
            unit = _rounded(pack / ratio)
        elif unit is not None:
            pack = _rounded(unit * ratio)
    return Pair(pack, unit)


def basis_of(
    word: str | None, pack_name: str | None, unit_name: str | None, ratio: Decimal | None = None
) -> Basis:
    """What a quantity with this unit word counts of a product whose pack and unit are called so.

    A word that is neither raises PackUnitError `row.quantity_unit`; no word, or a product of which
    too little is known, is UNKNOWN. Where both have one name the ratio 1 decides that it does not matter.
    """
    if word is None:
        return Basis.UNKNOWN
    key = name_key(word)
    if key in _PACK_WORDS or key in _UNIT_WORDS:
        return Basis.PACK if key in _PACK_WORDS else Basis.UNIT
    is_pack = pack_name is not None and key == name_key(pack_name)
    is_unit = unit_name is not None and key == name_key(unit_name)
    if is_pack and is_unit:
        return Basis.PACK if ratio == 1 else Basis.UNKNOWN
    if pack_name is None or unit_name is None:
        # what the one name says holds only if the other is known to be another
        return Basis.UNKNOWN
    if is_pack or is_unit:
        return Basis.PACK if is_pack else Basis.UNIT
    raise PackUnitError(
        "row.quantity_unit",
        f"单位“{word}”既不是该产品的最小包装（{pack_name}），也不是最小制剂单位（{unit_name}）",
        f"the unit {word} is neither this product's pack ({pack_name}) nor its unit ({unit_name})",
    )


def _agree(expected: Decimal, given: Decimal, worked_out: str) -> None:
    if abs(expected - given) > TOLERANCE * abs(expected):
        worked_out, as_given = f"{worked_out} = {_plain(expected)}", _plain(given)
        raise PackUnitError(
            "row.pack_unit",
            f"最小包装与最小制剂两个数相差超过 1%：按转换比应为 {worked_out}，所给为 {as_given}",
            f"the figures for pack and unit disagree by more than 1 %: {worked_out}, but given is {as_given}",
        )


def _rounded(value: Decimal) -> Decimal:
    if abs(value) >= _LIMIT:
        raise PackUnitError("cell.absurd", "换算后的数大得不可能", "the figure worked out of it cannot be")
    return value.quantize(_STEP, ROUND_HALF_EVEN)


def _plain(value: Decimal) -> str:
    """A figure for people: at most six decimals, no idle zeros."""
    return f"{value.quantize(_STEP, ROUND_HALF_EVEN).normalize():f}"
