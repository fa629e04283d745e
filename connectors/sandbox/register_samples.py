"""What the samples of the register say beside the medicines: events of approvals, and changes of makers' names."""

from collections.abc import Iterator, Sequence
from datetime import date

from connectors.sandbox.common import BUYER, MAKERS, Medicine, csv_bytes, draw, full_width, holder_of
from connectors.sandbox.production_samples import uscc_of

EVENTS_TITLE = "演示数据：批准事项（样例，批件号、日期和企业均为虚构）"
EVENTS_HEADER = (
    "批准文号,产品名称,事项类型,事项日期,批件号,变更后持有人,变更前持有人,原批准文号,有效期至,事项内容"
)
CHANGES_TITLE = "演示数据：企业名称变更（样例，企业和代码均为虚构）"
CHANGES_HEADER = "统一社会信用代码,原名称,现名称,变更日期"
#: an approval that no sample of the register has
UNKNOWN_NUMBER = "国药准字H20249901"


def valid_until(medicine: Medicine) -> date:
    """An invented last day of an approval that was renewed within five years."""
    return date(2027, 1, 1).replace(
        year=2027 + draw(4, "until", medicine.index), month=1 + draw(12, "month", medicine.index)
    )


def further_cells(medicine: Medicine) -> list[str]:
    """有效期至, 批准文号状态, 一致性评价, 国家清单药品, 优先审评; blank where the register says nothing."""
    is_oral = medicine.dosage_form in ("片剂", "胶囊剂")
    evaluated = ("通过", "否", "")[draw(3, "evaluated", medicine.index)] if is_oral else ""
    return [
        valid_until(medicine).isoformat(),
        "有效",
        evaluated,
        "是" if medicine.trait == "scarce" else "",
        "是" if draw(12, "priority", medicine.index) == 0 else "",
    ]


def register_files(medicines: Sequence[Medicine]) -> dict[str, bytes]:
    """Every file of this module: its path under `connectors/` and its bytes."""
    registered = [medicine for medicine in medicines if medicine.file in ("csv", "xlsx")]
    changes = (
        [uscc_of(name), f"演示药厂（{letter}）", name, f"20{10 + place}-06-01"]
        for place, (letter, (name, _)) in enumerate(list(MAKERS.items())[:4])
    )
    return {
        "registration/samples/authorization_events.csv": csv_bytes(
            [EVENTS_TITLE], EVENTS_HEADER, _with_messes([*_events(registered)]), "gb18030"
        ),
        "registration/samples/name_changes.csv": csv_bytes(
            [CHANGES_TITLE], CHANGES_HEADER, changes, "utf-8-sig"
        ),
    }


def _events(medicines: Sequence[Medicine]) -> Iterator[list[str]]:
    """The transfer of each medicine that left its maker, the renewal of one medicine in six."""
    for medicine in medicines:
        number, name, maker = medicine.approval_number, medicine.name_zh, MAKERS[medicine.maker][0]
        document = f"演2024B{medicine.index:05d}"
        if holder_of(medicine) == BUYER:
            yield [
                number,
                name,
                "持有人变更",
                "2024-06-03",
                document,
                BUYER,
                maker,
                "",
                "",
                "持有人变更为受让方",
            ]
        if draw(6, "renewed", number) == 0:
            yield [
                number,
                name,
                "再注册",
                "2024/9/2",
                document,
                "",
                "",
                "",
                valid_until(medicine).isoformat(),
                "",
            ]


def _with_messes(rows: list[list[str]]) -> list[list[str]]:
    """A number in full width, an approval that is not registered, two numbers in a cell, and a kind that is none."""
    rows[2][0] = full_width(rows[2][0])
    unknown = [UNKNOWN_NUMBER, "演示片", "批准", "20240108", "演2024S90001", *[""] * 5]
    pair = f"{rows[0][0]}/{rows[1][0].removeprefix('国药准字')}"
    both = [pair, "", "补充申请", "2024年11月5日", "演2024B90002", *[""] * 4, "变更包装规格"]
    reissued = [
        rows[3][0],
        rows[3][1],
        "换发",
        "2024-12-02",
        "演2024B90003",
        "",
        "",
        "国药准字H10959001",
        "",
        "",
    ]
    return [*rows, unknown, both, reissued, [*rows[1][:2], "改名", *rows[1][3:]]]
