"""A canary in every closed and restricted column of every table: no byte of a release has one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from hub.db.snapshot import open_snapshot
from publish.release import Release, build_release
from schema.declare import Entity, EntityField, fields_of
from schema.entities import ENTITIES, Batch, Feed, Region
from schema.entities.fact import Fact
from tests.lib.hub import TestHub
from tests.lib.release_files import everything

NOW = datetime(2026, 3, 1, tzinfo=UTC)
#: what rules and joins need to be, so that rows are shown as far as they can be
_SHOWN = {
    "region_code": "440106", "province_code": "44", "match_code": "linked", "special_control_code": None,
    "availability_code": "in_stock", "price_state_code": "stated", "mode_code": "listed", "is_stopped": False,
    "state_code": "promoted", "method_code": "register", "valid_from": NOW, "recorded_at": NOW,
}  # fmt: skip
#: of what is shown these say that it holds now, or where it is kept, which the store's address says too
_FORCED = ("valid_to", "superseded_at", "province_code")
#: keys that must not be those of a row that is there
_NAMED: dict[type[Entity], dict[str, Any]] = {Feed: {"code": "canary-feed"}, Batch: {"id": 990_001}}


class Canaries:
    """Values that can be found again, each given out once."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.given: dict[str, str] = {}

    def of(self, entity: type[Entity], field: EntityField) -> Any:
        """A value for a column that is not open."""
        value, text = self._make(field, next(self._numbers))
        if text:
            self.given[f"{entity.__tablename__}.{field.name}"] = text
        return value

    def _make(self, field: EntityField, number: int) -> tuple[Any, str | None]:
        kind = field.python_type
        if kind is bool:
            return True, None
        if kind is int:
            big = field.declaration.is_id or field.declaration.is_big
            value: Any = (1_987_654_321_000_000_000 if big else 1_987_654_000) + number
        elif kind is Decimal:
            value = Decimal(87_654_321_000 + number)
        elif kind is date:
            value = date(1931, 1, 1) + timedelta(days=number)
        elif kind is datetime:
            value = datetime(1941, 1, 1, tzinfo=UTC) + timedelta(days=number)
            return value, f"{value:%Y-%m-%d}"
        else:
            value = f"canary金丝雀{number}x"
        return value, str(value)


def row_of(entity: type[Entity], canaries: Canaries) -> dict[str, Any]:
    """A row that a release shows as much of as it ever does, with a canary in whatever it must not show."""
    return {field.name: _value(entity, field, canaries) for field in fields_of(entity)}


def _value(entity: type[Entity], field: EntityField, canaries: Canaries) -> Any:
    if field.name in ("valid_to", "superseded_at") and issubclass(entity, Fact):
        return "infinity"
    if field.is_open or field.name in _FORCED:
        return _open_value(field)
    if field.name in ("feed_code", "batch_id"):
        return _open_value(field)  # these must name something that is there
    return canaries.of(entity, field)


def _open_value(field: EntityField) -> Any:
    if field.name in _SHOWN:
        return _SHOWN[field.name]
    values: dict[type, Any] = {
        int: 1, Decimal: Decimal(2), bool: True, date: date(2026, 1, 2), datetime: NOW, str: f"shown-{field.name}"
    }  # fmt: skip
    return "canary-feed" if field.name == "feed_code" else values[field.python_type]


async def insert(hub: TestHub, entity: type[Entity], row: dict[str, Any]) -> None:
    """Put a row into the store, straight into its table."""
    given = {name: value for name, value in row.items() if value != "infinity"}
    marks = ", ".join(f"${number}" for number in range(1, len(given) + 1))
    rest = {name: "'infinity'" for name in row if name not in given}
    names = ", ".join((*given, *rest))
    values = ", ".join((marks, *rest.values()))
    await hub.connection.execute(
        f"INSERT INTO {entity.__tablename__} ({names}) VALUES ({values})", *given.values()
    )


def _ordered() -> Iterator[type[Entity]]:
    """Feeds and batches first: others name them."""
    yield from (Feed, Batch)
    yield from (entity for entity in ENTITIES if entity not in (Feed, Batch))


@pytest.fixture
async def planted(hub: TestHub) -> tuple[Release, bytes, Canaries]:
    """A release of a store with a canary in every column that is not open."""
    canaries = Canaries()
    # a canary names no row of another table
    await hub.connection.execute("SET session_replication_role = replica")
    for entity in _ordered():
        if entity is not Region:
            await insert(hub, entity, row_of(entity, canaries) | _NAMED.get(entity, {}))
    async with open_snapshot(hub.connection) as snapshot:
        release = await build_release(snapshot, hub.settings.release_dir)
    return release, everything(hub.settings.release_dir / release.id), canaries


async def test_no_byte_of_a_release_has_a_canary(planted: tuple[Release, bytes, Canaries]) -> None:
    """Looked for in all files, unpacked; the open values of the same rows are there, in every table that is open."""
    release, content, canaries = planted
    assert len(canaries.given) > 200
    assert [] == [where for where, text in canaries.given.items() if text.encode() in content]
    shown = [table for table, rows in release.row_counts.items() if rows]
    assert {
        "product",
        "pharmacy",
        "local_item",
        "on_sale",
        "institution",
        "institution_item",
        "institution_medicine",
        "formulary_confirmation",
        "listing",
        "supply_notice",
        "direct_listing_price",
        "listing_price",
    } <= set(shown)
    assert b"shown-name_zh" in content
    assert "金丝雀".encode() not in content
