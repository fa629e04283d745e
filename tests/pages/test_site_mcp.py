"""Language models ask over the open data, through the protocol's own client; they get no further than anybody."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client

from publish.manifest import Release
from publish.site.asgi import Message
from publish.site.generation import Generation
from publish.site.settings import SiteSettings
from tests.lib.site import AMOXICILLIN
from tests.lib.site_server import Site, served, serving
from tests.pages.test_site_canary import SECRETS
from tests.pages.test_site_sql import HARMFUL

ENDLESS = "with recursive n(x) as (select 1 union all select x + 1 from n) select {} from n"
SHORT = (
    "select l.name_zh, p.approval_number from drug_list_entry l JOIN list_match m ON m.entry_id = l.id"
    " JOIN product p ON p.id = m.product_id ORDER BY 2"
)
HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


@pytest.fixture(scope="module")
def models(sample: tuple[Path, Release]) -> Iterator[Site]:
    """The process of SQL that answers models too."""
    with served(*sample, is_sql=True, is_mcp=True) as site:
        yield site


def call(site: Site, name: str, **arguments: str) -> Any:
    """The result of one tool."""

    async def ask() -> Any:
        async with Client(f"{site.base}/mcp") as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(ask())


def sql(site: Site, question: str) -> Any:
    """The result of a question in SQL over the national file."""
    return call(site, "execute_sql", database="baogong", sql=question)


def texts(result: Any) -> str:
    """All that a model reads of a result."""
    return "".join(part.text for part in result.content)


async def tools(site: Site, mode: str) -> tuple[list[str], str | None]:
    """The names of the tools, and what the server says of itself."""
    async with Client(f"{site.base}/mcp", mode=mode) as client:
        return sorted(tool.name for tool in (await client.list_tools()).tools), client.instructions


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_model_finds_three_tools_that_read(models: Site, mode: str) -> None:
    """By the protocol of today and by the one before, with what it has to know of the data."""
    names, told = asyncio.run(tools(models, mode))
    assert names == ["execute_sql", "get_database_schema", "list_databases"]
    assert told is not None
    assert "没有记录不等于供应充足" in told


def test_a_question_about_the_shortage_list_is_answered(models: Site) -> None:
    """From the schema to the answer; identifiers are whole."""
    assert call(models, "list_databases").structured_content["databases"] == ["43", "44", "baogong"]
    schema = call(models, "get_database_schema", database="baogong").structured_content["schema"]
    assert "CREATE TABLE drug_list_entry" in schema
    answer = sql(models, SHORT).structured_content
    assert ("地高辛" in str(answer["rows"]), answer["truncated"]) == (True, False)
    (row,) = sql(
        models, f"select id from product where approval_number = '{AMOXICILLIN}'"
    ).structured_content["rows"]
    assert (isinstance(row["id"], str), row["id"].isdigit()) == (True, True)


@pytest.mark.parametrize("question", HARMFUL)
def test_a_model_harms_nothing(models: Site, question: str) -> None:
    """What is refused in a browser is refused here."""
    result = sql(models, question)
    text = texts(result)
    assert (str(models.folder) in text, "baogong.sqlite" in text, "root:" in text) == (False, False, False)
    assert len(text) < 10_000


def test_endless_questions_end(models: Site) -> None:
    """After half a second, and rows after the largest page."""
    assert "time limit" in texts(sql(models, ENDLESS.format("count(*)")))
    answer = sql(models, ENDLESS.format("x")).structured_content
    assert (len(answer["rows"]), answer["truncated"]) == (1000, True)


def test_no_table_gives_a_model_what_is_not_open(models: Site) -> None:
    """Every row of the tables in which the sample has secrets."""
    tables = ("listing", "listing_price", "on_sale", "supply_notice", "platform_product", "sqlite_master")
    assert [name for name in tables if SECRETS.search(texts(sql(models, f"select * from {name}")))] == []


def test_one_address_asks_so_often(sample: tuple[Path, Release]) -> None:
    """Questions of models are counted as any other."""
    with served(*sample, is_sql=True, is_mcp=True, per_second=0.01) as slow:
        answers = [httpx.post(f"{slow.base}/mcp", json=INITIALIZE, headers=HEADERS) for _ in range(22)]
    assert ({each.status_code for each in answers[:15]}, answers[-1].status_code) == ({200}, 429)
    assert int(answers[-1].headers["retry-after"]) > 0


def test_large_bodies_and_many_questions_in_one_are_refused(models: Site) -> None:
    """A body of 64 KiB is the largest; a batch is none of the protocol's."""

    def post(body: Any) -> httpx.Response:
        return httpx.post(f"{models.base}/mcp", json=body, headers=HEADERS)

    padded = {**INITIALIZE, "params": {**INITIALIZE["params"], "x": "y" * 65_536}}  # type: ignore[dict-item]
    assert [post(body).status_code for body in (INITIALIZE, padded, [INITIALIZE, INITIALIZE])] == [
        200,
        413,
        400,
    ]


def test_nothing_is_kept_of_who_asks(models: Site) -> None:
    """No session, no cookie, nothing for caches; the headers of every answer."""
    answer = httpx.post(f"{models.base}/mcp", json=INITIALIZE, headers=HEADERS)
    assert ("mcp-session-id" in answer.headers, "set-cookie" in answer.headers) == (False, False)
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == (
        "no-store",
        "nosniff",
    )


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "OPTIONS"])
def test_only_questions_are_taken(models: Site, method: str) -> None:
    """No stream is kept open for anybody."""
    assert httpx.request(method, f"{models.base}/mcp").status_code == 405


async def test_a_release_that_goes_lets_its_models_go(sample: tuple[Path, Release]) -> None:
    """What a release began for them ends with it, in whatever task it is closed."""
    folder, release = sample
    settings = SiteSettings(folder, "127.0.0.1", 1, "http://127.0.0.1:1", is_sql=True, is_mcp=True)
    generation = Generation(folder / release.id, settings)
    await asyncio.create_task(generation.open())

    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps(INITIALIZE).encode(), "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(name.encode(), value.encode()) for name, value in HEADERS.items()],
        "http_version": "1.1",
        "scheme": "http",
    }
    answer = await generation.answer_model(scope, receive)
    assert (answer.status, b"baogong" in answer.body) == (200, True)
    await asyncio.create_task(generation.close())


def test_the_site_tells_how_to_connect(sample: tuple[Path, Release], site: Site) -> None:
    """On the interface's page and for models themselves; a site without the setting says nothing of it."""
    with serving(sample[0], is_mcp=True, sql_url="https://sql.example.org") as base:
        told = [httpx.get(f"{base}{path}").text for path in ("/api", "/en/api", "/llms.txt")]
    assert ["https://sql.example.org/mcp" in text for text in told] == [True] * 3
    assert "MCP" not in site.get("/api").text + site.get("/llms.txt").text


def test_models_are_answered_where_the_operator_says_so(site: Site, sql_site: Site, models: Site) -> None:
    """Not by the main site, not by a process of SQL without the setting; nor under the plugin's own address."""
    for base, path in (
        (site.base, "/mcp"),
        (sql_site.base, "/mcp"),
        (models.base, "/-/mcp"),
        (models.base, "/sql"),
    ):
        assert httpx.post(f"{base}{path}", json=INITIALIZE, headers=HEADERS).status_code == 405
    assert [httpx.get(f"{each.base}/mcp").status_code for each in (site, sql_site)] == [404, 404]
