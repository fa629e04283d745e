"""Deny by default: no field without a rule, no rule that opens by accident, and reading by filter or order."""

import pytest
import strawberry
from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    parse,
    validate,
)
from graphql import build_schema as read_sdl

from schema.entities import ENTITIES, Product
from schema.graph.build import build_rules, build_schema, graphql_schema, sdl
from schema.graph.directives import Public, RequiresScopes
from schema.graph.guard import UnruledFieldError, rules_of, scope_rule
from schema.graph.inputs import Direction, TextFilter, conditions_of, order_of
from schema.graph.types import FILTERS, ORDERS
from schema.graph.user_errors import Told
from schema.plan.nodes import Condition, Operator, Order
from schema.scopes import Scope

RULES = build_rules(build_schema())


def guarded(query: type) -> GraphQLSchema:
    """The schema of a root, as the guard sees it."""
    return graphql_schema(strawberry.Schema(query=query))


def refused(schema: GraphQLSchema, document: str, *scopes: str) -> list[str]:
    """The fields of a document that these scopes do not open."""
    errors = validate(schema, parse(document), [scope_rule(rules_of(schema), frozenset(scopes))])
    return [each["field"] for error in errors for each in (error.extensions or {})["fields"]]


def test_every_field_of_the_graph_has_a_rule() -> None:
    """As many rules as the schema's text has fields; none is of a field that is not there."""
    text = read_sdl(sdl(build_schema()))
    fields = {
        f"{kind.name}.{name}"
        for kind in text.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
        for name in kind.fields
    }
    assert fields == set(RULES)


def test_only_structure_is_open_to_any_token() -> None:
    """What any token may read are the fields of connections, edges and page info, what was wrong with the caller's own
    input, and what follows from a text of its own: nothing an entity declares.
    """
    public = {name for name, groups in RULES.items() if frozenset() in groups}
    types = {name.partition(".")[0] for name in public}
    frames = {f"{entity.__name__}{frame}" for entity in ENTITIES for frame in ("Connection", "Edge")}
    errors = {"UserError", *(kind.__name__ for kind in Told.__subclasses__())}
    texts = {"Identification", "IdentifiedCode", "CodePart", "IdentifiedLabel"}
    assert types <= {*frames, "PageInfo", *errors, *texts, "Query"}
    assert {"Query.identify"} == {name for name in public if name.startswith("Query.")}
    own = {"message", "code", "path", "waitedSeconds"}
    assert own == {name.partition(".")[2] for name in public if name.partition(".")[0] in errors}


def test_every_scope_that_is_asked_for_exists() -> None:
    """A scope that no token can hold would close a field for good."""
    elsewhere = {Scope.FEED_WRITE}  # pushes are no part of the graph
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
    [error] = validate(guarded(TwoWays), document, [scope_rule(rules, frozenset())])
    assert {
        "code": "FORBIDDEN_FIELD",
        "fields": [{"field": "TwoWays.either", "requiresScopes": [["a"], ["b"]]}],
    } == error.extensions


def test_to_filter_by_a_field_is_to_read_it() -> None:
    """A filter tells a value by halving: refused, under the names that clients know."""
    given = FILTERS[Product](name_zh=TextFilter(eq="x"), name_en=TextFilter(is_null=True))  # type: ignore[misc]
    with pytest.raises(GraphQLError) as caught:
        conditions_of(Product, given, frozenset({"pharmacy:read"}))
    assert ["ProductFilter.nameEn", "ProductFilter.nameZh"] == [
        each["field"] for each in (caught.value.extensions or {})["fields"]
    ]


def test_to_order_by_a_field_is_to_read_it() -> None:
    """Its rows' sequence tells its values."""
    order_type = ORDERS[Product]
    asked = order_type(field=_choice(Product, "name_zh"), direction=Direction.DESC)  # type: ignore[misc]
    with pytest.raises(GraphQLError) as caught:
        order_of(Product, [asked], frozenset())
    assert [{"field": "ProductOrderField.NAME_ZH", "requiresScopes": [["registration:read"]]}] == (
        caught.value.extensions or {}
    )["fields"]
    assert (Order("name_zh", descending=True),) == order_of(
        Product, [asked], frozenset({"registration:read"})
    )


def test_no_and_not_given_are_two_things() -> None:
    """`isNull: false` is a condition; a comparison that is not given is none."""
    given = FILTERS[Product](name_en=TextFilter(is_null=False))  # type: ignore[misc]
    assert (Condition("name_en", Operator.IS_NULL, False),) == conditions_of(
        Product, given, frozenset({"registration:read"})
    )


def _choice(entity: type, name: str) -> object:
    """The member of the entity's order enumeration."""
    return ORDERS[entity].__annotations__["field"](name)
