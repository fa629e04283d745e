"""Levels against a simple model: counts and changes in whatever order give what the right order gives."""

import asyncio
from datetime import timedelta
from pathlib import Path

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.config import Settings
from hub.ingest.batches import BatchState
from tests.lib.hub import TestHub
from tests.lib.inventory import changes, nhsa
from tests.lib.samples import stock_take
from tests.property.test_history import begin_anew, day

#: what one day's file says: a count of item A1, or changes of it
Event = tuple[str, int | list[int]]
events = st.lists(
    st.tuples(st.just("count"), st.integers(0, 9))
    | st.tuples(st.just("lots"), st.integers(0, 9))
    | st.tuples(st.just("changes"), st.lists(st.integers(-3, 3).filter(bool), min_size=1, max_size=3)),
    min_size=1,
    max_size=5,
)


def text_of(number: int, event: Event) -> str:
    """The file of a day; counts are of its begin, changes of an hour later and of the day before."""
    kind, said = event
    if kind == "count":
        return stock_take(f"S1,A1,地高辛片,0.25mg,国药准字H11029007,8,{said}") + "\n" * number
    if kind == "lots":
        goods = {"medinsListCodg": "A1", "medinsListName": "地高辛片"}
        rows = [goods | {"manuLotnum": f"L{part}", "invCnt": count} for part, count in enumerate((said, 1))]
        return nhsa("S1", *rows, number=f"B{number}")
    assert isinstance(said, list)
    hours = [(day(number) + timedelta(hours=1 - 23 * (place % 2))).isoformat() for place in range(len(said))]
    return changes(
        *(
            f"S1,A1,{'入库' if by > 0 else '出库'},{abs(by)},{at},D{number}-{place}"
            for place, (by, at) in enumerate(zip(said, hours, strict=True))
        )
    )


def expected(sent: list[Event]) -> list[tuple[float | None]]:
    """The model: the last count, and what changed after it."""
    changed = [
        (day(number) + timedelta(hours=1 - 23 * (place % 2)), by)
        for number, (kind, said) in enumerate(sent)
        if kind == "changes" and isinstance(said, list)
        for place, by in enumerate(said)
    ]
    counted = [
        (day(number), said + (kind == "lots"))
        for number, (kind, said) in enumerate(sent)
        if isinstance(said, int)
    ]
    if not changed:
        return []
    if not counted:
        return [(None,)]
    at, packs = counted[-1]
    level = packs + sum(by for when, by in changed if when > at)
    return [(float(level) if level >= 0 else None,)]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), sent=events)
def test_levels_do_not_depend_on_the_order_of_files(
    database: str, tmp_path: Path, data: st.DataObject, sent: list[Event]
) -> None:
    """Late and out of order: the level is that of the model, which knows the right order only."""
    order = data.draw(st.permutations(list(enumerate(sent))))

    async def check() -> None:
        connection = await asyncpg.connect(database, server_settings={"timezone": "UTC"})
        try:
            hub = TestHub(Settings(data_dir=tmp_path, database_url=database), connection)
            await connection.execute("TRUNCATE inventory_change, stock_level, stock_lot")
            await begin_anew(hub)
            for number, event in order:
                outcome = await hub.take(
                    "pharmacy", text_of(number, event), sender="chain", as_of=day(number)
                )
                assert outcome.state is BatchState.PROMOTED
            assert expected(sent) == await hub.rows("SELECT level_packs::float FROM stock_level")
        finally:
            await connection.close()

    asyncio.run(check())
