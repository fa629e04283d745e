"""What the graph refuses over HTTP: fields the token does not open, whichever way they are asked for."""

import json
from collections.abc import Mapping
from functools import cache

import pytest
import structlog
from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    build_client_schema,
    build_schema,
    get_introspection_query,
    parse,
    print_type,
)

from schema.graph.build import build_rules, graphql_schema
from schema.graph.build import build_schema as build_graph
from schema.graph.guard import needs_of
from schema.plan.needs import Groups, refused
from schema.scopes import Scope
from tests.lib.graph import Json, ServedHub
from tests.protocol.test_graph_http import SNAPSHOT

SCHEMA = build_graph()
STORE = "pharmacies(first: 1) { edges { node"
SALE = f"{STORE} {{ onSale(first: 1) {{ edges {{ node"
#: closes what SALE opens
END = "} } } } }"
STOCK = {"field": "OnSale.stockPacks", "requiresScopes": [["pharmacy.stock:read"]]}
PRODUCTS = {"field": "Query.products", "requiresScopes": [["registration:read"]]}
ITEMS_PRODUCT = {"field": "LocalItem.product", "requiresScopes": [["registration:read"]]}
PRODUCTS_ID = {"field": "Product.id", "requiresScopes": [["registration:read"]]}
PROVENANCE = {"field": "Pharmacy.provenance", "requiresScopes": [["feed:read"]]}
ROW_NUMBER = {"field": "Provenance.rowNumber", "requiresScopes": [["feed:read"]]}

WAYS: dict[str, tuple[str, Json, list[Json]]] = {
    "plainly": ("{ products { totalCount } }", {}, [PRODUCTS]),
    "under an alias": (f"{{ {SALE} {{ availabilityCode: stockPacks }} {END} }}", {}, [STOCK]),
    "in a fragment": (f"{{ {SALE} {{ ...F }} {END} }} fragment F on OnSale {{ stockPacks }}", {}, [STOCK]),
    "in a fragment of a fragment": (
        f"{{ {SALE} {{ ...F }} {END} }} fragment F on OnSale {{ ...G }} fragment G on OnSale {{ stockPacks }}",
        {},
        [STOCK],
    ),
    "in an inline fragment": (f"{{ {SALE} {{ ... on OnSale {{ stockPacks }} }} {END} }}", {}, [STOCK]),
    "in a fragment without type": (f"{{ {SALE} {{ ... {{ stockPacks }} }} {END} }}", {}, [STOCK]),
    "under a false condition": (
        f"query ($no: Boolean!) {{ {SALE} {{ itemId stockPacks @include(if: $no) }} {END} }}",
        {"no": False},
        [STOCK],
    ),
    "through a relation": (
        f"{{ {SALE} {{ item {{ product {{ id }} }} }} {END} }}",
        {},
        [ITEMS_PRODUCT, PRODUCTS_ID],
    ),
    "by a filter": ('{ products(filter: {nameZh: {eq: "x"}}) { totalCount } }', {}, [PRODUCTS]),
    "by a filter in a variable": (
        "query ($f: ProductFilter) { products(filter: $f) { totalCount } }",
        {"f": {"nameZh": {"eq": "x"}}},
        [PRODUCTS],
    ),
    "by an order": ("{ products(orderBy: [{field: NAME_ZH}]) { edges { cursor } } }", {}, [PRODUCTS]),
    "by an order in a variable": (
        "query ($o: [ProductOrder!]) { products(orderBy: $o) { edges { cursor } } }",
        {"o": [{"field": "NAME_ZH"}]},
        [PRODUCTS],
    ),
    "in another operation": (
        "query A { pharmacies { totalCount } } query B { products { totalCount } }",
        {},
        [PRODUCTS],
    ),
    "as provenance": (f"{{ {STORE} {{ provenance {{ rowNumber }} }} }} }} }}", {}, [PROVENANCE, ROW_NUMBER]),
    "several at once": (
        f"{{ {SALE} {{ stockPacks item {{ product {{ id }} }} }} {END} }}",
        {},
        [ITEMS_PRODUCT, STOCK, PRODUCTS_ID],
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
async def test_no_way_leads_to_a_field_the_token_does_not_open(sample_hub: ServedHub, way: str) -> None:
    """One error, which names each such field with the scopes that would open it; and no data."""
    document, variables, refused = WAYS[way]
    caller = await sample_hub.caller(Scope.PHARMACY_READ)
    answer = await caller.ask(document, **variables)
    [error] = answer["errors"]
    assert "data" not in answer
    assert "FORBIDDEN_FIELD" == error["extensions"]["code"]
    assert refused == error["extensions"]["fields"]
    assert all(field["field"] in error["message"] for field in refused)


async def test_the_original_text_has_a_scope_of_its_own(sample_hub: ServedHub) -> None:
    """Who may read the books may not read whole rows, which hold what other scopes guard."""
    caller = await sample_hub.caller(Scope.PHARMACY_READ, Scope.FEED_READ)
    document = f"{{ {STORE} {{ provenance {{ %s }} }} }} }} }}"
    assert set() == await caller.codes(document % "fileName rowNumber")
    [error] = (await caller.ask(document % "rowNumber originalText"))["errors"]
    expected = {"field": "Provenance.originalText", "requiresScopes": [["feed.raw:read"]]}
    assert [expected] == error["extensions"]["fields"]


async def test_nothing_is_read_before_a_refusal(own_hub: ServedHub) -> None:
    """Any reading of this damaged store would be a defect in the log."""
    caller = await own_hub.caller(Scope.PHARMACY_READ)
    await own_hub.connection.execute("ALTER TABLE pharmacy RENAME TO lost")
    with structlog.testing.capture_logs() as logs:
        codes = await caller.codes("{ pharmacies { totalCount } products { totalCount } }")
    assert ({"FORBIDDEN_FIELD"}, []) == (codes, logs)


def required(sdl: GraphQLSchema) -> dict[str, list[set[str]]]:
    """The groups of scopes of which every field needs one that needs some, as the directives of the schema's text say:
    not as the guard reads it.
    """
    scopes: dict[str, list[set[str]]] = {}
    for kind in sdl.type_map.values():
        for name, field in kind.fields.items() if isinstance(kind, GraphQLObjectType) else ():
            for directive in (field.ast_node and field.ast_node.directives) or ():
                if directive.name.value == "requiresScopes":
                    groups = directive.arguments[0].value.values
                    scopes[f"{kind.name}.{name}"] = [
                        {item.value for item in group.values} for group in groups
                    ]
    return scopes


@cache
def written() -> GraphQLSchema:
    """The schema as its text says."""
    return build_schema(SNAPSHOT.read_text(encoding="utf-8"))


@cache
def every_need() -> tuple[dict[str, list[set[str]]], Mapping[str, Groups]]:
    """The scopes that every field needs, as the text says, and as the guard finds in a document with all of them."""
    needed = required(written())
    fragments = " ".join(
        f"fragment F{number} on {field.partition('.')[0]} {{ {field.partition('.')[2]} }}"
        for number, field in enumerate(needed)
    )
    return needed, needs_of(graphql_schema(SCHEMA), parse(fragments), build_rules(SCHEMA))


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_opens_the_fields_the_schema_says_and_no_others(scope: Scope) -> None:
    """Every field at once, for a caller with one scope: refused are all whose directive names another."""
    needed, needs = every_need()
    closed = {field for field, groups in needed.items() if not any(group <= {scope} for group in groups)}
    assert closed == set(refused(needs, frozenset((scope.value,))))


@cache
def types_in(introspection: bytes) -> GraphQLSchema:
    """The schema that a standard client makes of an answer."""
    answer = json.loads(introspection)
    assert "errors" not in answer
    return build_client_schema(answer["data"])


@pytest.mark.parametrize("scope", Scope)
async def test_introspection_is_open_to_any_token(sample_hub: ServedHub, scope: Scope) -> None:
    """The whole introspection query of a standard client, within the limits; the types are those of the text."""
    caller = await sample_hub.caller(scope)
    told = types_in((await caller.post({"query": get_introspection_query()})).content)
    assert set(written().type_map) == set(told.type_map)
    assert print_type(told.type_map["Product"]) == print_type(written().type_map["Product"])


async def test_several_operations_need_a_name(own_hub: ServedHub) -> None:
    """Which one is meant, nobody can tell."""
    caller = await own_hub.caller(Scope.REGION_READ)
    document = 'query A { region(code: "44") { code } } query B { region(code: "43") { code } }'
    assert {"BAD_ARGUMENT"} == await caller.codes(document)
    answer = (await caller.post({"query": document, "operationName": "B"})).json()
    assert {"region": {"code": "430000"}} == answer["data"]


async def test_nothing_is_compared_with_null(own_hub: ServedHub) -> None:
    """A null that slipped into a filter must not give all rows."""
    caller = await own_hub.caller(Scope.REGION_READ)
    assert {"BAD_ARGUMENT"} == await caller.codes("{ regions(filter: {name: {eq: null}}) { totalCount } }")


async def test_totals_have_a_weight(own_hub: ServedHub) -> None:
    """Hundreds of totals in one document are refused."""
    caller = await own_hub.caller(Scope.REGION_READ)
    totals = " ".join(f"a{n}: regions {{ totalCount }}" for n in range(170))
    assert {"TOO_LARGE"} == await caller.codes(f"{{ {totals} }}")
