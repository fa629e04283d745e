"""Clients that others made ask the hub as it is served: introspection, and a query with variables of its types."""

import asyncio
import json
from pathlib import Path

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from graphql import GraphQLError

from tests.lib.graph import DIGOXIN, GraphCaller
from tests.lib.npm import GRAPHQL, GRAPHQL_REQUEST, npm_folder, run_node

TYPED = """
query Typed($number: String!, $first: Int!, $order: [ProductOrder!], $filter: ProductFilter) {
  product(approvalNumber: $number) { nameZh approvedOn provenance { rowNumber } }
  products(first: $first, orderBy: $order, filter: $filter) { totalCount edges { node { id approvalNumber } } }
}
"""
VARIABLES = {
    "number": DIGOXIN,
    "first": 2,
    "order": [{"field": "APPROVAL_NUMBER", "direction": "DESC"}],
    "filter": {"nameZh": {"contains": "片"}},
}

JAVASCRIPT = """
import { GraphQLClient } from 'graphql-request';
import { buildClientSchema, getIntrospectionQuery, parse, validate } from 'graphql';
const { URL_OF_HUB, TOKEN, DOCUMENT, VARIABLES } = process.env;
const client = new GraphQLClient(URL_OF_HUB, { headers: { authorization: `Bearer ${TOKEN}` } });
const schema = buildClientSchema(await client.request(getIntrospectionQuery()));
const invalid = validate(schema, parse(DOCUMENT)).map((error) => error.message);
const data = await client.request(DOCUMENT, JSON.parse(VARIABLES));
let refusal;
try {
  await client.request('{ products(first: 101) { edges { nope } } }');
} catch (error) {
  refusal = error.response.errors[0].extensions.code;
}
console.log(JSON.stringify({ types: Object.keys(schema.getTypeMap()).length, invalid, data, refusal }));
"""


def address_of(graph: GraphCaller) -> str:
    """Where the graph is asked."""
    return str(graph.http.base_url.join("/graphql"))


def client_of(graph: GraphCaller) -> Client:
    """A client of `gql` that reads the schema first."""
    transport = HTTPXAsyncTransport(
        url=address_of(graph),
        headers={"Authorization": f"Bearer {graph.token}"},
        trust_env=False,
    )
    return Client(transport=transport, fetch_schema_from_transport=True)


async def test_the_python_client_asks_with_types(graph: GraphCaller) -> None:
    """It fetches the schema by introspection, checks the document against it, and gets the data."""
    async with client_of(graph) as session:
        assert session.client.schema is not None
        assert "Product" in session.client.schema.type_map
        asked = gql(TYPED)
        asked.variable_values = VARIABLES
        data = await session.execute(asked)
    assert "地高辛片" == data["product"]["nameZh"]
    assert 2 == len(data["products"]["edges"])


async def test_the_python_client_tells_of_errors(graph: GraphCaller) -> None:
    """An unknown field by itself, from the schema; a value of no sense as the hub told it, with its code."""
    async with client_of(graph) as session:
        with pytest.raises(GraphQLError, match="nope"):
            await session.execute(gql("{ nope }"))
        with pytest.raises(TransportQueryError) as caught:
            await session.execute(gql('{ product(approvalNumber: "x") { id } }'))
    assert caught.value.errors is not None
    assert "BAD_ARGUMENT" == caught.value.errors[0]["extensions"]["code"]


async def test_the_javascript_client_asks_with_types(graph: GraphCaller, tmp_path: Path) -> None:
    """Introspection, a document that its own library finds valid, data as others get it, an error with its code."""
    folder = await asyncio.to_thread(npm_folder, tmp_path, GRAPHQL, GRAPHQL_REQUEST)
    values = {
        "URL_OF_HUB": address_of(graph),
        "TOKEN": graph.token,
        "DOCUMENT": TYPED,
        "VARIABLES": json.dumps(VARIABLES),
    }
    told = await asyncio.to_thread(run_node, folder, JAVASCRIPT, **values)
    assert isinstance(told, dict)
    assert ([], "GRAPHQL_VALIDATION_FAILED") == (told["invalid"], told["refusal"])
    assert told["types"] > 100
    assert await graph.data(TYPED, **VARIABLES) == told["data"]
