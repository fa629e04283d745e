"""Deny by default: no field without a rule, no rule that opens by accident, and reading by filter or order."""

from typing import Any

import pytest
import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, parse
from strawberry.utils.str_converters import to_camel_case

from schema.declare import Label, Subject, graph_fields
from schema.entities import ENTITIES, Pharmacy
from schema.graph.build import build_rules, build_schema, graphql_schema
from schema.graph.directives import Public, RequiresScopes
from schema.graph.guard import UnruledFieldError, check_nullable, needs_of, rules_of
from schema.graph.prepared import Documents, Plan, RefusedError, Requirement
from schema.graph.told import Told
from schema.plan.meaning import OneOf, means
from schema.plan.values import Pass
from schema.reach import COUNTRY
from schema.scopes import WRITE_SCOPES, Scope
from tests.lib.graph_text import schema_of_text

SCHEMA = build_schema()
RULES = build_rules(SCHEMA)


def guarded(query: type) -> GraphQLSchema:
    """The schema of a root, as the guard sees it."""
    return graphql_schema(strawberry.Schema(query=query))


def refused(schema: GraphQLSchema, document: str, *scopes: str) -> list[str]:
    """The fields of a document that these scopes do not open."""
    return _closed(Requirement(needs_of(schema, parse(document), rules_of(schema))), *scopes)


def _closed(needs: Requirement, *scopes: str) -> list[str]:
    try:
        needs.check(frozenset(scopes))
    except RefusedError as error:
        return [each["field"] for found in error.errors for each in (found.extensions or {})["fields"]]
    return []


def test_every_field_of_the_graph_has_a_rule() -> None:
    """As many rules as the schema's text has fields; none is of a field that is not there."""
    text = schema_of_text()
    fields = {
        f"{kind.name}.{name}"
        for kind in text.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
        for name in kind.fields
    }
    assert fields == set(RULES)


def test_only_structure_is_open_to_any_token() -> None:
    """What any token may read gives pages and figures their shape: nothing an entity declares."""
    public = {name for name, groups in RULES.items() if frozenset() in groups}
    shaped = {
        f"{entity.__name__}{frame}"
        for entity in ENTITIES
        for frame in ("Connection", "Edge", "Aggregate", "Group", "GroupEdge", "GroupConnection")
    }
    errors = {"UserError", *(kind.__name__ for kind in Told.__subclasses__())}
    texts = {"Identification", "IdentifiedCode", "CodePart", "IdentifiedLabel"}
    # of these the arguments say what is asked for, and need its scopes
    asked = {f"{what}{frame}" for what in ("Change", "Search") for frame in ("", "Edge", "Connection", "Hit")}
    own_affairs = {"Me", "MyGrant", "RefusedField"}
    known = {*shaped, *errors, *texts, *asked, *own_affairs, "PageInfo", "Figures"}
    roots = {f"Query.{name}" for name in ("at", "changes", "identify", "me", "search")} | {
        "Subscription.changes"
    }
    assert roots == {name for name in public if name.partition(".")[0] not in known}
    own = {"message", "code", "path", "waitedSeconds"}
    assert own == {name.partition(".")[2] for name in public if name.partition(".")[0] in errors}
    columns = {to_camel_case(field.name) for entity in ENTITIES for field in graph_fields(entity)}
    shown = {name for name in public if name.partition(".")[0] in shaped}
    assert not {name for name in shown if name.partition(".")[2] in columns}


def test_every_scope_that_is_asked_for_exists() -> None:
    """A scope that no token can hold would close a field for good."""
    elsewhere = {*WRITE_SCOPES, Scope.AUDIT_READ}  # pushes and the audit are no part of the graph
    assert {scope.value for scope in set(Scope) - elsewhere} == {
        scope for groups in RULES.values() for group in groups for scope in group
    }


def test_fields_without_a_rule_stop_the_start_and_are_named() -> None:
    """All of them at once, those of nested types too."""

    @strawberry.type
    class Inner:
        bare: int = 1
        ruled: int = strawberry.field(default=2, directives=[Public()])

    @strawberry.type
    class Query:
        oops: int = 1
        inner: Inner = strawberry.field(default_factory=Inner, directives=[Public()])

    with pytest.raises(UnruledFieldError, match=r": Inner\.bare, Query\.oops$"):
        rules_of(guarded(Query))


def test_a_field_of_an_interface_needs_a_rule_too() -> None:
    """A document may select it on the interface, past the rules of the types behind it."""

    @strawberry.interface
    class Named:
        name: str

    @strawberry.type
    class Query:
        named: Named | None = strawberry.field(default=None, directives=[Public()])

    with pytest.raises(UnruledFieldError, match=r": Named\.name$"):
        rules_of(guarded(Query))


@strawberry.type
class TwoWays:
    """A root whose fields have rules of several shapes."""

    either: int = strawberry.field(default=1, directives=[RequiresScopes(scopes=[["a"], ["b"]])])
    both: int = strawberry.field(default=1, directives=[RequiresScopes(scopes=[["a", "b"]])])
    nobody: int = strawberry.field(default=1, directives=[RequiresScopes(scopes=[])])
    anybody: int = strawberry.field(default=1, directives=[Public()])


@pytest.mark.parametrize(
    ("scopes", "closed"),
    [
        ("", ["TwoWays.both", "TwoWays.either", "TwoWays.nobody"]),
        ("a", ["TwoWays.both", "TwoWays.nobody"]),
        ("b", ["TwoWays.both", "TwoWays.nobody"]),
        ("ab", ["TwoWays.nobody"]),
    ],
)
def test_any_group_suffices_and_of_a_group_all_are_needed(scopes: str, closed: list[str]) -> None:
    """A rule without a group opens for nobody."""
    assert closed == refused(guarded(TwoWays), "{ either both nobody anybody }", *scopes)


def test_a_refused_field_is_named_once_with_its_groups() -> None:
    """However often and under whatever alias it is asked for."""
    rules = rules_of(guarded(TwoWays))
    document = parse("{ a: either b: either ...F } fragment F on TwoWays { either }")
    with pytest.raises(RefusedError) as caught:
        Requirement(needs_of(guarded(TwoWays), document, rules)).check(frozenset())
    [error] = caught.value.errors
    assert {
        "code": "FORBIDDEN_FIELD",
        "fields": [{"field": "TwoWays.either", "requiresScopes": [["a"], ["b"]]}],
    } == error.extensions


#: ways to read a field without selecting it, and the name under which the need is told
INDIRECT = {
    '{ products(filter: {nameZh: {eq: "x"}}) { totalCount } }': "ProductFilter.nameZh",
    "{ products(filter: {nameEn: {isNull: true}}) { totalCount } }": "ProductFilter.nameEn",
    '{ products(filter: {or: [{not: {nameZh: {eq: "x"}}}]}) { totalCount } }': "ProductFilter.nameZh",
    "{ products(orderBy: [{field: NAME_ZH}]) { totalCount } }": "ProductOrderField.NAME_ZH",
    '{ localItems(filter: {product: {nameZh: {eq: "x"}}}) { totalCount } }': "ProductFilter.nameZh",
    "{ localItems(filter: {product: {}}) { totalCount } }": "LocalItemFilter.product",
    "{ pharmacies(filter: {onSale: {none: {item: {product: {}}}}}) { totalCount } }": "LocalItemFilter.product",
}


@pytest.mark.parametrize("document", INDIRECT)
def test_to_filter_or_order_by_a_field_is_to_read_it(document: str) -> None:
    """A filter tells a value by halving, an order by the sequence of rows: each needs the scope of the field."""
    needs = _plan(document).needs
    assert INDIRECT[document] in _closed(needs, "pharmacy:read")
    assert [] == _closed(needs, *Scope)


def test_what_variables_filter_by_is_needed_too() -> None:
    """A filter that comes whole by variable needs what it compares, no more."""
    document = "query ($f: PharmacyFilter) { pharmacies(filter: $f) { totalCount } }"
    assert [] == _closed(_plan(document, f={"name": {"eq": "x"}}).needs, "pharmacy:read")
    needs = _plan(document, f={"onSale": {"some": {"item": {"product": {"nameZh": {"eq": "x"}}}}}}).needs
    assert ["LocalItemFilter.product", "ProductFilter.nameZh"] == _closed(needs, "pharmacy:read")


def _plan(document: str, **variables: Any) -> Plan:
    documents = Documents(graphql_schema(SCHEMA), RULES)
    operation = documents.prepared(document, variables).operation(None)
    return documents.plan(operation, variables, Pass(COUNTRY, ""))[0]


def test_a_field_that_leads_to_hidden_rows_may_be_nothing() -> None:
    """Else a row that is not seen would break the answer, and so be seen; today's schema has none such."""
    check_nullable(graphql_schema(SCHEMA))

    @strawberry.type
    class Store:
        region: str = strawberry.field(
            metadata=means(OneOf(Pharmacy, Pharmacy.about.relations[0])), directives=[Public()]
        )

    with pytest.raises(UnruledFieldError, match=r"Store\.region"):
        check_nullable(guarded(Store))


def test_an_entity_without_a_rule_of_rows_cannot_be_declared() -> None:
    """Deny by default: the start-up ends there."""
    with pytest.raises(TypeError, match="rows"):
        Subject(label=Label("无", "none"), plural="nothing", scope=Scope.REGION_READ, key=("id",))  # type: ignore[call-arg]
