"""The search against the same in plain Python, on a real PostgreSQL; and its lexemes against the tokens of names."""

import asyncio
from datetime import UTC, datetime
from itertools import count

import asyncpg
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hub.ingest.search import rebuild
from schema.plan.search import After, understand
from schema.plan.search_plain import Thing, search
from schema.search import query_tokens, search_lexemes, search_tokens
from schema.search_rules import Kind
from tests.lib.searching import find

_PARTS = [
    "阿司",
    "匹林",
    "片",
    "注射用",
    "a",
    "k1",
    "aspl",
    "as",
    "si",
    "阿胶",
    "重组",
    "(Ⅱ)",
    "18AA",
    "ab-c",
]
_PARTS += ["市", "广", "44", "公司", "%_'"]
names = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=4).map("".join)
codes = st.builds("H{}".format, st.integers(20140000, 20140004)) | st.sampled_from(["H4401", "S20140001"])
texts = st.lists(
    st.sampled_from([*_PARTS, "h2014", "H20140001", "4", "440", " ", " ", "国药准字"]), max_size=4
).map("".join) | st.text(max_size=5)
INSTANT = datetime(2026, 1, 1, tzinfo=UTC)
_PERIODS = {"valid_from": INSTANT, "recorded_at": INSTANT, "batch_id": 1, "row_number": 1}


@st.composite
def worlds(draw: st.DrawFn) -> list[Thing]:
    """Some medicines, organisations and places; some share names, some have several codes."""
    number = count(1)
    medicines = st.builds(
        lambda title, english, trade, own, former: Thing(
            Kind.MEDICINE, next(number), tuple(filter(None, (title, english, trade))), (own, *former)
        ),
        names,
        st.none() | st.sampled_from(["Aspirin Tablets", "Asp k1"]),
        st.none() | names,
        codes,
        st.lists(codes, max_size=2, unique=True),
    )
    organizations = st.builds(
        lambda name, others, code: Thing(
            Kind.ORGANIZATION, next(number), (name, *sorted(others - {name})), (f"{code}{next(number):03}",)
        ),
        names,
        st.sets(names, max_size=2),
        codes,
    )
    places = st.dictionaries(st.integers(440000, 440110), names, max_size=3).map(
        lambda named: [Thing(Kind.PLACE, code, (name,), (str(code),)) for code, name in named.items()]
    )
    return [
        *draw(st.lists(medicines, max_size=6)),
        *draw(st.lists(organizations, max_size=3)),
        *draw(places),
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    world=worlds(),
    asked=st.lists(texts, min_size=1, max_size=8),
    limit=st.integers(1, 4),
    kinds=st.sets(st.sampled_from(Kind)),
)
def test_the_statement_finds_what_plain_python_finds(
    database: str, world: list[Thing], asked: list[str], limit: int, kinds: set[Kind]
) -> None:
    """The same things with the same ranks in the same order, page after page."""

    async def check() -> None:
        connection = await asyncpg.connect(database)
        try:
            await fill(connection, world)
            for text in asked:
                await compare(connection, world, text, kinds or set(Kind), limit)
        finally:
            await connection.close()

    asyncio.run(check())


async def compare(
    connection: asyncpg.Connection, world: list[Thing], text: str, kinds: set[Kind], limit: int
) -> None:
    """Compare all pages of a text."""
    after: After | None = None
    while True:
        wanted = search(world, understand(text, kinds), limit, after)
        assert wanted == await find(connection, text, kinds=kinds, limit=limit, after=after)
        if not wanted:
            return
        after = After(wanted[-1].rank, wanted[-1].id)


async def fill(connection: asyncpg.Connection, world: list[Thing]) -> None:
    """Make the database know these things, and no others."""
    await connection.execute(
        "TRUNCATE product, former_number, organization, organization_alias, region, search_thing,"
        " search_document, search_code"
    )
    for thing in world:
        await _WRITERS[thing.kind](connection, thing)
    await rebuild(connection)


async def _write_medicine(connection: asyncpg.Connection, thing: Thing) -> None:
    own, *former = thing.codes
    # every other number is a domestic one; what is no number of its own is written without the words
    number = f"国药准字{own}" if thing.id % 2 else own
    title, *others = thing.names
    row = dict(zip(("name_zh", "trade_name_zh", "trade_name_en"), (title, *others), strict=False))
    product = {
        "id": thing.id,
        "approval_number": number,
        "approval_kind_code": "H",
        "approval_origin_code": "x",
    }
    await _insert(connection, "product", product | row)
    for code in set(former):
        await _insert(
            connection,
            "former_number",
            {"former_number": code, "product_id": thing.id, "approval_number": number},
        )


async def _write_organization(connection: asyncpg.Connection, thing: Thing) -> None:
    await connection.execute(
        "INSERT INTO organization (id, uscc, name) VALUES ($1, $2, $3)",
        thing.id,
        thing.codes[0],
        thing.names[0],
    )
    for number, name in enumerate(thing.names[1:]):
        await connection.execute(
            "INSERT INTO organization_alias (id, organization_id, name, method_code) VALUES ($1, $2, $3, 'report')",
            thing.id * 10 + number,
            thing.id,
            name,
        )


async def _write_place(connection: asyncpg.Connection, thing: Thing) -> None:
    await _insert(
        connection, "region", {"code": thing.codes[0], "name": thing.names[0], "level_code": "county"}
    )


_WRITERS = {
    Kind.MEDICINE: _write_medicine,
    Kind.ORGANIZATION: _write_organization,
    Kind.PLACE: _write_place,
}


async def _insert(connection: asyncpg.Connection, table: str, row: dict[str, object]) -> None:
    row = row | _PERIODS
    marks = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}, valid_to, superseded_at) VALUES ({marks}, 'infinity', 'infinity')",
        *row.values(),
    )


@given(st.lists(names | st.sampled_from(["Aspirin Tablets", "长春"]), min_size=1, max_size=3), texts)
@example(["复方氨基酸注射液(18AA-Ⅱ)"], "18aa")
@example(["维生素K"], "k")
def test_lexemes_find_what_tokens_find(named: list[str], text: str) -> None:
    """A token of a query is among the tokens of names just when a lexeme begins with it."""
    tokens, lexemes = set(search_tokens(*named)), search_lexemes(named)
    for token in query_tokens(text):
        is_one_letter = len(token) == 1 and token.isascii()
        found = any(each == token or (not is_one_letter and each.startswith(token)) for each in lexemes)
        assert (token in tokens) == found
