"""Every field of the graph, for every role: as the reviewed table has it, in the schema's text and over the wire."""

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, TypeInfo, TypeInfoVisitor, Visitor, parse, visit
from strawberry.utils.str_converters import to_camel_case
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from hub.clock import system_clock
from hub.config import Settings
from schema.declare import Entity
from schema.entities import ENTITIES
from schema.reach import NOWHERE, Owner, OwnerKind, Reach
from schema.roles import Bound, roles
from schema.scopes import WRITE_SCOPES
from tests.access.documents import documents
from tests.access.table import made_of, table
from tests.access.visible import visible
from tests.lib.databases import TEMPLATE, OwnDatabase, Templates
from tests.lib.graph import GraphCaller, ServedHub, served
from tests.lib.graph_rows import (
    COMPANIES,
    DISTRIBUTORS,
    INSTITUTIONS,
    Row,
    Rows,
    rows_of_everything,
    write_rows,
)
from tests.lib.graph_text import schema_of_text

SDL = schema_of_text()
AREA = Reach("440100")
#: whose rows the organisations of the roles see
OWN = {
    "platform_operator": Owner(OwnerKind.SENDER, "demo-gd"),
    "institution": Owner(OwnerKind.INSTITUTION, INSTITUTIONS[0]),
    "pharmacy": Owner(OwnerKind.SENDER, "chain-a"),
    "holder": Owner(OwnerKind.COMPANY, COMPANIES[0]),
    "distributor": Owner(OwnerKind.DISTRIBUTOR, DISTRIBUTORS[0]),
    "postal_company": Owner(OwnerKind.SENDER, "chain-b"),
}
each_role = pytest.mark.parametrize("role", table().roles)


def fields_of_the_graph() -> Iterator[tuple[str, Any]]:
    """All fields of the schema's text, `Type.field`."""
    for kind in SDL.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            yield from ((f"{kind.name}.{name}", field) for name, field in kind.fields.items())


def reach_of(role: str) -> Reach:
    """What somebody of a role sees in these tests."""
    match roles()[role].bound:
        case Bound.REGION:
            return AREA
        case Bound.ORGANIZATION:
            return Reach(None, frozenset({OWN[role]}))
        case Bound.NOTHING:
            return NOWHERE


def selected_in(document: str) -> set[str]:
    """The fields that a document selects."""
    found: set[str] = set()
    types = TypeInfo(SDL)

    class Fields(Visitor):
        def enter_field(self, node: Any, *_: Any) -> None:
            parent = types.get_parent_type()
            if parent is not None and not node.name.value.startswith("__"):
                found.add(f"{parent.name}.{node.name.value}")

    visit(parse(document), TypeInfoVisitor(types, Fields()))
    return found


def test_every_field_has_a_row_and_every_row_a_field() -> None:
    """And every role a column. What is made of an entity's fields follows from their rows."""
    graph = {name for name, _ in fields_of_the_graph()}
    assert set(table().roles) == set(roles())
    assert set(table().cells) == {name for name in graph if made_of(name) == [name]}
    assert {each for name in graph for each in made_of(name)} == set(table().cells)


@each_role
def test_the_schema_says_what_the_table_says(role: str) -> None:
    """By the directives in its text: any one of their groups of scopes is held whole."""
    held = {scope.value for scope in roles()[role].scopes}
    wrong = []
    for name, field in fields_of_the_graph():
        [directive] = field.ast_node.directives
        groups: list[set[str]] = [set()]
        if directive.name.value == "requiresScopes":
            groups = [{each.value for each in group.values} for group in directive.arguments[0].value.values]
        if table().refused(name, role) == any(group <= held for group in groups):
            wrong.append(name)
    assert wrong == []


def test_documents_select_every_field_that_can_be_selected() -> None:
    """But those of errors, which only failing acts have, of subscriptions, and of acts that are a person's alone.

    The last are refused to systems whatever their scopes: tests/protocol/test_graph_access.py.
    """
    of_people = (
        "Mutation.proposeAccess",
        "Mutation.decideAccess",
        "Mutation.takeAccessAway",
        "AccessPayload.",
    )
    selected = {name for document in documents(lambda _: True) for name in selected_in(document)}
    errors = (
        *("Error", "Found", "NotHeld", "Stands", "Withdrawn", "Input", "Busy", "Incomplete"),
        *("Decided", "Person", "Taken", "Officer"),
        *("ListFault", "Faulty", "NothingNew", "BaseChanged", "NotPublished"),
    )
    left = {name for name, _ in fields_of_the_graph()} - selected
    assert [] == sorted(
        name
        for name in left
        if not name.startswith(("Subscription.", *of_people)) and not name.split(".")[0].endswith(errors)
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A hub over random rows, and somebody of each role."""

    hub: ServedHub
    rows: Rows
    callers: dict[str, GraphCaller]


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """The loop in which all is asked."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def asked(
    embedded: str, templates: Templates, loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    """One hub for all roles."""
    folder = tmp_path_factory.mktemp("fields") / "data"
    shutil.copytree(templates.folder(embedded), folder)
    context = _served(embedded, folder)
    yield loop.run(context.__aenter__())
    loop.run(context.__aexit__(None, None, None))


@asynccontextmanager
async def _served(server: str, folder: Path) -> AsyncGenerator[Asked]:
    rows = rows_of_everything(21, fewest=8, most=16)
    async with OwnDatabase(server, TEMPLATE) as url:
        connection = await asyncpg.connect(url)
        await write_rows(connection, rows)
        await connection.close()
        async with served(Settings(data_dir=folder, database_url=url, token_seconds=3600)) as hub:
            callers = {
                role: await hub.caller(*(roles()[role].scopes - WRITE_SCOPES), reach=reach_of(role))
                for role in table().roles
            }
            yield Asked(hub, rows, callers)


@each_role
def test_what_is_refused_is_named_whole(asked: Asked, loop: asyncio.Runner, role: str) -> None:
    """Over HTTP and WebSocket: all fields are asked for, and those of the table are refused and no others."""
    everything = list(documents(lambda _: True))
    for transport in (over_http, over_websocket):
        answers = loop.run(transport(asked, role, everything))
        for document, answer in zip(everything, answers, strict=True):
            expected = {name for name in selected_in(document) if table().refused(name, role)}
            assert refused_in(answer) == expected, (transport.__name__, document[:200])


@each_role
def test_what_is_allowed_is_answered(asked: Asked, loop: asyncio.Runner, role: str) -> None:
    """Over HTTP and WebSocket, without an error: all that the table does not refuse, and the same by both."""
    allowed = list(documents(lambda name: not table().refused(name, role)))
    by_http = loop.run(over_http(asked, role, allowed))
    assert [] == [answer for answer in by_http if "errors" in answer]
    assert by_http == loop.run(over_websocket(asked, role, allowed))


@each_role
def test_rows_are_those_of_the_table(asked: Asked, loop: asyncio.Runner, role: str) -> None:
    """All of them, those of one's area, or one's own: as many as plain code finds in a dump."""
    reach = reach_of(role)
    own = visible(asked.rows, reach.region_code, frozenset(map(str, reach.owners or ())))
    for entity in ENTITIES:
        root = to_camel_case(entity.about.plural)
        if table().refused(f"Query.{root}", role):
            continue
        cell = table().rows(entity.__name__, role)
        assert cell == "all" or cell == ("area" if reach.region_code else "own"), (entity.__name__, cell)
        rows = (asked.rows if cell == "all" else own)[entity]
        live = [row for row in rows if _holds(entity, row) and row.get("superseded_at") is None]
        found = loop.run(asked.callers[role].data(f"{{ {root} {{ totalCount }} }}"))
        assert found[root]["totalCount"] == len(live), (entity.__name__, cell)


def _holds(entity: type[Entity], row: Row) -> bool:
    """Whether a row holds now: what may be stated ahead of its time by the clock."""
    if not entity.about.may_be_ahead:
        return row.get("valid_to") is None
    now, end = system_clock(), row["valid_to"]
    return bool(row["valid_from"] <= now and (end is None or now < end))


async def over_http(asked: Asked, role: str, texts: list[str]) -> list[Any]:
    """The answers to documents."""
    return [await asked.callers[role].ask(text) for text in texts]


async def over_websocket(asked: Asked, role: str, texts: list[str]) -> list[Any]:
    """The answers to documents, by graphql-transport-ws; refusals as HTTP has them."""
    address = str(asked.hub.http.base_url).replace("http", "ws").rstrip("/") + "/graphql"
    protocol = Subprotocol("graphql-transport-ws")
    async with connect(address, subprotocols=[protocol], max_size=None) as socket:
        token = {"Authorization": f"Bearer {asked.callers[role].token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": token}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        return [await _by_socket(socket, number, text) for number, text in enumerate(texts)]


async def _by_socket(socket: ClientConnection, number: int, text: str) -> Any:
    await socket.send(json.dumps({"id": str(number), "type": "subscribe", "payload": {"query": text}}))
    answer: Any = None
    while True:
        message = json.loads(await socket.recv())
        if message["type"] == "error":
            return {"errors": message["payload"]}
        if message["type"] == "complete":
            return answer
        if message["type"] == "next":
            answer = message["payload"]


def refused_in(answer: Any) -> set[str]:
    """The fields that an answer says are refused."""
    errors = [error for error in answer.get("errors", []) if error["extensions"]["code"] == "FORBIDDEN_FIELD"]
    return {each["field"] for error in errors for each in error["extensions"]["fields"]}
