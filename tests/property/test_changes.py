"""The delta feed: whoever reads it page after page misses nothing, sees nothing twice, and can replay it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.access.caller import Caller
from hub.access.clients import ClientDirectory
from hub.access.store import fetch_sealer
from hub.audit.entry import Entry, Kind, Transport
from hub.audit.port import NoAudit
from hub.config import Settings
from hub.ingest.batches import BatchState
from hub.web.engine import Asked, GraphEngine
from hub.web.writer import Desk
from schema.entities import ENTITIES
from schema.plan.changes import FACTS, ChangeKind, Span, kind_of
from schema.reach import COUNTRY
from schema.scopes import Scope
from tests.lib.hub import TestHub
from tests.lib.samples import APPROVALS, stock_take
from tests.property.test_history import begin_anew, day

OF = ["ON_SALE", "LOCAL_ITEM", "PRODUCT", "PHARMACY"]
CHANGES = """query ($of: [FactKind!]!, $since: String, $first: Int) {
  changes(of: $of, since: $since, first: $first) {
    edges { cursor node {
      kind entity recordedAt key batch { id }
      fact { __typename
        ... on OnSale { validFrom validTo stockPacks pharmacy { name } history { nodes { validFrom } } }
        ... on LocalItem { validFrom validTo nameZh matchCode product { approvalNumber } }
        ... on Product { validFrom validTo nameZh provenance(field: NAME_ZH) { rowNumber } }
        ... on Pharmacy { validFrom validTo name }
      }
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
ANYBODY = Caller(
    client_id="reader",
    scopes=frozenset(scope.value for scope in Scope),
    expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    token_id="a token",
    reach=COUNTRY,
    issuer="here",
    subject="reader",
)
relaxed = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

#: a stock-take of some items, about a day; the approvals, with one more or without; or a page that is read
actions = st.lists(
    st.one_of(
        st.tuples(
            st.just("stock"),
            st.dictionaries(st.integers(0, 3), st.integers(0, 1), min_size=1),
            st.integers(0, 9),
        ),
        st.tuples(st.just("approvals"), st.booleans(), st.integers(0, 9)),
        st.tuples(st.just("read"), st.integers(1, 30), st.just(0)),
    ),
    min_size=3,
    max_size=9,
)


def entry() -> Entry:
    """What the audit would be told."""
    return Entry(Kind.REQUEST, Transport.HUB)


class Reader:
    """Reads the feed and keeps what it saw."""

    def __init__(self, engine: GraphEngine) -> None:
        self._engine = engine
        self.since: str | None = None
        self.edges: list[Any] = []

    async def page(self, first: int) -> bool:
        """Read one page, both ways; gives whether more follow."""
        variables = {"of": OF, "since": self.since, "first": first}
        asked = Asked(CHANGES, None, variables, False)
        answer = orjson.loads((await self._engine.answer(asked, ANYBODY, entry())).body)
        prepared = self._engine._documents.prepared(CHANGES, variables)
        plain = await self._engine._execute(prepared.operation(None), asked, ANYBODY, entry())
        assert answer == orjson.loads(plain.body)
        page = answer["data"]["changes"]
        self.edges += page["edges"]
        self.since = page["pageInfo"]["endCursor"]
        more: bool = page["pageInfo"]["hasNextPage"]
        return more


def run(database: str, folder: Path, check: Callable[[TestHub, GraphEngine], Awaitable[None]]) -> None:
    """Run a check on a hub that knows one division, two approvals and one store."""

    async def work() -> None:
        pool = await asyncpg.create_pool(
            database, min_size=1, max_size=3, server_settings={"timezone": "UTC"}
        )
        async with pool, pool.acquire() as connection:
            hub = TestHub(Settings(data_dir=folder, database_url=database), connection)
            tables = ", ".join(str(entity.__tablename__) for entity in ENTITIES)
            await connection.execute(f"TRUNCATE {tables} CASCADE")
            await begin_anew(hub)

            async def nobody() -> list[Any]:
                return []

            desk = Desk(pool, hub.landing, ClientDirectory(nobody, hub.clock), hub.clock, NoAudit())
            await check(hub, GraphEngine(pool, hub.landing, desk, await fetch_sealer(connection)))

    asyncio.run(work())


async def act(hub: TestHub, number: int, action: tuple[str, Any, int]) -> None:
    """Take one file in; blank lines make its bytes its own."""
    what, content, about = action
    as_of = day(about) + timedelta(minutes=number)
    if what == "stock":
        told = content | {100 + item: 1 for item in range(12)}
        rows = [
            f"S1,A{item},地高辛片,0.25mg,国药准字H1102900{7 + item % 2},8,{stock}"
            for item, stock in told.items()
        ]
        text, feed = stock_take(*rows), "pharmacy"
    else:
        more = "国药准字H11029008,地高辛片,0.125mg\n" if content else ""
        text, feed = APPROVALS + more, "registration"
    sender = "chain" if feed == "pharmacy" else None
    outcome = await hub.take(feed, text + "\n" * number, sender=sender, as_of=as_of)
    assert outcome.state in (BatchState.PROMOTED, BatchState.HELD)


@relaxed
@given(drawn=actions)
def test_pages_read_between_ingests_join(database: str, tmp_path: Path, drawn: list[Any]) -> None:
    """Read across any ingests, compiled and field by field, the feed is what one reads of it in the end."""

    async def check(hub: TestHub, engine: GraphEngine) -> None:
        reader = Reader(engine)
        for number, action in enumerate(drawn):
            if action[0] == "read":
                await reader.page(action[1])
            else:
                await act(hub, number, action)
        while await reader.page(17):
            pass
        anew = Reader(engine)
        while await anew.page(100):
            pass
        assert reader.edges == anew.edges
        cursors = [edge["cursor"] for edge in reader.edges]
        assert len(set(cursors)) == len(cursors)
        assert replayed(reader.edges) == await live(hub)

    run(database, tmp_path, check)


def replayed(edges: list[Any]) -> dict[tuple[str, ...], str]:
    """What stands in the end, for whoever applied every change: since when each thing holds."""
    state = {}
    for edge in edges:
        change = edge["node"]
        thing = (change["entity"], *change["key"])
        if change["fact"] is not None and change["fact"]["validTo"] is None:
            state[thing] = change["fact"]["validFrom"]
        else:
            state.pop(thing, None)
    return state


async def live(hub: TestHub) -> dict[tuple[str, ...], str]:
    """What the graph says holds now."""
    found: dict[tuple[str, ...], str] = {}
    for name in OF:
        entity = FACTS[name]
        keys = ", ".join(f"{column}::text" for column in entity.about.key)
        rows = await hub.rows(
            f"SELECT valid_from, {keys} FROM {entity.__tablename__}"
            " WHERE valid_to = 'infinity' AND superseded_at = 'infinity'"
        )
        found |= {(name, *key): since.isoformat() for since, *key in rows}
    return found


DAY = timedelta(days=1)
FROM = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, Span(FROM, None), ChangeKind.NEW),
        (Span(FROM, FROM + DAY), Span(FROM + DAY, None), ChangeKind.NEW),
        (Span(FROM, None), Span(FROM + DAY, None), ChangeKind.CHANGED),
        (Span(FROM, None), Span(FROM, FROM + DAY), ChangeKind.ENDED),
        (Span(FROM, None), None, ChangeKind.WITHDRAWN),
        (Span(FROM, None), Span(FROM, None), ChangeKind.CORRECTED),
        (Span(FROM, FROM + DAY), Span(FROM, None), ChangeKind.CORRECTED),
        (Span(FROM, FROM + DAY), Span(FROM, FROM + 2 * DAY), ChangeKind.CORRECTED),
    ],
)
def test_kinds_follow_from_the_latest_period(
    before: Span | None, after: Span | None, kind: ChangeKind
) -> None:
    """Each kind, by what was known before and after."""
    assert kind is kind_of(before, after)
