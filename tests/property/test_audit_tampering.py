"""Whatever somebody changes in the audit's tables, the verifier finds it; with checkpoints kept by others even if
the chain was made anew from there on and the hub's own checkpoints are gone.
"""

import asyncio
from dataclasses import dataclass

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.audit.chain import LINE_END, heads
from hub.audit.checkpoint import Checkpoint, read_checkpoint
from hub.audit.digest import SHA256
from hub.audit.signature import PublicKey, known_keys
from hub.audit.verify import Report, Verifier
from hub.audit.writer import WriterSettings
from hub.clock import system_clock
from hub.db.migrate import upgrade
from tests.lib.auditing import entry, writing
from tests.lib.postgres import url_of

relaxed = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_RECORDS = 24
_TABLES = ("audit_segment", "audit_checkpoint")


@dataclass(frozen=True)
class Lab:
    """An audit of two chains that is whole, and the checkpoints that callers saw."""

    url: str
    keys: dict[str, PublicKey]
    witnessed: list[Checkpoint]


@pytest.fixture(scope="module")
def lab(embedded: str, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Made once; each example rolls back what it did."""
    folder = tmp_path_factory.mktemp("keys")
    name = f"tampering_{folder.name.replace('-', '_')}"
    seen: list[str] = []

    async def make() -> None:
        connection = await asyncpg.connect(embedded)
        await connection.execute(f'CREATE DATABASE "{name}"')
        await connection.close()
        await upgrade(url_of(embedded, name))
        for _ in range(2):
            limits = WriterSettings(checkpoint_seconds=0.001)
            async with writing(url_of(embedded, name), folder, settings=limits) as writer:
                for number in range(_RECORDS // 3):
                    await asyncio.gather(*(writer.keep(entry(f"Q{number}-{each}")) for each in range(3)))
                    assert writer.checkpoint is not None
                    seen.append(writer.checkpoint)
            assert writer.checkpoint is not None
            seen.append(writer.checkpoint)
            await asyncio.sleep(
                1.1
            )  # chains are named by the second in which they begin: the later one is the last

    asyncio.run(make())
    return Lab(url_of(embedded, name), known_keys(folder), [*map(read_checkpoint, dict.fromkeys(seen))])


async def verify(connection: asyncpg.Connection, lab: Lab, witnessed: list[Checkpoint]) -> Report:
    """What an auditor finds."""
    return await Verifier(lab.keys, system_clock(), witnessed).verify(connection)


@dataclass(frozen=True)
class Tampering:
    """What is done to which record of which chain, and how thoroughly."""

    act: str
    chain: int
    at: float
    #: whether all digests after it are made anew, and the checkpoints in the database taken out
    is_thorough: bool


tamperings = st.builds(
    Tampering,
    st.sampled_from(["edit", "delete", "swap", "insert", "truncate", "drop segment", "drop chain"]),
    st.integers(0, 1),
    st.floats(0, 0.999),
    st.booleans(),
)


async def tamper(connection: asyncpg.Connection, what: Tampering) -> None:
    """Do it, as the owner of the tables can."""
    for table in _TABLES:
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_stays")
    chains = await connection.fetch("SELECT DISTINCT chain_id FROM audit_segment ORDER BY chain_id")
    chain = chains[what.chain]["chain_id"]
    rows = await connection.fetch(
        "SELECT * FROM audit_segment WHERE chain_id = $1 ORDER BY first_number", chain
    )
    segments = [dict(row) for row in rows]
    changed = _changed([segment["lines"].split(LINE_END) for segment in segments], what)
    if what.is_thorough:
        await connection.execute("DELETE FROM audit_checkpoint")
    await connection.execute("DELETE FROM audit_segment WHERE chain_id = $1", chain)
    head, number = segments[0]["previous"], 0
    for segment, left in zip(segments, changed, strict=False):
        lines = left
        if not lines:
            continue
        if what.is_thorough:
            # as if it had been written so: numbers, digests, ends of segments
            lines = [b'{"n":%d,%b' % (number + n, line.partition(b",")[2]) for n, line in enumerate(lines, 1)]
            segment |= {"first_number": number + 1, "last_number": number + len(lines), "previous": head}
            *_, head = heads(SHA256, head, lines)
            segment["head"], number = head, number + len(lines)
        segment["lines"] = LINE_END.join(lines)
        names = ", ".join(segment)
        marks = ", ".join(f"${n}" for n in range(1, len(segment) + 1))
        await connection.execute(f"INSERT INTO audit_segment ({names}) VALUES ({marks})", *segment.values())


def _changed(segments: list[list[bytes]], what: Tampering) -> list[list[bytes]]:
    at = int(what.at * len(segments))
    lines = segments[at]
    place = int(what.at * 997) % len(lines)
    match what.act:
        case "edit":
            lines[place] = lines[place][:-1] + b',"more":1}'
        case "delete":
            del lines[place]
        case "insert":
            lines.insert(place, lines[place])
        case "swap":
            other = segments[(at + 1) % len(segments)]
            lines[place], other[0] = other[0], lines[place]
        case "truncate":
            del segments[at:]
        case "drop segment":
            del segments[at][:]
        case "drop chain":
            segments.clear()
    return segments


@relaxed
@given(what=tamperings)
def test_every_change_is_found(lab: Lab, what: Tampering) -> None:
    """By the chain alone where the digests were not made anew, or else by what callers hold."""

    async def work() -> tuple[Report, Report]:
        connection = await asyncpg.connect(lab.url)
        try:
            transaction = connection.transaction(isolation="repeatable_read")
            await transaction.start()
            before = await verify(connection, lab, lab.witnessed)
            await tamper(connection, what)
            after = await verify(connection, lab, lab.witnessed)
            await transaction.rollback()
        finally:
            await connection.close()
        return before, after

    before, after = asyncio.run(work())
    assert [] == before.findings
    assert not after.is_whole


async def test_without_checkpoints_of_others_a_thorough_change_is_not_seen(lab: Lab) -> None:
    """Why they are handed out: this is what a chain alone cannot show."""
    connection = await asyncpg.connect(lab.url)
    try:
        transaction = connection.transaction(isolation="repeatable_read")
        await transaction.start()
        # the newest chain, for later ones hold checkpoints of those before them
        await tamper(connection, Tampering("edit", 1, 0.5, is_thorough=True))
        assert (await verify(connection, lab, [])).is_whole
        assert not (await verify(connection, lab, lab.witnessed)).is_whole
        await transaction.rollback()
    finally:
        await connection.close()


async def test_a_checkpoint_that_nobody_signed_is_found(lab: Lab) -> None:
    """A line in which a digit was changed proves nothing, and is told of."""
    text = lab.witnessed[0].text
    forged = read_checkpoint(text[:-1] + ("A" if text[-1] != "A" else "Q"))
    connection = await asyncpg.connect(lab.url)
    try:
        report = await verify(connection, lab, [forged])
    finally:
        await connection.close()
    assert ["audit.signature"] == [finding.code for finding in report.findings]
