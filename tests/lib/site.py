"""A small release made by the real build, from a store in memory."""

import sqlite3
from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from publish.release import Release, build_release
from publish.shelf import Acceptance
from schema.declare import Entity, fields_of
from schema.entities import (
    ENTITIES,
    Batch,
    DrugConcept,
    DrugList,
    DrugListEntry,
    DrugListVersion,
    Feed,
    FormularyConfirmation,
    Institution,
    InstitutionItem,
    InstitutionMedicine,
    ListChange,
    Listing,
    ListMatch,
    LocalItem,
    OnSale,
    Pharmacy,
    PlatformProduct,
    Product,
    Region,
    StandardCode,
    StockTake,
    Substitution,
    SubstitutionMatch,
    SupplyNotice,
)
from schema.entities.fact import OPEN_END, Fact
from schema.ids import stable_id

AS_OF = "2026-11-20T02:00:00+00:00"
CONFIRMED = "2026-11-20T01:30:00+00:00"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

AMOXICILLIN = "国药准字H20190001"
METFORMIN = "国药准字H20190002"
IMPORTED = "HJ20160123"
MORPHINE = "国药准字H20190004"
#: two products of one concept, one of which the register flags as on the national list
DIGOXIN, DIGOXIN_OTHER = "国药准字H20190006", "国药准字H20190007"
#: sold in so many pharmacies that the list has a second page
ASPIRIN = "国药准字H20190005"
MANY = 53


class Store:
    """A store in memory. The release's own queries run over it, so that its rules decide what is public."""

    def __init__(self) -> None:
        self._sqlite = sqlite3.connect(":memory:")
        self._sqlite.create_function("now", 0, lambda: AS_OF)
        self._sqlite.create_function("date_trunc", 2, lambda _unit, instant: instant)
        for entity in ENTITIES:
            names = ", ".join(field.name for field in fields_of(entity))
            self._sqlite.execute(f"CREATE TABLE {entity.__tablename__} ({names})")

    def add(self, entity: type[Entity], **values: Any) -> None:
        """Add a row; facts are live, of batch 1, unless said otherwise."""
        if issubclass(entity, Fact):
            live = {
                "valid_from": AS_OF,
                "valid_to": OPEN_END,
                "recorded_at": AS_OF,
                "superseded_at": OPEN_END,
            }
            values = live | {"batch_id": 1, "row_number": 1} | values
        marks = ", ".join("?" * len(values))
        self._sqlite.execute(
            f"INSERT INTO {entity.__tablename__} ({', '.join(values)}) VALUES ({marks})",
            list(values.values()),
        )

    def rename(self, number: str, name: str) -> None:
        """Give a medicine another name."""
        self._sqlite.execute("UPDATE product SET name_zh = ? WHERE approval_number = ?", [name, number])

    def plant(self, canary: str, number: int) -> None:
        """Put a canary into every field that is not open, in every row that has nothing there."""
        for entity in ENTITIES:
            for field in fields_of(entity):
                value = {str: canary, int: number, Decimal: number}.get(field.python_type)
                if not field.is_open and value is not None:
                    name = entity.__tablename__
                    self._sqlite.execute(
                        f"UPDATE {name} SET {field.name} = ? WHERE {field.name} IS NULL", [value]
                    )

    def change(self, table: str, values: str, condition: str) -> None:
        """Set columns of the rows that meet a condition."""
        self._sqlite.execute(f"UPDATE {table} SET {values} WHERE {condition}")

    def forget(self, table: str) -> None:
        """Empty a table."""
        self._sqlite.execute(f"DELETE FROM {table}")

    async def batches(self, query: str, schema: pa.Schema) -> AsyncGenerator[pa.RecordBatch, None]:
        """The rows of one of the release's queries, as a snapshot of PostgreSQL would hand them over."""
        rows = self._sqlite.execute(query).fetchall()
        columns = zip(*rows, strict=True) if rows else [[] for _ in schema]
        yield pa.RecordBatch.from_arrays(
            [_typed(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
        )


def _typed(column: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Values as they lie in memory → as Arrow's; instants and dates are texts there."""
    if pa.types.is_temporal(kind):
        read = datetime.fromisoformat if pa.types.is_timestamp(kind) else date.fromisoformat
        return pa.array([value if value is None else read(value) for value in column], kind)
    if pa.types.is_boolean(kind):
        return pa.array([value if value is None else bool(value) for value in column], kind)
    return pa.array(column, kind)


def sample_store(*, sender: str = "demo-chain", chain_name: str = "演示大药房连锁有限公司") -> Store:
    """Five medicines, one of them a narcotic, two chains, and pharmacies in two provinces."""
    store = Store()
    _add_books(store, sender)
    _add_regions(store)
    _add_products(store)
    _add_concept(store)
    _add_lists(store)
    for number in range(1, MANY + 1):
        region = "440106" if number % 2 else "440304"
        _add_pharmacy(store, f"{sender}-a", f"A{number:03}", region, chain_name)
    _add_pharmacy(store, f"{sender}-b", "B001", "430102", chain_name)
    _add_pharmacy(store, f"{sender}-b", "B002", "440106", chain_name)
    for stopped in (METFORMIN, MORPHINE, DIGOXIN):
        _add_notice(store, stopped)
    for product in (AMOXICILLIN, ASPIRIN, MORPHINE):
        _add_item(store, f"{sender}-a", product)
    for product in (AMOXICILLIN, DIGOXIN_OTHER):
        _add_item(store, f"{sender}-b", product)
    _add_shelf(store, f"{sender}-a", "A001", {AMOXICILLIN: "in_stock", MORPHINE: "in_stock"})
    _add_shelf(store, f"{sender}-b", "B001", {AMOXICILLIN: "out_of_stock", DIGOXIN_OTHER: "in_stock"})
    _add_shelf(store, f"{sender}-b", "B002", {AMOXICILLIN: "unknown"})
    for number in range(1, MANY + 1):
        _add_shelf(store, f"{sender}-a", f"A{number:03}", {ASPIRIN: "in_stock"})
    _add_institutions(store)
    return store


def pharmacy_id(store_code: str, sender: str = "demo-chain") -> int:
    """Identifier of a sample pharmacy."""
    return stable_id("pharmacy", f"{sender}-{store_code[0].lower()}", store_code)


def institution_id(code: str) -> int:
    """Identifier of a sample institution."""
    return stable_id("institution", "demo-health", code)


def product_id(number: str) -> int:
    """Identifier of a sample medicine."""
    return stable_id("product", number)


def _add_books(store: Store, sender: str) -> None:
    store.add(
        Feed, code="registration", name_zh="药品注册", name_en="Medicine registration", cadence="monthly"
    )
    store.add(Feed, code="pharmacy", name_zh="药店在售", name_en="Pharmacies", cadence="daily")
    files = [("registration", "nmpa", "nmpa_table.csv"), ("pharmacy", f"{sender}-a", "on_sale.csv")]
    for id_, (feed, sender_code, file_name) in enumerate(files, 1):
        store.add(
            Batch, id=id_, feed_code=feed, sender_code=sender_code, file_name=file_name, sha256=SHA256,
            received_sha256=SHA256, received_byte_count=1,
            byte_count=482113, received_at=AS_OF, as_of=AS_OF, promoted_at=AS_OF, state_code="promoted",
            rows_read=1234, rows_promoted=1200, rows_unchanged=20, rows_quarantined=9, rows_skipped=5,
            facts_closed=3,
        )  # fmt: skip


def _add_regions(store: Store) -> None:
    names = {
        "000000": "全国", "430000": "湖南省", "430100": "长沙市", "430102": "芙蓉区",
        "440000": "广东省", "440100": "广州市", "440106": "天河区", "440300": "深圳市", "440304": "福田区",
    }  # fmt: skip
    for code, name in names.items():
        parent = (
            None
            if code == "000000"
            else next(above for above in (code[:4] + "00", code[:2] + "0000", "000000") if above != code)
        )
        store.add(Region, code=code, name=name, level_code="county", parent_code=parent)


def _add_products(store: Store) -> None:
    rows = [
        (AMOXICILLIN, "阿莫西林胶囊", "Amoxicillin Capsules", "胶囊剂", "0.25g", None),
        (METFORMIN, "盐酸二甲双胍片", "Metformin Hydrochloride Tablets", "片剂", "0.5g", None),
        (IMPORTED, "布地奈德吸入气雾剂", "Budesonide Inhalation Aerosol", "吸入气雾剂", "200μg/揿", None),
        (
            MORPHINE,
            "盐酸吗啡缓释片",
            "Morphine Hydrochloride Sustained-release Tablets",
            "片剂",
            "30mg",
            "narcotic",
        ),
        (ASPIRIN, "阿司匹林肠溶片", "Aspirin Enteric-coated Tablets", "片剂", "100mg", None),
    ]
    for row_number, (number, name, name_en, form, specification, special) in enumerate(rows, 17):
        store.add(
            Product, id=product_id(number), approval_number=number, approval_kind_code="chemical",
            approval_origin_code="imported" if number == IMPORTED else "domestic", name_zh=name, name_en=name_en,
            dosage_form=form, specification=specification, holder_name="演示制药（甲）有限公司",
            manufacturer_name="演示制药（甲）有限公司", manufacturing_address="广东省广州市演示工业园1号",
            approved_on="2019-03-12", special_control_code=special, row_number=row_number,
        )  # fmt: skip
        store.add(
            StandardCode, standard_code=f"869000010000{row_number}", product_id=product_id(number),
            note=f"{specification}×24", row_number=row_number,
        )  # fmt: skip


LIST_ID, LIST_SLUG = stable_id("drug_list", "shortage", "000000"), "shortage-000000"


def _add_lists(store: Store) -> None:
    """A list with two versions: digoxin stays, budesonide comes in, and aspirin leaves."""
    versions = {day: stable_id("drug_list_version", day) for day in ("2025-01-01", "2026-01-01")}
    store.add(
        DrugList, id=LIST_ID, kind_code="shortage", sender_code="demo-nhc", name="演示短缺药品清单",
        region_code="000000", level_code="country", version_id=versions["2026-01-01"],
    )  # fmt: skip
    for day, id_ in versions.items():
        store.add(
            DrugListVersion, id=id_, list_id=LIST_ID, effective_on=day, document_title=f"演示公告 {day}",
            document_number="演示〔2026〕1号",
        )  # fmt: skip
    moves = [
        ("地高辛", DIGOXIN, "2025-01-01", "in", "short_of_supply"),
        ("阿司匹林", ASPIRIN, "2025-01-01", "in", "low_price"),
        ("阿司匹林", ASPIRIN, "2026-01-01", "out", "market_supplied"),
        ("布地奈德", IMPORTED, "2026-01-01", "in", "small_demand"),
    ]
    for row_number, (name, number, day, direction, reason) in enumerate(moves, 3):
        entry = stable_id("drug_list_entry", name)
        words = {
            "scope_level_code": "substance",
            "name_zh": name,
            "list_id": LIST_ID,
            "row_number": row_number,
        }
        store.add(
            ListChange, id=stable_id("list_change", name, day), entry_id=entry, version_id=versions[day],
            effective_on=day, direction_code=direction, reason_code=reason, **words,
        )  # fmt: skip
        for meant in {DIGOXIN: (DIGOXIN, DIGOXIN_OTHER)}.get(number, (number,)) if direction == "in" else ():
            store.add(
                ListMatch, id=stable_id("list_match", meant), entry_id=entry, product_id=product_id(meant),
                approval_number=meant, method_code="base_name", evidence=f"名称 {name}",
            )  # fmt: skip
        if direction == "in" and name != "阿司匹林":
            store.add(DrugListEntry, id=entry, reason_code=reason, **words)
    _add_substitution(store)


def _add_substitution(store: Store) -> None:
    id_ = stable_id("substitution", "地高辛")
    store.add(
        Substitution, id=id_, sender_code="demo-guide", from_name="地高辛", to_name="二甲双胍",
        condition_text="演示条件", evidence_text="演示依据", issuer_name="演示药学会", document_title="演示指南",
        effective_on="2026-01-01",
    )  # fmt: skip
    for side, number in (("from", DIGOXIN), ("to", METFORMIN)):
        store.add(
            SubstitutionMatch, id=stable_id("substitution_match", side), substitution_id=id_, side_code=side,
            product_id=product_id(number), approval_number=number, method_code="base_name", evidence="演示",
        )  # fmt: skip


CONCEPT_ID = stable_id("concept", "地高辛", "片剂", "0.25mg")


def _add_concept(store: Store) -> None:
    """Two makers of one medicine; one has a platform's price, the other a confidential one."""
    store.add(DrugConcept, id=CONCEPT_ID, generic_name="地高辛", form_group="片剂", strength="0.25mg")
    for letter, number, price in (("乙", DIGOXIN, 0.85), ("丙", DIGOXIN_OTHER, None)):
        store.add(
            Product, id=product_id(number), approval_number=number, approval_kind_code="chemical",
            approval_origin_code="domestic", name_zh="地高辛片", name_en="Digoxin Tablets", dosage_form="片剂",
            specification="0.25mg", holder_name=f"演示制药（{letter}）有限公司", on_shortage_list=number == DIGOXIN,
            trade_name_zh=f"演示{letter}", concept_id=CONCEPT_ID, row_number=30,
        )  # fmt: skip
        id_ = stable_id("platform_product", number)
        store.add(
            PlatformProduct, id=id_, sender_code="demo-gd", product_code=number[-4:], name_zh="地高辛片",
            product_id=product_id(number), match_code="linked", row_number=7,
        )  # fmt: skip
        store.add(
            Listing, id=stable_id("listing", number), sender_code="demo-gd", platform_product_id=id_,
            mode_code="listed", price_state_code="stated" if price else "confidential", unit_price_yuan=price,
            pack_price_yuan=price and price * 100, confidential_unit_price_yuan=7654.321, row_number=7,
        )  # fmt: skip

    _add_earlier_prices(store)


def _add_earlier_prices(store: Store) -> None:
    """What was listed before: at another price, openly before it was confidential, and on a platform it has left.

    No release has the second, nor a price that is no longer believed, nor that of a narcotic.
    """
    earlier = {"valid_from": "2026-02-01T16:00:00+00:00", "valid_to": AS_OF}
    said = {"mode_code": "listed", "price_state_code": "stated", "row_number": 7}
    for number, price in ((DIGOXIN, 0.92), (DIGOXIN_OTHER, 6543.21)):
        store.add(
            Listing, id=stable_id("listing", number), sender_code="demo-gd", unit_price_yuan=price,
            platform_product_id=stable_id("platform_product", number), **earlier, **said,
        )  # fmt: skip
    for number, code, name, price, when in (
        (DIGOXIN, "HN1", "地高辛片", 0.7, earlier),
        (
            DIGOXIN,
            "HN1",
            "地高辛片",
            6543.22,
            {"valid_from": "2026-03-01T16:00:00+00:00", "superseded_at": AS_OF},
        ),
        (MORPHINE, "HN2", "盐酸吗啡缓释片", 6543.23, {}),
    ):
        id_ = stable_id("platform_product", "demo-hn", code)
        store.add(
            PlatformProduct, id=id_, sender_code="demo-hn", product_code=code, name_zh=name,
            product_id=product_id(number), match_code="linked", **when,
        )  # fmt: skip
        store.add(
            Listing, id=stable_id("listing", "demo-hn", code), sender_code="demo-hn", platform_product_id=id_,
            unit_price_yuan=price, pack_price_yuan=price * 100, **when, **said,
        )  # fmt: skip


def _add_pharmacy(store: Store, sender: str, code: str, region: str, chain_name: str) -> None:
    id_ = stable_id("pharmacy", sender, code)
    store.add(
        Pharmacy, id=id_, sender_code=sender, store_code=code, name=f"演示大药房（{code}店）",
        chain_name=chain_name, region_code=region, address=f"演示路{int(code[1:]) * 7}号",
        opening_hours="08:00-22:00", licence_number="粤DA演示0001", batch_id=2, row_number=int(code[1:]) + 1,
    )  # fmt: skip
    store.add(StockTake, pharmacy_id=id_, confirmed_at=CONFIRMED, batch_id=2)


def _add_item(store: Store, sender: str, number: str) -> None:
    store.add(
        LocalItem, id=stable_id("item", sender, number), sender_code=sender, item_code=f"I{number[-4:]}",
        name_zh="药店写的名称", specification="0.25g*24粒", manufacturer_name="演示制药（甲）有限公司",
        approval_number=number, product_id=product_id(number), match_code="linked", batch_id=2,
    )  # fmt: skip


def _add_notice(store: Store, number: str) -> None:
    store.add(
        SupplyNotice, id=stable_id("supply_notice", number), sender_code="nmpa", uscc="91999999MA0000000K",
        holder_name="演示制药（甲）有限公司", approval_number=number, specification="0.5g", notice_kind_code="stop",
        planning_code="unplanned", cause_code="substance", cause_text="与供应商纠纷", stop_on="2026-10-08",
        expected_return_on="2027-01-15", substance_supplier="演示原料药厂", product_id=product_id(number),
        match_code="linked", row_number=42,
    )  # fmt: skip


def _add_shelf(store: Store, sender: str, code: str, items: dict[str, str]) -> None:
    for row_number, (number, availability) in enumerate(items.items(), 2):
        store.add(
            OnSale, province_code="43" if code == "B001" else "44", pharmacy_id=stable_id("pharmacy", sender, code),
            item_id=stable_id("item", sender, number), availability_code=availability, batch_id=2,
            row_number=row_number, retail_price_yuan="987.65", stock_packs="4321",
        )  # fmt: skip


def _add_institutions(store: Store) -> None:
    """Two public institutions, one of which is short of digoxin, and a private one; all keep a narcotic too."""
    for number in (AMOXICILLIN, DIGOXIN, MORPHINE):
        store.add(
            InstitutionItem, id=stable_id("institution_item", number), sender_code="demo-health",
            item_code=f"YTB{number[-4:]}", name_zh="机构写的名称", specification="0.25mg",
            manufacturer_name="演示制药（乙）有限公司", product_id=product_id(number), match_code="linked", batch_id=2,
        )  # fmt: skip
    for row_number, (code, name, region, tier, is_public) in enumerate(
        (
            ("Y1", "演示第一人民医院", "440106", "tertiary", True),
            ("Y2", "演示芙蓉区医院", "430102", None, True),
            ("Y3", "演示民营医院", "440106", "secondary", False),
        ),
        2,
    ):
        store.add(
            Institution, id=institution_id(code), sender_code="demo-health", institution_code=code, name=name,
            region_code=region, tier_code=tier, is_public=is_public, address=f"演示医院路{row_number}号", batch_id=2,
            row_number=row_number,
        )  # fmt: skip
        store.add(
            FormularyConfirmation, institution_id=institution_id(code), confirmed_at=CONFIRMED, batch_id=2
        )
        for number in (AMOXICILLIN, DIGOXIN, MORPHINE):
            store.add(
                InstitutionMedicine, province_code=region[:2], institution_id=institution_id(code),
                item_id=stable_id("institution_item", number), batch_id=2, row_number=row_number,
                availability_code="few" if (code, number) == ("Y1", DIGOXIN) else "in_stock",
                sufficiency_code="short" if (code, number) == ("Y1", DIGOXIN) else "sufficient", stock_packs="4321",
            )  # fmt: skip


async def build_sample(folder: Path, store: Store, acceptance: Acceptance | None = None) -> Release:
    """Build the release of a store under this folder."""
    return await build_release(store, folder, acceptance)
