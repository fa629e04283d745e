"""Records as auditors read them: one JSON object each, in the order in which they were committed."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from hub.audit.store import segments_between

#: columns of the CSV form; what else a record holds stands in the last one, as JSON
COLUMNS = (
    "chain",
    "n",
    "at",
    "kind",
    "decision",
    "code",
    "client",
    "subject",
    "region",
    "organization",
    "transport",
    "operation",
    "document",
    "rows",
    "address",
    "ms",
)
_REST = "rest"
#: lists and objects, written as JSON
_STRUCTURED = (list, dict)

Record = dict[str, Any]


async def records_between(
    connection: asyncpg.Connection, since: datetime, until: datetime
) -> AsyncIterator[Record]:
    """The records of a time, each with its chain."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        async for _, segment in segments_between(connection, since, until):
            for line in segment.lines:
                yield {"chain": segment.chain_id, **orjson.loads(line)}


def as_json_line(record: Record) -> str:
    """One line of JSON."""
    return orjson.dumps(record).decode()


def csv_head() -> str:
    """The names of the columns."""
    return _csv_line([*COLUMNS, _REST])


def as_csv_line(record: Record) -> str:
    """One line of CSV."""
    flat = {**record.pop("who", {}), **record}
    found = [_cell(flat.pop(column, None)) for column in COLUMNS]
    return _csv_line([*found, _cell(flat) if flat else ""])


def _cell(value: Any) -> str:
    if isinstance(value, _STRUCTURED):
        return orjson.dumps(value).decode()
    text = "" if value is None else str(value)
    # a spreadsheet takes a text that begins so for a formula
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A record in the order of time: after it a page begins."""

    recorded_at: datetime
    chain_id: str
    number: int

    def __str__(self) -> str:
        return f"{self.recorded_at.isoformat()}~{self.chain_id}~{self.number}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """From its text. Raises ValueError."""
        at, chain_id, number = text.split("~")
        found = cls(datetime.fromisoformat(at), chain_id, int(number))
        if found.recorded_at.tzinfo is None or not 0 <= found.number < 1 << 62:
            raise ValueError(text)
        return found


async def page_of_records(
    connection: asyncpg.Connection, since: datetime, until: datetime, after: Place | None, most: int
) -> tuple[list[Record], Place | None]:
    """At most so many records of a time, and the place after which the next page begins, if there is more."""
    found: list[Record] = []
    last: Place | None = None
    start = since if after is None else max(since, after.recorded_at)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        async for at, segment in segments_between(connection, start, until):
            for number, line in enumerate(segment.lines, segment.first):
                place = Place(at, segment.chain_id, number)
                if after is not None and place <= after:
                    continue
                if len(found) == most:
                    return found, last
                found.append({"chain": segment.chain_id, **orjson.loads(line)})
                last = place
    return found, None
