"""What every fact carries beside its own fields: two time axes and where it came from."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, PrimaryKeyConstraint, text

from schema.declare import Entity, Filled, Release, declared, instant, recorded
from schema.scopes import Scope

#: the open end of a period: not ended yet, not superseded yet
OPEN_END = "infinity"


def live_now(alias: str = "") -> str:
    """The SQL condition for facts that say how the world is now, as now known."""
    dot = f"{alias}." if alias else ""
    return f"{dot}valid_to = '{OPEN_END}' AND {dot}superseded_at = '{OPEN_END}'"


def holds_by_clock(alias: str = "") -> str:
    """The SQL condition for facts that hold by the clock: so it is asked of what may be stated ahead of its time."""
    dot = f"{alias}." if alias else ""
    return f"{dot}valid_from <= now() AND {dot}valid_to > now()"


def held_now(alias: str = "") -> str:
    """The same of facts that are what the hub now knows."""
    dot = f"{alias}." if alias else ""
    return f"{dot}superseded_at = '{OPEN_END}' AND {holds_by_clock(alias)}"


def past(alias: str = "") -> str:
    """The SQL condition for all other facts: those that have ended, and those that are no longer held to be so."""
    return f"NOT ({live_now(alias)})"


def superseded() -> str:
    """The SQL condition for facts that are no longer what the hub knows."""
    return f"superseded_at < '{OPEN_END}'"


class Fact(Entity):
    """A statement with its valid time (in the world), its recorded time (when we knew) and its provenance."""

    valid_from: datetime = instant(
        "有效起",
        "Valid from",
        release=Release.OPEN,
        filled=Filled.HUB,
        note=(
            "此说法自何时起成立（以来源数据日期计）",
            "since when this holds, by the date of the source's data",
        ),
    )
    valid_to: datetime = instant(
        "有效止",
        "Valid to",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        is_open_ended=True,
        note=("空为仍然成立", "empty: still holds"),
    )
    recorded_at: datetime = recorded(
        "入库时间",
        "Recorded at",
        release=Release.OPEN,
        note=("本系统何时得知", "when the hub learned of it"),
    )
    superseded_at: datetime = recorded(
        "被取代时间",
        "Superseded at",
        release=Release.RESTRICTED,
        is_open_ended=True,
        note=("空为仍是现行记录", "empty: still what the hub knows"),
    )
    batch_id: int = declared("批次", "Batch", release=Release.OPEN, filled=Filled.HUB, scope=Scope.FEED_READ)
    row_number: int = declared(
        "行号",
        "Row number",
        release=Release.OPEN,
        filled=Filled.HUB,
        scope=Scope.FEED_READ,
        note=("在来源文件中的行号，首行为 1", "row in the source file; its first row is 1"),
    )


def fact_table(name: str, key: tuple[str, ...], *indexes: tuple[str, ...], **options: Any) -> tuple[Any, ...]:
    """Table arguments of a fact: its primary key, one live row for each key, and its indexes.

    Each index is over live rows, small whatever the history, and has a twin over the rows of the past: a question
    about a day or about what was known then reads both. By key the primary key finds the past.

    What was learned, in its order, is found by two more: what was written, and what was superseded. They have the
    first column of the key only: things share its value where a table is large, and then they are small.
    """
    live, gone, taken_back = text(live_now()), text(past()), text(superseded())
    return (
        PrimaryKeyConstraint(*key, "valid_from", "recorded_at", name=f"{name}_pkey"),
        Index(f"{name}_live", *key, unique=True, postgresql_where=live),
        *(Index(f"{name}_by_{'_'.join(columns)}", *columns, postgresql_where=live) for columns in indexes),
        *(
            Index(f"{name}_past_by_{'_'.join(columns)}", *columns, postgresql_where=gone)
            for columns in indexes
        ),
        Index(f"{name}_recorded", "recorded_at", key[0]),
        Index(f"{name}_superseded", "superseded_at", key[0], postgresql_where=taken_back),
        options,
    )
