"""`make bench-graph`: our graph, also bare, hand-written SQL, PostGraphile, mercurius and a naive server in turns."""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from hub.config import Settings
from tests.bench.figures import figure
from tests.bench.graph.answers import require_same
from tests.bench.graph.cases import CASES, Case, Variables
from tests.bench.graph.load import Load, put_load, require_wrk, write_bodies
from tests.bench.graph.servers import Contender, contenders, cores
from tests.bench.graph.store import SIZES, store

NAMES = ["ours", "bare", "hand_sql", "postgraphile", "mercurius", "naive"]
#: the hub as it is, and without limits of rows and audit, which the others do not have either
_OURS = ("ours", "bare")
#: seconds of load of one contender in one round
_SECONDS = {"small": 1, "full": 3}
_CONNECTIONS = (1, 16)
#: asked on one connection only: on 16 its answers take many seconds, and its pool of connections gives up
_ONE_BY_ONE = ("naive",)
#: sets of variables whose answers are compared before the load
_COMPARED = 3


def main() -> None:
    """Read what to measure, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cases", nargs="+", default=[case.name for case in CASES])
    parser.add_argument("--contenders", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--connections", nargs="+", type=int, default=_CONNECTIONS)
    parser.add_argument("--folder", type=Path, default=Path("var/bench-graph"))
    asked = parser.parse_args()
    require_wrk()
    cases = [case for case in CASES if case.name in asked.cases]
    folder: Path = (asked.folder / asked.size).resolve()
    with store(folder, asked.size) as settings:
        pin_database(folder)
        with contenders(settings, asked.contenders) as (running, token):
            for case in cases:
                variables = asyncio.run(variables_of(settings, case))
                askers = _askers(running, case)
                bench = Bench(case, askers, variables, token, _SECONDS[asked.size], asked.runs)
                bench.measure(asked.connections)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is asked what, under the name of the figures."""

    name: str
    contender: Contender
    document: str


def _askers(running: list[Contender], case: Case) -> list[Asker]:
    """All contenders that have an answer to the case; and us, asked the same in an ordinary way."""
    found = [(each.name, each, each.document(case)) for each in running]
    found.append(("plain", running[0], case.plain))
    return [Asker(name, each, document) for name, each, document in found if document is not None]


class Bench:
    """One case, asked of all contenders that have an answer to it."""

    def __init__(
        self, case: Case, askers: list[Asker], variables: list[Variables], token: str, seconds: int, runs: int
    ) -> None:
        self._case = case
        self._askers = askers
        self._variables = variables
        self._token = token
        self._seconds = seconds
        self._runs = runs

    def measure(self, connections: tuple[int, ...]) -> None:
        """Compare the answers, then the speeds, and print."""
        asked = [each.contender for each in self._askers if each.name != "plain"]
        size = require_same(asked, self._case, self._variables[:_COMPARED], self._token)
        sys.stderr.write(f"{self._case.name}: the same data from all, {size} bytes\n")
        with tempfile.TemporaryDirectory(prefix="baogong-bench-") as name:
            bodies = {each.name: Path(name) / each.name for each in self._askers}
            for each in self._askers:
                write_bodies(bodies[each.name], each.document, self._variables)
            for count in connections:
                askers = [each for each in self._askers if each.name not in _ONE_BY_ONE or count == 1]
                self._print(count, self._rounds(askers, count, bodies))

    def _rounds(
        self, askers: list[Asker], connections: int, bodies: dict[str, Path]
    ) -> dict[str, list[Load]]:
        """All in turn, again and again. The first round, which warms caches, does not count."""
        loads: dict[str, list[Load]] = {each.name: [] for each in askers}
        for number in range(self._runs + 1):
            for each in askers:
                seconds = self._seconds if number else min(1, self._seconds)
                url, body = each.contender.url(self._case), bodies[each.name]
                load = put_load(each.contender, url, body, self._token, connections, seconds)
                if number:
                    loads[each.name].append(load)
        return loads

    def _print(self, connections: int, loads: dict[str, list[Load]]) -> None:
        """Each of our runs against the run of each other contender in the same round."""
        case = f"{self._case.name}, {connections} connection{'s' if connections > 1 else ''}"
        for name, theirs in loads.items():
            rate = [load.requests_per_second for load in theirs]
            figure("graph", case, f"{name}_requests_per_second", rate)
            for our in (each for each in _OURS if each in loads and name not in _OURS):
                pairs = list(zip(loads[our], theirs, strict=True))
                ratios = [mine.requests_per_second / other.requests_per_second for mine, other in pairs]
                figure("graph", case, f"{our}_over_{name}", ratios)
                if name == "hand_sql":
                    cpu = [mine.cpu_seconds_per_request / its.cpu_seconds_per_request for mine, its in pairs]
                    figure("graph", case, f"{our}_cpu_over_{name}", cpu)


async def variables_of(settings: Settings, case: Case) -> list[Variables]:
    """What the case asks for, from the data itself."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        return [dict(row) for row in await connection.fetch(case.asked)]
    finally:
        await connection.close()


def pin_database(folder: Path) -> None:
    """Keep PostgreSQL, and every backend it will start, off the server's core."""
    postmaster = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text("utf-8").split()[0]))
    for each in (postmaster, *postmaster.children()):
        each.cpu_affinity([cores().rest])


if __name__ == "__main__":
    main()
