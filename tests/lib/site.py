"""A small release made by the real build, and the real site of it in a process of its own."""

import socket
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa

from publish.release import CURRENT, Release, build_release
from publish.site.command import site_command, site_environment
from schema.declare import Entity, fields_of
from schema.entities import (
    ENTITIES,
    Batch,
    Feed,
    LocalItem,
    OnSale,
    Pharmacy,
    Product,
    Region,
    StandardCode,
    StockTake,
    SupplyNotice,
)
from schema.entities.fact import OPEN_END, Fact
from schema.ids import stable_id

START_UP_SECONDS = 30.0
AS_OF = "2026-11-20T02:00:00+00:00"
CONFIRMED = "2026-11-20T01:30:00+00:00"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

AMOXICILLIN = "国药准字H20190001"
METFORMIN = "国药准字H20190002"
IMPORTED = "HJ20160123"
MORPHINE = "国药准字H20190004"
#: sold in so many pharmacies that the list has a second page
ASPIRIN = "国药准字H20190005"
MANY = 53


class Store:
    """A store in memory. The release's own queries run over it, so that its rules decide what is public."""

    def __init__(self) -> None:
        self._sqlite = sqlite3.connect(":memory:")
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

    async def batches(self, query: str, schema: pa.Schema) -> AsyncIterator[pa.RecordBatch]:
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
    for number in range(1, MANY + 1):
        region = "440106" if number % 2 else "440304"
        _add_pharmacy(store, f"{sender}-a", f"A{number:03}", region, chain_name)
    _add_pharmacy(store, f"{sender}-b", "B001", "430102", chain_name)
    _add_pharmacy(store, f"{sender}-b", "B002", "440106", chain_name)
    for stopped in (METFORMIN, MORPHINE):
        _add_notice(store, stopped)
    for product in (AMOXICILLIN, ASPIRIN, MORPHINE):
        _add_item(store, f"{sender}-a", product)
    _add_item(store, f"{sender}-b", AMOXICILLIN)
    _add_shelf(store, f"{sender}-a", "A001", {AMOXICILLIN: "in_stock", MORPHINE: "in_stock"})
    _add_shelf(store, f"{sender}-b", "B001", {AMOXICILLIN: "out_of_stock"})
    _add_shelf(store, f"{sender}-b", "B002", {AMOXICILLIN: "unknown"})
    for number in range(1, MANY + 1):
        _add_shelf(store, f"{sender}-a", f"A{number:03}", {ASPIRIN: "in_stock"})
    return store


def pharmacy_id(store_code: str, sender: str = "demo-chain") -> int:
    """Identifier of a sample pharmacy."""
    return stable_id("pharmacy", f"{sender}-{store_code[0].lower()}", store_code)


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
        store.add(Region, code=code, name=name, level_code="county")


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
            OnSale, province_code="44", pharmacy_id=stable_id("pharmacy", sender, code),
            item_id=stable_id("item", sender, number), availability_code=availability, batch_id=2,
            row_number=row_number, retail_price_yuan="987.65", stock_packs="4321",
        )  # fmt: skip


async def build_sample(folder: Path, store: Store) -> Release:
    """Build the release of a store under this folder."""
    return await build_release(store, folder)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the current release of a folder in its own process; yields its address without a slash at the end."""
    port = _free_port()
    command = site_command(folder / CURRENT, "127.0.0.1", port)
    process = subprocess.Popen(command, env=site_environment(), cwd=folder)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_until_answering(base, process)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=START_UP_SECONDS)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_until_answering(base: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_UP_SECONDS
    while True:
        try:
            httpx.get(f"{base}/about", timeout=START_UP_SECONDS).raise_for_status()
        except httpx.ConnectError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the site did not start") from None
            time.sleep(0.05)
        else:
            return
