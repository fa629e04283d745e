"""The sample feeds of the demo, written from `medicines.csv`: `python -m connectors.sandbox.samples`.

The same facts give the same bytes: no clock, and every choice is a digest of what it is a choice about, so
that changing one medicine moves no other. Organisations, stores, prices and codes are invented.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from connectors.sandbox.common import (
    MAKERS,
    Medicine,
    add_titles,
    csv_bytes,
    draw,
    full_width,
    holder_of,
    new_sheet,
    read_medicines,
    xlsx_bytes,
)
from connectors.sandbox.drug_list_samples import drug_list_files
from connectors.sandbox.hospital_samples import hospital_files
from connectors.sandbox.inventory_samples import Shelf, inventory_files
from connectors.sandbox.lists import list_files
from connectors.sandbox.packs import pack_files
from connectors.sandbox.postal_samples import postal_files
from connectors.sandbox.procurement_samples import procurement_files
from connectors.sandbox.production_samples import production_files
from connectors.sandbox.register_samples import further_cells, register_files

CONNECTORS = Path(__file__).parents[1]

CATEGORIES = {"H": "化学药品", "S": "生物制品", "Z": "中药"}

REGISTRATION_TITLE = "演示数据：国产药品（样例）"
REGISTRATION_SUBTITLE = "演示数据：企业均为虚构，与真实持有人无关"
STORES_TITLE = "演示数据：门店（样例）"
ON_SALE_TITLE = "演示数据：在售盘点（样例）"
REGISTRATION_HEADER = (
    "批准文号,产品名称,英文名称,商品名,剂型,规格,上市许可持有人,生产单位,生产地址,"
    "产品类别,批准日期,原批准文号,药品本位码,药品本位码备注,有效期至,批准文号状态,一致性评价,国家清单药品,优先审评"
)
STORES_A_HEADER = "门店编码,门店名称,连锁企业,行政区划代码,门店地址,经度,纬度,药品经营许可证号,营业时间"
ON_SALE_A_HEADER = "门店编码,商品编码,通用名,商品名,规格,生产厂家,批准文号,条码,单位,零售价,库存"
STORES_B_HEADER = "店号,药店名称,区划代码,地址,许可证号"
ON_SALE_B_HEADER = "店号,货号,药品通用名,商品名称,商品规格,厂家,国药准字,本位码,销售单位,销售价,库存数量"

#: division code, full name, short name, about its middle (longitude, latitude), stores of each chain
PLACES = (
    ("440106", "广东省广州市天河区", "天河", "113.3612", "23.1247", "aab"),
    ("440104", "广东省广州市越秀区", "越秀", "113.2668", "23.1290", "a"),
    ("440305", "广东省深圳市南山区", "南山", "113.9304", "22.5333", "aa"),
    ("440304", "广东省深圳市福田区", "福田", "114.0550", "22.5217", "b"),
    ("440605", "广东省佛山市南海区", "南海", "113.1434", "23.0288", "b"),
    ("440802", "广东省湛江市赤坎区", "赤坎", "110.3658", "21.2660", "a"),
    # 东莞 and 中山 have no counties: the city's own code is the finest there is
    ("441900", "广东省东莞市", "东莞", "113.7518", "23.0207", "a"),
    ("442000", "广东省中山市", "中山", "113.3928", "22.5171", "a"),
    ("430102", "湖南省长沙市芙蓉区", "芙蓉", "113.0325", "28.1853", "a"),
    ("430103", "湖南省长沙市天心区", "天心", "112.9897", "28.1127", "b"),
    ("430781", "湖南省常德市津市市", "津市", "111.8775", "29.6056", "b"),
    ("433123", "湖南省湘西土家族苗族自治州凤凰县", "凤凰", "109.5990", "27.9483", "a"),
    ("120101", "天津市和平区", "和平", "117.2146", "39.1172", "a"),
    ("120119", "天津市蓟州区", "蓟州", "117.4083", "40.0459", "ab"),
    ("110102", "北京市西城区", "西城", "116.3660", "39.9123", "b"),
    ("110105", "北京市朝阳区", "朝阳", "116.4435", "39.9215", "aa"),
    ("110115", "北京市大兴区", "大兴", "116.3416", "39.7269", "b"),
)
#: digits that begin a division code → letter that begins a licence number
LICENCE_PLACES = {"44": "粤", "43": "湘", "12": "津", "11": "京"}
#: chain → its name, its brand, the form of its store codes
CHAINS = {
    "a": ("演示大药房连锁有限公司", "演示大药房", "A{:03d}"),
    "b": ("演示惠民药店连锁有限公司", "演示惠民药店", "{:04d}"),
}
#: trait of a medicine → percentage of the stores that have it; 70 where it has none
SHARE_OF_STORES = {"scarce": 40, "psychotropic": 25, "narcotic": 15}


@dataclass(frozen=True, slots=True)
class Store:
    """A store of an invented chain."""

    code: str
    name: str
    region_code: str
    address: str
    longitude: Decimal
    latitude: Decimal
    licence: str


def approved_on(medicine: Medicine) -> date:
    """An invented date of approval, not before the year in the approval number."""
    digits = medicine.approval_number[-8:]
    year = int(digits[:4]) if digits.startswith("20") else 2015
    return date(max(year, 2015), 1, 1) + timedelta(days=draw(1000, "approved", digits))


def registration_row(medicine: Medicine) -> list[str]:
    """A clean row under REGISTRATION_HEADER; the date is ISO."""
    number, codes = medicine.approval_number, medicine.standard_codes
    maker, works = MAKERS[medicine.maker]
    noted = zip(codes, medicine.specification.split("；"), strict=True)
    return [
        *(number, medicine.name_zh, medicine.name_en, medicine.trade_name_zh),
        *(medicine.dosage_form, medicine.specification),
        holder_of(medicine),
        *(maker, works, CATEGORIES[number.removeprefix("国药准字")[0]]),
        approved_on(medicine).isoformat(),
        f"卫药准字（1995）X-{9000 + medicine.index}号" if draw(6, "former", number) == 0 else "",
        "；".join(codes),
        "；".join(f"{code}[{strength}]" for code, strength in noted) if len(codes) > 1 else "",
        *further_cells(medicine),
    ]


def registration_csv(medicines: Sequence[Medicine]) -> bytes:
    """`nmpa_table.csv`: GB18030, one title row, the planted faults among messy rows."""
    ordered = sorted(medicines, key=lambda medicine: draw(1 << 32, "order", medicine.approval_number))
    rows = (
        _with_fault(_messy(registration_row(medicine), place), medicine.planted_fault)
        for place, medicine in enumerate(ordered)
    )
    return csv_bytes([REGISTRATION_TITLE], REGISTRATION_HEADER, rows, "gb18030")


def _messy(row: list[str], place: int) -> list[str]:
    number, specification, approved = row[0], row[5], row[10]
    year, month, day = approved.split("-")
    row[0] = full_width(number) if place % 9 == 4 else number
    row[3] = ("", "", "-", "无")[place % 4]
    row[5] = (specification, specification.replace(":", "∶"), full_width(specification))[place % 3]
    if place % 23 == 7:
        row[8] += "；广东省佛山市演示工业园8号"
    row[10] = (approved, f"{year}/{int(month)}/{int(day)}", year + month + day)[place // 2 % 3]
    return row


def _with_fault(row: list[str], fault: str) -> list[str]:
    match fault:
        case "seven_digit_number":
            return [row[0][:-1], *row[1:]]
        case "row_cut_short":
            return row[:4]
        case "wrong_check_digit":
            return [*row[:12], row[12][:-1] + str((int(row[12][-1]) + 1) % 10), *row[13:]]
        case _:
            return row


def registration_xlsx(medicines: Sequence[Medicine]) -> bytes:
    """`nmpa_table.xlsx`: two merged title rows; dates and some standard codes are Excel's own numbers."""
    workbook, sheet = new_sheet("国产药品")
    add_titles(sheet, (REGISTRATION_TITLE, REGISTRATION_SUBTITLE), REGISTRATION_HEADER.split(","))
    for place, medicine in enumerate(medicines):
        cells: list[str | int | date] = [*registration_row(medicine)]
        if place % 2:
            cells[10] = approved_on(medicine)
        if place % 8 == 3:
            cells[12] = int(medicine.standard_codes[0])
        sheet.append(cells)
        sheet.cell(sheet.max_row, 13).number_format = "0"
    return xlsx_bytes(workbook)


def import_jsonl(medicines: Sequence[Medicine]) -> bytes:
    """`nmpa_import.jsonl`: keys as public copies of the register have them; no room for a title."""
    lines = (
        {
            "code": medicine.approval_number,
            "product_zh": medicine.name_zh,
            "product_en": medicine.name_en,
            "commodity_zh": medicine.trade_name_zh,
            "commodity_en": medicine.trade_name_en,
        }
        for medicine in medicines
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def stores_of(chain: str) -> list[Store]:
    """The stores of a chain, numbered in the order of PLACES."""
    _, brand, code_form = CHAINS[chain]
    stands = [(place, nth) for place in PLACES for nth in range(place[5].count(chain))]
    return [
        Store(
            code=code_form.format(number),
            name=f"{brand}（{short}{'一二'[nth]}店）",
            region_code=region_code,
            address=f"{area}演示路{1 + draw(300, 'address', chain, number)}号",
            longitude=Decimal(longitude) + Decimal(draw(300, "east", chain, number) - 150) / 10000,
            latitude=Decimal(latitude) + Decimal(draw(300, "north", chain, number) - 150) / 10000,
            licence=f"{LICENCE_PLACES[region_code[:2]]}DA演示{number:04d}",
        )
        for number, ((region_code, area, short, longitude, latitude, _), nth) in enumerate(stands, start=1)
    ]


def stock_take(chain: str, medicines: Iterable[Medicine]) -> Iterator[tuple[Store, Medicine, str, int]]:
    """Store, medicine, price in yuan and packs in stock, for all that each store has on sale."""
    sold = [medicine for medicine in medicines if chain in medicine.sold_by]
    for store in stores_of(chain):
        dearer = 105 if draw(6, "dearer", chain, store.code) == 0 else 100
        for medicine in sold:
            about = (chain, store.code, medicine.index)
            if draw(100, "on sale", *about) < SHARE_OF_STORES.get(medicine.trait, 70):
                level = 94 + draw(13, "level", chain, medicine.index)
                price = Decimal(medicine.shop_price_yuan) * level * dearer / 10000
                yield store, medicine, f"{price:.2f}", _packs(medicine, *about)


def shelves_of(chain: str, medicines: Iterable[Medicine]) -> list[Shelf]:
    """The same by the store's code."""
    return [
        (store.code, medicine, price, packs) for store, medicine, price, packs in stock_take(chain, medicines)
    ]


def _packs(medicine: Medicine, *about: object) -> int:
    empty_in_ten, most = (5, 4) if medicine.trait == "scarce" else (1, 60)
    return 0 if draw(10, "empty", *about) < empty_in_ten else 1 + draw(most, "packs", *about)


def stores_a(stores: Iterable[Store]) -> bytes:
    """Stores of chain a: UTF-8 with BOM."""
    rows = (
        [
            *(store.code, store.name, CHAINS["a"][0], store.region_code, store.address),
            *(str(store.longitude), str(store.latitude), store.licence),
            "24小时" if draw(5, "hours", store.code) == 0 else "08:00-22:00",
        ]
        for store in stores
    )
    return csv_bytes([STORES_TITLE], STORES_A_HEADER, rows, "utf-8-sig")


def on_sale_a(medicines: Sequence[Medicine]) -> bytes:
    """Stock-take of chain a: GB18030, widths mixed, a padded title, three planted faults, a row of totals."""
    rows = [
        [store.code, *_spelled_by_a(medicine), price, str(packs)]
        for store, medicine, price, packs in stock_take("a", medicines)
    ]
    rows[99][9] = "面议"
    rows[299][6] = rows[299][6][:-1]
    rows.insert(199, ["A999", *rows[198][1:]])
    totals = ["合计", *[""] * 9, str(sum(int(row[10]) for row in rows))]
    return csv_bytes([ON_SALE_TITLE, *[""] * 10], ON_SALE_A_HEADER, [*rows, totals], "gb18030")


def _spelled_by_a(medicine: Medicine) -> list[str]:
    """From item code to unit; a chain keeps one list of items: each is spelled alike in all its stores."""
    index, number, spec = medicine.index, medicine.approval_number, medicine.shop_specification
    specs = (spec, full_width(spec), spec.replace("*", "×"), spec.replace(":", "∶"))
    numbers = {3: full_width(number), 5: number.replace("国药准字", "国药准字 ")}
    maker, _ = MAKERS[medicine.maker]
    return [
        *(f"{100000 + 7 * index}", medicine.name_zh, medicine.trade_name_zh, specs[index % 4]),
        maker.replace("（", "(").replace("）", ")") if index % 5 == 2 else maker,
        *(numbers.get(index % 7, number), medicine.barcode, medicine.shop_unit),
    ]


def stores_b(stores: Iterable[Store]) -> bytes:
    """Stores of chain b: GB18030, other headers, no coordinates."""
    rows = ([store.code, store.name, store.region_code, store.address, store.licence] for store in stores)
    return csv_bytes([STORES_TITLE], STORES_B_HEADER, rows, "gb18030")


def on_sale_b(medicines: Sequence[Medicine]) -> bytes:
    r"""Stock-take of chain b: UTF-8 with tabs, other headers, no barcodes, nothing written as -, 无 or \N."""
    of_number = {medicine.approval_number: medicine for medicine in medicines if medicine.file != "shop"}
    rows = (
        [store.code, *_spelled_by_b(medicine, of_number), price, str(packs)]
        for store, medicine, price, packs in stock_take("b", medicines)
    )
    return csv_bytes([ON_SALE_TITLE], ON_SALE_B_HEADER, rows, "utf-8", delimiter="\t")


def _spelled_by_b(medicine: Medicine, of_number: Mapping[str, Medicine]) -> list[str]:
    """From item code to unit; the sample of the register of imports has no standard code to agree with."""
    coded = of_number.get(medicine.code_of, medicine)
    nothing = ("-", "无", r"\N")[medicine.index % 3]
    return [
        *(f"YP{medicine.index:05d}", medicine.name_zh, medicine.trade_name_zh or nothing),
        *(medicine.shop_specification, MAKERS[medicine.maker][0], medicine.approval_number or nothing),
        nothing if coded.file in {"jsonl", "shop"} else coded.standard_codes[0],
        medicine.shop_unit,
    ]


def build() -> dict[str, bytes]:
    """Every sample file: its path under `connectors/` and its bytes."""
    medicines = read_medicines()
    of_file = {
        file: [medicine for medicine in medicines if medicine.file == file]
        for file in ("csv", "xlsx", "jsonl")
    }
    return {
        "registration/samples/nmpa_table.csv": registration_csv(of_file["csv"]),
        "registration/samples/nmpa_table.xlsx": registration_xlsx(of_file["xlsx"]),
        "registration/samples/nmpa_import.jsonl": import_jsonl(of_file["jsonl"]),
        **register_files(medicines),
        **list_files(),
        **drug_list_files(),
        **production_files(medicines),
        **pack_files(medicines),
        **inventory_files(shelves_of("a", medicines), shelves_of("b", medicines)),
        **procurement_files(medicines),
        **hospital_files(medicines),
        **postal_files(medicines),
        "pharmacy/samples/demo-chain-a/stores.csv": stores_a(stores_of("a")),
        "pharmacy/samples/demo-chain-a/on_sale.csv": on_sale_a(medicines),
        "pharmacy/samples/demo-chain-b/stores.csv": stores_b(stores_of("b")),
        "pharmacy/samples/demo-chain-b/on_sale.csv": on_sale_b(medicines),
    }


def main() -> None:
    """Write every sample file in its place."""
    for path, content in build().items():
        target = CONNECTORS / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        sys.stdout.write(f"{len(content):>7} {path}\n")


if __name__ == "__main__":
    main()
