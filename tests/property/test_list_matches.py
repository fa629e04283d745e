"""Stored matches against working them out anew: they are the same after any registrations and versions."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.config import Settings
from hub.db.migrate import upgrade
from hub.ingest import list_match_store
from hub.ingest.batches import BatchState
from hub.ingest.list_following import of_words
from hub.ingest.list_match_store import SOURCES
from schema.entities import ENTITIES
from tests.lib.drug_lists import register, substitutions, version
from tests.lib.hub import TestHub
from tests.lib.postgres import url_of

FIRST = date(2026, 1, 1)
NAMES = ("地高辛", "盐酸肾上腺素", "肾上腺素", "青霉素钠", "青霉素")
FORMS = ("", "片剂", "注射剂", "口服常释剂型", "某剂型")
STRENGTHS = ("", "0.25mg", "1ml:1mg", "适量")
NUMBERS = tuple(f"国药准字H2026000{n}" for n in range(4))

words = st.builds(
    "|".join,
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(FORMS),
        st.sampled_from(STRENGTHS),
        st.sampled_from(("", *NUMBERS)),
    ),
)
medicines = st.builds(
    "{},{}{},{},{},演示甲".format,
    st.sampled_from(NUMBERS),
    st.sampled_from(NAMES),
    st.sampled_from(("片", "注射液")),
    st.sampled_from(("片剂", "注射剂")),
    st.sampled_from(("0.25mg", "1ml:1mg", "0.25mg；0.5mg")),
)
steps = st.one_of(
    st.tuples(
        st.just("registration"), st.lists(medicines, min_size=1, max_size=3, unique_by=lambda row: row[:13])
    ),
    st.tuples(
        st.just("version"), st.tuples(st.integers(0, 5), st.lists(words, min_size=1, max_size=4, unique=True))
    ),
    st.tuples(st.just("guide"), words),
)


@pytest.fixture(scope="module")
def database(embedded: str) -> str:
    """A migrated database of this module's own."""

    async def make() -> None:
        connection = await asyncpg.connect(embedded)
        await connection.execute("CREATE DATABASE list_matches")
        await connection.close()
        await upgrade(url_of(embedded, "list_matches"))

    asyncio.run(make())
    return url_of(embedded, "list_matches")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(steps, min_size=2, max_size=6))
def test_what_is_stored_is_what_would_be_found(
    database: str, tmp_path: Path, sent: list[tuple[str, object]]
) -> None:
    """Held, late, corrected and quarantined files among them."""
    asyncio.run(_check(database, tmp_path, sent))


async def _check(database: str, folder: Path, sent: list[tuple[str, object]]) -> None:
    connection = await asyncpg.connect(database)
    try:
        hub = TestHub(Settings(data_dir=folder, database_url=database), connection)
        await connection.execute(
            f"TRUNCATE {', '.join(str(each.__tablename__) for each in ENTITIES)} CASCADE"
        )
        await connection.execute(
            "INSERT INTO feed VALUES ('registration', '', '', ''), ('drug_lists', '', '', '')"
        )
        for kind, content in sent:
            assert await _take(hub, kind, content) is not BatchState.FAILED
        for source in SOURCES:
            anew = await of_words(connection, await list_match_store.said(connection, source))
            owners, products = {each.owner for each in anew}, {each.product_id for each in anew}
            stored = await connection.fetchval(
                f"SELECT count(*) FROM {source.matches} WHERE superseded_at = 'infinity'"
            )
            assert anew == await list_match_store.believed(connection, source, list(owners), list(products))
            assert len(anew) == stored
    finally:
        await connection.close()


async def _take(hub: TestHub, kind: str, content: object) -> BatchState:
    match kind, content:
        case "registration", [*rows]:
            return (await hub.take("registration", register(*map(str, rows)))).state
        case "version", (int(place), [*named]):
            day = (FIRST + timedelta(days=30 * place)).isoformat()
            return (await hub.take("drug_lists", version([*map(str, named)], day), sender="gd")).state
        case "guide", str(named):
            name, form, *_ = named.split("|")
            text = substitutions(f"{name}|{form}|地高辛|片剂")
            return (await hub.take("drug_lists", text, sender="guide")).state
    raise AssertionError(kind)
