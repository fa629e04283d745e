"""How often something is due: a cadence, the calendar behind it, and the instants that follow."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from croniter import croniter

from schema.declare import Label

_CHINA = ZoneInfo("Asia/Shanghai")


class Cadence(StrEnum):
    """How often a source has something new."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def label(self) -> Label:
        """Its name for readers."""
        return _LABELS[self]

    @property
    def calendar(self) -> str:
        """When it is due unless a manifest or a source says otherwise: cron's five fields, China time."""
        return _CALENDARS[self]


_LABELS = {
    Cadence.HOURLY: Label("每小时", "Hourly"),
    Cadence.DAILY: Label("每日", "Daily"),
    Cadence.WEEKLY: Label("每周", "Weekly"),
    Cadence.MONTHLY: Label("每月", "Monthly"),
    Cadence.QUARTERLY: Label("每季度", "Quarterly"),
    Cadence.YEARLY: Label("每年", "Yearly"),
}
#: at night, when sources have closed their day, and not on the hour, when everybody comes
_CALENDARS = {
    Cadence.HOURLY: "17 * * * *",
    Cadence.DAILY: "17 3 * * *",
    Cadence.WEEKLY: "17 3 * * 1",
    Cadence.MONTHLY: "17 3 2 * *",
    Cadence.QUARTERLY: "17 3 2 1,4,7,10 *",
    Cadence.YEARLY: "17 3 2 1 *",
}


def check_calendar(calendar: str) -> str:
    """The calendar itself. Raises ValueError unless it is cron's five fields and comes at all."""
    if len(calendar.split()) != 5 or not croniter.is_valid(calendar, strict=True):
        raise ValueError(
            f"{calendar!r} 不是 cron 的五个字段，如 '17 3 * * *' not cron's five fields, like '17 3 * * *'"
        )
    return calendar


def last_due(calendar: str, now: datetime) -> datetime:
    """The last instant, now included, at which a calendar was due."""
    minute = now.astimezone(_CHINA).replace(second=0, microsecond=0)
    if croniter.match(calendar, minute):
        return minute.astimezone(now.tzinfo)
    before: datetime = croniter(calendar, minute).get_prev(datetime)
    return before.astimezone(now.tzinfo)


def next_due(calendar: str, now: datetime) -> datetime:
    """The first instant after now at which a calendar is due."""
    after: datetime = croniter(calendar, now.astimezone(_CHINA)).get_next(datetime)
    return after.astimezone(now.tzinfo)
