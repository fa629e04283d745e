"""`make bench-access`: the hub with its limits of rows (and all else it does), and without, taking turns."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench.figures import figure
from tests.bench.graph.__main__ import pin_database, variables_of
from tests.bench.graph.answers import require_same
from tests.bench.graph.cases import CASES, Case, Variables
from tests.bench.graph.load import put_load, require_wrk, write_bodies
from tests.bench.graph.servers import Contender, contenders
from tests.bench.graph.store import SIZES, store

#: of the graph's benchmark: those whose data departments ask for every day
ASKED = ("Q1", "Q2", "Q3", "Q4")
_CONNECTIONS = (16, 64)
#: queries that are answered at a time: of more connections than five times as many some would be told to come back
_ANSWERED = 16
#: seconds of load of one server in one round
_SECONDS = {"small": 2, "full": 4}


def main() -> None:
    """Read what to measure, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cases", nargs="+", default=ASKED)
    parser.add_argument("--connections", nargs="+", type=int, default=_CONNECTIONS)
    parser.add_argument("--folder", type=Path, default=Path("var/bench-graph"))
    asked = parser.parse_args()
    require_wrk()
    folder: Path = (asked.folder / asked.size).resolve()
    with store(folder, asked.size) as settings:
        pin_database(folder)
        with contenders(settings, ["ours", "bare"], HUB_GRAPH_CONNECTIONS=str(_ANSWERED)) as (running, token):
            for case in (case for case in CASES if case.name in asked.cases):
                variables = asyncio.run(variables_of(settings, case))
                size = require_same(running, case, variables[:3], token)
                sys.stderr.write(f"{case.name}: the same data from both, {size} bytes\n")
                for connections in asked.connections:
                    _measure(case, running, variables, token, connections, asked.runs, _SECONDS[asked.size])


def _measure(
    case: Case,
    running: list[Contender],
    variables: list[Variables],
    token: str,
    connections: int,
    runs: int,
    seconds: int,
) -> None:
    """Both in turn, each first every other time. The first round, which warms caches, does not count."""
    rates: dict[str, list[float]] = {each.name: [] for each in running}
    with tempfile.TemporaryDirectory(prefix="baogong-bench-") as name:
        bodies = Path(name) / "bodies"
        write_bodies(bodies, case.document, variables)
        for number in range(runs + 1):
            for each in running if number % 2 else reversed(running):
                load = put_load(each, each.url(case), bodies, token, connections, seconds if number else 1)
                if number:
                    rates[each.name].append(load.requests_per_second)
    told = f"{case.name}, {connections} connections"
    for name, found in rates.items():
        figure("access", told, f"{name}_requests_per_second", found)
    ratios = [one / other for one, other in zip(rates["ours"], rates["bare"], strict=True)]
    figure("access", told, "with_over_without", ratios)


if __name__ == "__main__":
    main()
