"""The sample of the code list and of a register of printed codes. All codes in them are invented."""

from collections.abc import Sequence

from connectors.sandbox.common import MAKERS, Medicine, csv_bytes, full_width

CODES_TITLE = "演示数据：医保药品分类与代码（样例，代码与企业均为虚构）"
CODES_HEADER = (
    "药品代码,注册名称,商品名称,注册剂型,注册规格,"
    "最小包装数量,最小制剂单位,最小包装单位,药品企业,药品本位码,批准文号"
)
PACK_CODES_TITLE = "演示数据：条码与追溯码对照（样例，均为虚构）"
PACK_CODES_HEADER = "医保药品代码,药品名称,69码,追溯码"
#: the pack whose ratio is planted as none, and the one that bears another's bar code; places in the list
FAULTY_RATIO, REUSED = 5, 7


def nhsa_code(medicine: Medicine) -> str:
    """An invented code of the right shape: class V99VV is nobody's."""
    company = 99001 + list(MAKERS).index(medicine.maker)
    if "Z" in medicine.approval_number:
        return f"ZV99VVA{medicine.index:04d}0101{company}"
    return f"XV99VVA{medicine.index:03d}A0010101{company}"


def nhsa_codes(medicines: Sequence[Medicine]) -> bytes:
    """`nhsa_codes.csv`: GB18030, one title row; full-width strengths, one ratio that is none."""
    rows = [_row(place, medicine) for place, medicine in enumerate(_packed(medicines))]
    rows[FAULTY_RATIO][5] = "详见说明书"
    return csv_bytes([CODES_TITLE], CODES_HEADER, rows, "gb18030")


def pack_codes(medicines: Sequence[Medicine]) -> bytes:
    """`pack_codes.csv`: UTF-8 with BOM; one bar code stands on two packs."""
    barred = [medicine for medicine in _packed(medicines) if medicine.barcode]
    rows = [
        [nhsa_code(each), each.name_zh, each.barcode, f"89{each.index:05d}0000000000001"] for each in barred
    ]
    rows[REUSED][2] = rows[REUSED - 1][2]
    return csv_bytes([PACK_CODES_TITLE], PACK_CODES_HEADER, rows, "utf-8-sig")


def _packed(medicines: Sequence[Medicine]) -> list[Medicine]:
    """Registered medicines of which some shop sells a pack."""
    return [each for each in medicines if each.file in {"csv", "xlsx"} and each.shop_specification]


def _row(place: int, medicine: Medicine) -> list[str]:
    strength, _, pack = medicine.shop_specification.partition("*")
    count = "".join(character for character in pack if character.isdigit()) or "1"
    return [
        *(nhsa_code(medicine), medicine.name_zh, medicine.trade_name_zh, medicine.dosage_form),
        full_width(strength) if place % 4 == 1 else strength,
        *(count, pack.lstrip("0123456789")[:1] or medicine.shop_unit, medicine.shop_unit),
        *(MAKERS[medicine.maker][0], medicine.standard_codes[0], medicine.approval_number),
    ]


def pack_files(medicines: Sequence[Medicine]) -> dict[str, bytes]:
    """Every sample file: its path under `connectors/` and its bytes."""
    return {
        "medicine_codes/samples/nhsa_codes.csv": nhsa_codes(medicines),
        "medicine_codes/samples/pack_codes.csv": pack_codes(medicines),
    }
