"""Documents that together select every field of the graph, as far as somebody may or may not ask for it."""

import re
from collections.abc import Callable, Iterator

from graphql import GraphQLObjectType, get_named_type, is_leaf_type
from strawberry.utils.str_converters import to_camel_case

from schema.declare import Entity
from schema.entities import ENTITIES
from schema.plan import meaning as m
from schema.plan.meaning import meaning_of
from tests.lib.graph_engines import SCHEMA

#: whether a field (`Type.field`) is to be selected
Wanted = Callable[[str], bool]
#: of a document: as many roots stand in one as go
_MOST_TOKENS = 850
_WINDOWED = (m.PageOf, m.HistoryOf)
_IDENTIFIED = (
    *("Identification", "IdentifiedCode", "CodePart", "IdentifiedLabel"),
    *("IdentityFinding", "IdentityRung", "IdentityCandidate"),
)
_ACTS = {
    "judgeItem": 'kind: LOCAL_ITEM, item: ["nobody", "1"], verdict: NONE, decidedBy: "演示", reason: "演示"',
    "withdrawJudgement": 'judgementId: 987654321, decidedBy: "演示", reason: "演示"',
    "releaseBatch": 'batchId: 987654321, decidedBy: "演示", reason: "演示"',
    "rejectBatch": 'batchId: 987654321, decidedBy: "演示", reason: "演示"',
    "proposeListVersion": 'senderCode: "nobody", listKind: "shortage", listName: "演示", regionCode: "440100",'
    ' effectiveOn: "2026-01-32", documentTitle: "演示", drugList: [], proposedBy: "演示", reason: "演示"',
    "publishListProposal": 'proposalId: 987654321, decidedBy: "演示", reason: "演示"',
    "rejectListProposal": 'proposalId: 987654321, decidedBy: "演示", reason: "演示"',
}
#: arguments without which a field cannot be asked for
_ARGUMENTS = {"Me.refused": '(document: "{ products { totalCount } }")'}
#: objects that are shown whole where they stand
_WHOLE = ("Provenance", "MyGrant", "RefusedField", "ListDiffLine")


def documents(wanted: Wanted) -> Iterator[str]:
    """Documents that select all fields that are wanted; what leads to nothing wanted is left out."""
    roots = [text for entity in ENTITIES if (text := _root(entity, wanted))]
    roots += [text for text in _others(wanted) if text]
    together: list[str] = []
    for root in roots:
        if together and _size([*together, root]) > _MOST_TOKENS:
            yield f"{{ {' '.join(together)} }}"
            together = []
        together.append(root)
    yield f"{{ {' '.join(together)} }}"
    yield from _mutations(wanted)


def _size(roots: list[str]) -> int:
    return sum(len(re.findall(r"\w+|[^\s\w]", root)) for root in roots)


def _root(entity: type[Entity], wanted: Wanted) -> str:
    name = to_camel_case(entity.about.plural)
    if not wanted(f"Query.{name}"):
        return ""
    row = _fields(_type(entity.__name__), wanted)
    figures = [
        f"{each} {{ count sum min max average median quantile(at: 0.5) }}"
        for each in _type(f"{entity.__name__}Aggregate").fields
        if each != "count" and wanted(f"{entity.__name__}Aggregate.{each}")
    ]
    parts = [
        f"totalCount nodes {{ __typename }} edges {{ cursor node {{ __typename {row} }} }} pageInfo {{ {_PAGE} }}"
    ]
    parts.append(f"aggregate {{ count {' '.join(figures)} }}")
    parts += _grouped(entity, wanted)
    return f"{name}(first: 1) {{ {' '.join(parts)} }}"


def _grouped(entity: type[Entity], wanted: Wanted) -> Iterator[str]:
    """Groups by each dimension that is wanted, one at a time: together they would be too many."""
    if not entity.about.dimensions:
        return
    key = _type(f"{entity.__name__}GroupKey")
    names = [dimension.name for dimension in entity.about.dimensions]
    shown = [name for name in names if wanted(f"{key.name}.{to_camel_case(name)}")]
    if not shown:
        return
    keys = " ".join(_leaf_or_division(key, to_camel_case(name)) for name in shown)
    yield (
        f"groups(by: [{shown[0].upper()}], first: 1) {{ nodes {{ __typename }} edges {{ cursor node {{ key {{ {keys} }}"
        f" aggregate {{ count }} }} }} pageInfo {{ {_PAGE} }} }}"
    )


def _leaf_or_division(key: GraphQLObjectType, name: str) -> str:
    return name if is_leaf_type(get_named_type(key.fields[name].type)) else f"{name} {{ code }}"


def _fields(kind: GraphQLObjectType, wanted: Wanted) -> str:
    """The fields of a type that are wanted, each with the least of what it leads to."""
    found = []
    for name, field in kind.fields.items():
        if not wanted(f"{kind.name}.{name}"):
            continue
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            found.append(name)
        elif isinstance(meaning_of(field), _WINDOWED):
            found.append(f"{name}(first: 1) {{ totalCount }}")
        elif inner.name in _WHOLE:
            given = _ARGUMENTS.get(f"{kind.name}.{name}", "")
            found.append(f"{name}{given} {{ __typename {_fields(_type(inner.name), wanted)} }}")
        else:
            found.append(f"{name} {{ __typename }}")
    return " ".join(found)


def _others(wanted: Wanted) -> Iterator[str]:
    """What is no page of an entity."""
    yield f"me {{ {_fields(_type('Me'), wanted)} }}" if wanted("Query.me") else ""
    if wanted("Query.listDiff"):
        yield f'listDiff(from: "1", to: "1") {{ __typename {_fields(_type("ListDiff"), wanted)} }}'
    if wanted("Query.product") and wanted("Query.region"):
        inner = 'product(approvalNumber: "国药准字H20000001") { __typename } region(code: "440100") { __typename }'
        yield f'at(asOf: "2026-02-01T00:00:00Z") {{ {inner} }} {inner}'
    yield f'search(text: "阿司") {{ {_mixed("SearchHit", wanted)} }}' if wanted("Product.id") else ""
    yield f"changes(of: [PRODUCT], first: 1) {{ {_mixed('Change', wanted)} }}" if wanted("Product.id") else ""
    for text in ("国药准字H20000001", "阿司匹林片 100mg*30片 演示药业"):
        yield f'a{len(text)}: identify(text: "{text}") {{ {_nested("Identification", wanted)} }}'


def _mixed(kind: str, wanted: Wanted) -> str:
    shown = _fields(_type(kind), wanted)
    return f"nodes {{ {shown} }} edges {{ cursor node {{ {shown} }} }} pageInfo {{ {_PAGE} }}"


def _nested(kind: str, wanted: Wanted) -> str:
    """The fields of what a text is, and of what is within."""
    found = ["__typename"]
    for name, field in _type(kind).fields.items():
        inner = get_named_type(field.type)
        if not wanted(f"{kind}.{name}"):
            continue
        if is_leaf_type(inner):
            found.append(name)
        else:
            found.append(
                f"{name} {{ {_nested(inner.name, wanted) if inner.name in _IDENTIFIED else '__typename'} }}"
            )
    return " ".join(found)


def _mutations(wanted: Wanted) -> Iterator[str]:
    for name, given in _ACTS.items():
        if wanted(f"Mutation.{name}"):
            field = SCHEMA.mutation_type.fields[name] if SCHEMA.mutation_type else None
            assert field is not None
            kind = _type(get_named_type(field.type).name)
            yield f"mutation {{ {name}(input: {{{given}}}) {{ __typename {_fields(kind, wanted)} }} }}"


def _type(name: str) -> GraphQLObjectType:
    found = SCHEMA.type_map[name]
    assert isinstance(found, GraphQLObjectType), name
    return found


_PAGE = "hasNextPage hasPreviousPage startCursor endCursor"
