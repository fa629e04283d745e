"""Statements of the graph find their rows by indexes: no fact table is read whole for what is asked every day."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from schema.declare import Entity, Relation
from schema.entities import ENTITIES, Fact, entity_named
from schema.plan.conditions import joins_of
from schema.plan.nodes import NOW, All, Source, Times, complete_order
from schema.plan.sql.rows import in_order, rows_of
from schema.plan.sql.text import Row, Writer
from schema.plan.values import Constant, Pass
from schema.policies import GRAPH_ROLE
from schema.reach import COUNTRY, Reach, Sight, owners_of
from tests.lib.databases import TEMPLATE, OwnDatabase, Templates
from tests.lib.graph_bulk import fill
from tests.lib.graph_engines import DOCUMENTS
from tests.lib.graph_rows import drop_checks

#: tables of facts; of those in parts, the part that has rows
FACTS = frozenset(str(entity.__tablename__) for entity in ENTITIES if issubclass(entity, Fact)) | {
    "on_sale__p44"
}

#: what is asked every day, each with variables
HOT: dict[str, tuple[str, dict[str, Any]]] = {
    "a medicine by its number, with listings": (
        (
            "query($n: String!) { product(approvalNumber: $n) { nameZh standardCodes { nodes { standardCode } }"
            " platformProducts { nodes { productCode listings { nodes { packPriceYuan } } } } } }"
        ),
        {"n": "国药准字H20000001"},
    ),
    "medicines by the beginning of their name, with pages in pages": (
        (
            "query($w: String!) { products(first: 5, orderBy: [{field: NAME_ZH}], filter: {nameZh: {startsWith: $w}})"
            " { edges { cursor node { nameZh standardCodes(first: 2) { nodes { standardCode } }"
            " platformProducts(first: 2) { nodes { listings(first: 2) { nodes { packPriceYuan } } } } } }"
            " pageInfo { hasNextPage endCursor } } }"
        ),
        {"w": "x12"},
    ),
    "pharmacies of a city, with what they have on sale": (
        (
            "query($c: String!) { pharmacies(first: 3, filter: {regionCode: {within: $c}}) { nodes { name"
            " onSale(first: 3) { nodes { retailPriceYuan item { itemCode product { nameZh } } } } } } }"
        ),
        {"c": "440105"},
    ),
    "groups of one product's listings": (
        (
            "query($n: String!) { product(approvalNumber: $n) { platformProducts(first: 2) { nodes { listings(first: 2)"
            " { groups(by: [MODE]) { nodes { key { mode } aggregate { packPriceYuan { median } } } } } } } } }"
        ),
        {"n": "国药准字H20000001"},
    ),
    "history of a medicine": (
        (
            "query($n: String!) { product(approvalNumber: $n) { history { nodes { validFrom nameZh } }"
            " provenance(field: NAME_ZH) { rowNumber } } }"
        ),
        {"n": "国药准字H20000001"},
    ),
}


REACHES = (COUNTRY, Reach("440100"), Reach(None, owners_of(["sender:chain-a"])))
DIRECTIONS = [(entity, relation) for entity in ENTITIES for relation in entity.about.relations]
INSTANTS = {
    "now": NOW,
    "past": Times(as_of=Constant(datetime(2026, 1, 15, tzinfo=UTC))),
    "known": Times(known_at=Constant(datetime(2026, 4, 1, tzinfo=UTC))),
}


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """The loop in which all is asked."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def filled(embedded: str, templates: Templates, loop: asyncio.Runner) -> Iterator[asyncpg.Connection]:
    """A database with many rows of everything, whose plans are made as the graph's role, for whatever values."""
    templates.folder(embedded)
    own = OwnDatabase(embedded, TEMPLATE)

    async def make() -> asyncpg.Connection:
        connection = await asyncpg.connect(await own.make())
        await connection.execute("SET session_replication_role = replica")
        await drop_checks(connection)
        for entity in ENTITIES:
            await fill(connection, entity)
        await connection.execute(f"SET plan_cache_mode = force_generic_plan; SET ROLE {GRAPH_ROLE}")
        return connection

    connection = loop.run(make())
    yield connection
    loop.run(connection.close())
    loop.run(own.drop())


async def read_whole(connection: asyncpg.Connection, statement: str, count: int) -> set[str]:
    """The tables of facts that the statement, of so many parameters, reads from end to end."""
    await connection.execute(f"PREPARE asked AS {statement}")
    try:
        values = f"({', '.join(['NULL'] * count)})" if count else ""
        [plan] = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked{values}"))
    finally:
        await connection.execute("DEALLOCATE asked")
    return {node["Relation Name"] for node in _nodes(plan["Plan"]) if node["Node Type"] == "Seq Scan"} & FACTS


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


@pytest.mark.parametrize("name", HOT)
@pytest.mark.parametrize("instant", ["now", "past"])
@pytest.mark.parametrize("reach", REACHES, ids=lambda reach: reach.sight)
def test_what_is_asked_every_day(
    filled: asyncpg.Connection, loop: asyncio.Runner, name: str, instant: str, reach: Reach
) -> None:
    """Of today, and of another day; by callers of the whole country, of a division, of an organisation."""
    text, variables = HOT[name]
    if instant == "past":
        heading, _, rest = text.partition("{")
        text = f'{heading}{{ at(asOf: "2026-01-15T00:00:00Z") {{{rest} }}'
    plan, _ = DOCUMENTS.plan(DOCUMENTS.prepared(text, variables).operation(None), variables, Pass(reach, ""))
    assert plan.statement is not None
    assert loop.run(read_whole(filled, plan.statement.text, len(plan.statement.values))) == set()


@pytest.mark.parametrize(
    ("entity", "relation"),
    DIRECTIONS,
    ids=[f"{entity.__name__}.{relation.name}" for entity, relation in DIRECTIONS],
)
@pytest.mark.parametrize("instant", INSTANTS)
def test_relations(
    filled: asyncpg.Connection, loop: asyncio.Runner, entity: type[Entity], relation: Relation, instant: str
) -> None:
    """From one row to a page of those that are related to it, in each direction and at each instant."""
    target = entity_named(relation.target)
    writer, row, outer = Writer(Sight.COUNTRY), Row("there"), Row("here")
    rows = rows_of(writer, Source(target, INSTANTS[instant], joins_of(relation), All()), row, outer)
    order = in_order(row, complete_order(target, ()))
    statement = (
        f"SELECT ARRAY(SELECT {row.column(target.about.key[0])} {rows} ORDER BY {order} LIMIT 20)"
        f" FROM {entity.__tablename__} here WHERE here.ctid = '(0,1)'"
    )
    assert loop.run(read_whole(filled, statement, len(writer.values))) == set()


def test_reading_whole_is_noticed(filled: asyncpg.Connection, loop: asyncio.Runner) -> None:
    """Of a statement that has no index to use."""
    assert loop.run(read_whole(filled, "SELECT count(*) FROM product WHERE name_en = $1::text", 1)) == {
        "product"
    }
