"""The clock: read at the edge, handed on to whoever needs the time."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

#: what people mean who name a day without a zone
CHINA = ZoneInfo("Asia/Shanghai")

#: gives the present instant in UTC
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant by the machine's clock, in UTC."""
    return datetime.now(UTC)
