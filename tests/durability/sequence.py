"""What the hub is told to do, one command after the other: several feeds, faults, a late file, a hold, a release."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hub.cli.demo import SAMPLES
from tests.bench.stock_takes import write_approvals, write_stores
from tests.lib.hub import START
from tests.lib.samples import stock_take

CHAIN = "kill-chain"


@dataclass(frozen=True, slots=True)
class Command:
    """One command as its user would give it, at the instant that the hub's clock shows then."""

    name: str
    #: ingest, decide, pull or publish
    what: str
    now: datetime
    #: feed, sender, path and as_of of each file
    files: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Size:
    """How much the chain sends."""

    stores: int
    items: int


def write_sequence(folder: Path, size: Size) -> list[Command]:
    """Write the files into the folder; gives the commands that take them in."""
    write_approvals(folder / "approvals.csv", size.items)
    write_stores(folder / "all_stores.csv", size.stores)
    header, *stores = (folder / "all_stores.csv").read_text("utf-8").splitlines(keepends=True)
    # the last store is sent when its rows are in quarantine already
    (folder / "stores.csv").write_text(header + "".join(stores[:-1]), "utf-8")
    for name, day, change in (
        ("day1", 1, _faulty),
        ("day2", 2, _as_they_are),
        ("day3", 3, _faulty),
        ("corrected", 3, _as_they_are),
        ("truncated", 5, lambda rows: rows[: len(rows) // 2]),
    ):
        (folder / f"{name}.csv").write_text(stock_take(*change(_rows(size, day))), "utf-8")
    return _commands(folder)


def _commands(folder: Path) -> list[Command]:
    """The commands in their order; the second day's file comes after the third's."""
    production = SAMPLES / "production" / "samples"
    told = [
        (
            "registration",
            [
                _file("registration", SAMPLES / "registration" / "samples" / "nmpa_table.csv", 0),
                _file("registration", folder / "approvals.csv", 0),
            ],
        ),
        (
            "lists",
            [
                _file(feed, SAMPLES / feed / "samples" / f"{feed}.csv", 0)
                for feed in ("essential_medicines", "insurance_list")
            ],
        ),
        (
            "production",
            [
                _file("production", production / name, 0)
                for name in ("monthly_report.xlsx", "monthly_report.json", "notices.jsonl")
            ],
        ),
        ("stores", [_file("pharmacy", folder / "stores.csv", 0)]),
        ("day1", [_file("pharmacy", folder / "day1.csv", 1)]),
        ("day3", [_file("pharmacy", folder / "day3.csv", 3)]),
        ("late", [_file("pharmacy", folder / "day2.csv", 2)]),
        ("corrected", [_file("pharmacy", folder / "corrected.csv", 4)]),
        ("new_store", [_file("pharmacy", folder / "all_stores.csv", 4)]),
        ("held", [_file("pharmacy", folder / "truncated.csv", 5)]),
        ("decide", []),
        ("pull", []),
        ("publish", []),
    ]
    return [
        Command(name, "ingest" if files else name, START + timedelta(days=10, minutes=number), files)
        for number, (name, files) in enumerate(told)
    ]


def _file(feed: str, path: Path, day: int) -> dict[str, Any]:
    sender = CHAIN if feed == "pharmacy" else "demo-sender"
    return {"feed": feed, "sender": sender, "path": str(path), "as_of": START + timedelta(days=day)}


def _rows(size: Size, day: int) -> list[str]:
    """A day's stock-take: from day to day some counts change and some items are gone."""
    return [
        f"S{store:05},A{item:06},演示药{item}片,{item % 50 + 1}mg,国药准字H{20000000 + item},8.5,"
        f"{(store * 31 + item * 17 + (day if item % 9 == 0 else 0)) % 200}"
        for store in range(size.stores)
        for item in range(size.items)
        if (store + item) % 40 != day
    ]


def _faulty(rows: list[str]) -> list[str]:
    """Every fiftieth row has a count that is no number, and the first comes again with another count."""
    spoilt = [f"{row}件" if number % 50 == 7 else row for number, row in enumerate(rows)]
    return [*spoilt, f"{rows[0]}1"]


_as_they_are: Callable[[list[str]], list[str]] = list
