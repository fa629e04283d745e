"""Documents that hypothesis-graphql makes from the schema's text: no defect, no field that the token does not open."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from graphql import (
    FieldNode,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)
from graphql.language import DirectiveNode, ListValueNode, StringValueNode
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis_graphql import queries

from schema.scopes import READ_SCOPES, Scope
from tests.lib.graph import ServedHub
from tests.lib.graph_text import schema_of_text

SCHEMA = schema_of_text()
EXAMPLES = 20
LITTLE = (Scope.REGION_READ, Scope.REGISTRATION_READ, Scope.PHARMACY_READ, Scope.FEED_READ)


@cache
def documents() -> list[str]:
    """Some, the same each time: they are large, and take longer to make than to answer."""
    found: list[str] = []

    @seed(20261128)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(queries(SCHEMA))
    def collect(document: str) -> None:
        found.append(document)

    collect()
    return found


class Needs(Visitor):
    """Reads off the schema's text, and not off the hub's own table, what a document needs."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.found: list[list[set[str]]] = []

    def enter_field(self, _node: FieldNode, *_rest: object) -> None:
        """The conditions of a field and of the type it leads to."""
        field = self._info.get_field_def()
        parent = self._info.get_parent_type()
        for definition in (field, parent, get_named_type(field.type) if field else None):
            node = getattr(definition, "ast_node", None)
            if node is not None and not (definition is parent and not isinstance(parent, GraphQLObjectType)):
                self.found += [
                    _groups(each) for each in node.directives or () if each.name.value == "requiresScopes"
                ]


def _groups(directive: DirectiveNode) -> list[set[str]]:
    """Any of these groups will do."""
    [argument] = directive.arguments or ()
    value = argument.value
    assert isinstance(value, ListValueNode)
    return [set(_texts(group)) for group in value.values]


def _texts(group: object) -> Iterator[str]:
    assert isinstance(group, ListValueNode)
    for each in group.values:
        assert isinstance(each, StringValueNode)
        yield each.value


def is_open(document: str, scopes: set[str]) -> bool:
    """Whether a token of these scopes opens every field that the document names."""
    info = TypeInfo(SCHEMA)
    needs = Needs(info)
    visit(parse(document), TypeInfoVisitor(info, needs))
    return all(any(group <= scopes for group in groups) for groups in needs.found)


@pytest.mark.parametrize("scopes", [LITTLE, tuple(READ_SCOPES)], ids=["little", "all that read"])
async def test_no_document_is_a_defect_or_opens_too_much(
    sample_hub: ServedHub, scopes: tuple[Scope, ...]
) -> None:
    """Each is answered, refused for its rights, or beyond a limit; what was answered the token opens."""
    caller = await sample_hub.caller(*scopes)
    outcomes: Counter[str] = Counter()
    for document in documents():
        answer = await caller.post({"query": document})
        codes = {each["extensions"].get("code") for each in answer.json().get("errors", [])}
        assert answer.status_code < 500, document
        assert "INTERNAL" not in codes, document
        outcomes["answered" if answer.json().get("data") else ", ".join(sorted(map(str, codes)))] += 1
        if answer.json().get("data"):
            assert is_open(document, set(map(str, scopes))), document
    assert outcomes["answered"], outcomes
    assert outcomes.total() >= EXAMPLES // 2, outcomes
