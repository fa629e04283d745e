"""`make kill-anywhere`: SIGKILL at random moments over all steps; each time the state must end as if undisturbed."""

import argparse
import asyncio
import json
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from connectors.sandbox.http_source import HttpSource
from hub.cli.runtime import prepare_database
from tests.durability.lab import Lab, Told
from tests.durability.sequence import Command, Size, write_sequence
from tests.lib.hub import START, TestClock
from tests.lib.server import running
from tests.lib.sources import approvals, http_entry, write_sources

FULL = Size(stores=12, items=200)
#: of the kills, those that hit the database server itself
SERVER_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """One command's run that nobody disturbed."""

    told: list[Told]
    seconds: float
    digest: str


@dataclass(frozen=True, slots=True)
class Plan:
    """When to kill: after the n-th step that is told, so many seconds later."""

    command: int
    after: int
    delay: float
    hits_server: bool


@dataclass(frozen=True, slots=True)
class Killed:
    """What a kill hit, and whether all was well in the end."""

    plan: Plan
    #: the step that was going on; `digest`: the hub had finished before
    step: str
    found: str | None
    expected: str

    @property
    def is_well(self) -> bool:
        """Whether the state is that of an undisturbed run, and nothing is missing."""
        return self.found == self.expected


def plans(runs: list[Undisturbed], kills: int, chance: random.Random) -> Iterator[Plan]:
    """Moments to kill at: every other uniform over all the time, the rest over the kinds of steps."""
    occurrences: dict[str, list[tuple[int, int]]] = {}
    for command, run in enumerate(runs):
        for number, told in enumerate(run.told):
            occurrences.setdefault(told.step, []).append((command, number))
    kinds = sorted(occurrences)
    for kill in range(kills):
        if kill % 2:
            command, after = chance.choice(occurrences[kinds[kill // 2 % len(kinds)]])
        else:
            spans = [
                (_span(run, number), command, number)
                for command, run in enumerate(runs)
                for number in range(len(run.told))
            ]
            _, command, after = chance.choices(spans, [span for span, _, _ in spans])[0]
        delay = chance.uniform(0, _span(runs[command], after))
        yield Plan(command, after, delay, chance.random() < SERVER_SHARE)


def _span(run: Undisturbed, number: int) -> float:
    """Seconds that a step took."""
    ends = [told.at for told in run.told[1:]] + [run.seconds]
    return ends[number] - run.told[number].at


class Worker:
    """Kills hubs in a lab of its own."""

    def __init__(self, folder: Path, commands: list[Command], source_url: str, source: HttpSource) -> None:
        self.lab = Lab(folder)
        self._commands = commands
        self._entry = http_entry(source_url, source)
        self.runs: list[Undisturbed] = []

    def prepare(self) -> None:
        """Make the first state; one worker at a time, for Alembic knows only one migration in a process."""
        self.lab.make_first()
        write_sources(self.lab.data("state_0"), self._entry)
        asyncio.run(self._prepare())

    def run_undisturbed(self) -> None:
        """Run all commands, keeping the state before each."""
        for number, command in enumerate(self._commands):
            before, after = f"state_{number}", f"state_{number + 1}"
            self.lab.copy(before, after)
            hub = self.lab.hub()
            hub.give(command, self.lab.data(after), self.lab.url(after))
            hub.end()
            if hub.digest is None:
                raise SystemExit(f"{command.name} fails undisturbed: {self.lab.folder / 'hubs.log'}")
            *told, digesting = hub.told
            self.runs.append(Undisturbed(told, digesting.at, hub.digest))

    def kill(self, plan: Plan) -> Killed:
        """Kill once as planned, start again, and compare."""
        command, expected = self._commands[plan.command], self.runs[plan.command].digest
        with self.lab.trial(plan.command) as name:
            hub = self.lab.hub()
            hub.give(command, self.lab.data(name), self.lab.url(name))
            for _ in range(plan.after + 1):
                hub.listen()
            time.sleep(plan.delay)
            if plan.hits_server:
                self.lab.kill_server()
            else:
                hub.kill()
            hub.end()
            step = hub.told[-1].step
            again = self.lab.hub()
            again.give(command, self.lab.data(name), self.lab.url(name))
            again.end()
        return Killed(plan, step, again.digest, expected)

    async def _prepare(self) -> None:
        settings = self.lab.settings("state_0")
        clock = TestClock(START - timedelta(days=1))
        await prepare_database(settings, self.lab.url("state_0"), clock)


def kill_many(folder: Path, commands: list[Command], kills: int, workers: int, seed: int) -> Iterator[Killed]:
    """Kill so many times, sharing the work."""
    source = HttpSource(approvals(60))
    with running(source.app()) as url, ThreadPoolExecutor(workers) as pool:
        staff = [
            Worker(_made(folder / f"worker{number}"), commands, url, source) for number in range(workers)
        ]
        try:
            for worker in staff:
                worker.prepare()
            list(pool.map(Worker.run_undisturbed, staff))
            # the moments are the first worker's; each compares with its own undisturbed run
            todo = iter(list(plans(staff[0].runs, kills, random.Random(seed))))
            lock, done = threading.Lock(), []

            def work(worker: Worker) -> None:
                while True:
                    with lock:
                        plan = next(todo, None)
                    if plan is None:
                        return
                    done.append(worker.kill(plan))

            list(pool.map(work, staff))
            yield from done
        finally:
            for worker in staff:
                worker.lab.close()


def _made(folder: Path) -> Path:
    folder.mkdir()
    folder.chmod(0o755)
    return folder


def main() -> None:
    """Kill, report by step, and end with one JSON line; status 1 if any state came out otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kill-anywhere-") as folder:
        Path(folder).chmod(0o755)
        commands = write_sequence(_made(Path(folder) / "files"), FULL)
        kills = list(kill_many(Path(folder), commands, options.kills, options.workers, options.seed))
    wrong = [kill for kill in kills if not kill.is_well]
    for kill in wrong:
        print(f"state differs: {kill}")  # noqa: T201
    steps = Counter(kill.step for kill in kills)
    print(  # noqa: T201
        json.dumps(
            {
                "kills": len(kills),
                "same_state": len(kills) - len(wrong),
                "of_database_server": sum(kill.plan.hits_server for kill in kills),
                "by_step": dict(sorted(steps.items())),
                "seconds": round(time.monotonic() - began),
                "seed": options.seed,
            }
        )
    )
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
