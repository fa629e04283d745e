"""What is said alike of every kind of place that keeps medicines: pharmacies, and medical institutions."""

from datetime import datetime
from typing import Any

from schema.declare import Entity, Filled, Release, coded, declared, instant
from schema.scopes import Scope


def province() -> Any:
    """Declare in which province the place lies: what places keep is kept in one partition a province."""
    return coded("省级代码", "Province code", filled=Filled.HUB, release=Release.RESTRICTED, filterable=True)


class Confirmation(Entity):
    """When a place last confirmed all that it keeps."""

    confirmed_at: datetime = instant(
        "最近确认",
        "Last confirmed at",
        release=Release.OPEN,
        filled=Filled.HUB,
        filterable=True,
    )
    batch_id: int = declared("批次", "Batch", release=Release.OPEN, filled=Filled.HUB, scope=Scope.FEED_READ)
