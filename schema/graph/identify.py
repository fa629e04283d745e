"""`identify`: what a text is. Kinds of code follow from the text alone; who knows it is looked up where selected."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import strawberry

from schema.declare import Entity
from schema.entities import DrugConcept, Organization, PackagedProduct, Product, Region
from schema.graph.directives import Public, RequiresScopes, requires
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.items import MatchedItem, bounded, items, objects
from schema.graph.resolve import GraphInfo
from schema.graph.types import TYPES
from schema.graph.user_errors import entity_field
from schema.inspection import MAX_TEXT, CodeReading, read_codes
from schema.plan.conditions import DEFAULT_PAGE
from schema.scopes import Scope

#: what follows from the caller's own text tells nobody anything
_OF_TEXT: Any = [Public()]
_REGISTERED = requires(Scope.REGISTRATION_READ)


def _said(description: str) -> Any:
    return strawberry.field(description=description, directives=_OF_TEXT)


def _found(description: str) -> Any:
    return strawberry.field(description=description, directives=[_REGISTERED])


def _list_field(resolver: Callable[..., Any], of: Any, description: str, rule: RequiresScopes) -> Any:
    return strawberry.field(
        resolver=resolver, graphql_type=list[of], description=description, directives=[rule]
    )


def _having(what: str, entity: type[Entity], column: str, description: str) -> Any:
    """A field: the entities that have a code."""

    async def resolve(root: "IdentifiedCode", info: GraphInfo, first: int = DEFAULT_PAGE) -> Any:
        rows = bounded(await info.context.inspector.who_knows(what, root.reading), first)
        return await objects(info, entity, column, dict.fromkeys(row[column] for row in rows))

    return _list_field(resolve, TYPES[entity], description, requires(entity.about.scope))


@strawberry.type(description="代码的一段 One part of a code.")
class CodePart:
    """One part of a code."""

    label: str = _said("含义 What it says")
    value: str = _said("原文 The characters")


async def _items_with(root: "IdentifiedCode", info: GraphInfo, first: int = DEFAULT_PAGE) -> Any:
    rows = await info.context.inspector.who_knows("items", root.reading)
    return await _items(info, rows, first)


@strawberry.type(description="把文字读作某种代码 The text read as one kind of code.")
class IdentifiedCode:
    """The text read as one kind of code."""

    reading: strawberry.Private[CodeReading]
    kind_code: str = _said("代码种类 Kind of code")
    label: str = _said("代码种类的名称 Name of the kind")
    is_right: bool = _said("是否成立，含校验位 Whether it is one, check digit and all")
    normal: str | None = _said("规范写法 As it is kept")
    error_code: str | None = _said("何处不对 What is wrong, see docs/errors.md")
    hint: str | None = _said("应为什么，实为什么 What was expected and found")
    parts: list[CodePart] = _said("各段 Its parts")
    meant: list[str] = _said("可能本想写的 What it may be meant for, such as 0 for O")
    products: Any = _having("products", Product, "id", "有此代码的药品 Medicines that have it")
    packs: Any = _having("packs", PackagedProduct, "id", "有此代码的包装 Packs that have it")
    organizations: Any = _having("organizations", Organization, "id", "有此代码的机构 The organisation of it")
    regions: Any = _having("regions", Region, "code", "此代码的行政区划 The division of it")
    items: Any = _list_field(
        _items_with,
        MatchedItem,
        "写有此代码的各方商品与报告，只列令牌可读的类别 Items that name it, of kinds that the token opens",
        requires(Scope.IDENTITY_READ),
    )


@strawberry.type(description="标签上的代码在识别阶梯上 A code that a label states, and who has it.")
class IdentityRung:
    """A rung that was looked at."""

    method_code: str = _found("方法 Method")
    label: str = _found("方法的名称 Name of the rung")
    code: str = _found("所写代码 The code stated")
    approval_numbers: list[str] = _found("有此代码的药品的批准文号 Medicines that have it")


@strawberry.type(description="识别结论 What the identity ladder finds.")
class IdentityFinding:
    """What the identity ladder finds."""

    state_code: str = _found("对应状态 Match status")
    method_code: str | None = _found("对应方法 Match method")
    score: Decimal | None = _found("对应分值 Match score")
    evidence: str = _found("对应依据 Evidence")
    product: Any = entity_field(Product, "product_id", "所指药品 The medicine")
    concept: Any = entity_field(
        DrugConcept, "concept_id", "只知品种时的药品概念 The concept, if only that is known"
    )
    product_id: strawberry.Private[int | None]
    concept_id: strawberry.Private[int | None]


@strawberry.type(description="同名药品及比对 A medicine of that name, and how it compares.")
class IdentityCandidate:
    """A medicine that was compared."""

    is_found: bool = _found("是否即所指 Whether it is the one")
    compared: str = _found("比对经过 What was compared, and how it came out")
    product: Any = entity_field(Product, "product_id", "药品 The medicine")
    product_id: strawberry.Private[int]


@strawberry.type(description="把文字读作标签 The text read as a label.")
class IdentifiedLabel:
    """The text read as a label."""

    name_zh: str | None = _said("名称 Name")
    specification: str | None = _said("规格 Specification")
    holder_name: str | None = _said("厂家 Maker")
    approval_number: str | None = _said("批准文号 Approval number")
    strengths: list[str] = _said("读作剂量 Strengths, as understood")
    pack_count: int | None = _said("包装数量 Units in the pack")
    pack_unit: str | None = _said("包装单位 Unit of the pack")
    not_understood: str | None = _said("未读懂的部分 What was not understood")
    finding: IdentityFinding = _found("结论 What it is found to be")
    rungs: list[IdentityRung] = _found("所写各代码 The codes stated, best first")
    candidates: list[IdentityCandidate] = _found("同名药品 Medicines of the name, closest first")


async def _own_code_items(root: "Identification", info: GraphInfo, first: int = DEFAULT_PAGE) -> Any:
    return await _items(info, await info.context.inspector.items_by_own_code(root.text), first)


async def _named(root: "Identification", info: GraphInfo, first: int = DEFAULT_PAGE) -> Any:
    rows = await info.context.inspector.organizations_named(root.text, root.readings)
    return await objects(info, Organization, "id", [row["id"] for row in bounded(rows, first)])


async def _label(root: "Identification", info: GraphInfo) -> IdentifiedLabel | None:
    found = await info.context.inspector.label(root.text, root.readings)
    return None if found is None else _label_of(found)


@strawberry.type(description="一段文字是什么 What a text is.")
class Identification:
    """What a text is: nothing is chosen, a text that could be several things is told as all of them."""

    readings: strawberry.Private[tuple[CodeReading, ...]]
    text: str = _said("所查文字 The text")
    codes: list[IdentifiedCode] = _said("可读作的代码，成立的在前 As codes, those that it is first")
    items: Any = _list_field(
        _own_code_items,
        MatchedItem,
        "以此为自编码的各方商品，只列令牌可读的类别 Items whose sender calls them this, of kinds that the token opens",
        requires(Scope.IDENTITY_READ),
    )
    organizations: Any = _list_field(
        _named, TYPES[Organization], "叫此名称的机构 Organisations of this name", _REGISTERED
    )
    label: IdentifiedLabel | None = strawberry.field(
        resolver=_label,
        description="作为标签，仅在不是代码也不是机构时 As a label, if it is no code and no organisation",
        directives=[_REGISTERED],
    )


def _identify(text: str) -> Identification:
    if not text.strip() or len(text) > MAX_TEXT:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT,
            f"text 应为 1 到 {MAX_TEXT} 字。",
            f"text must have 1 to {MAX_TEXT} characters",
        )
    readings = read_codes(text)
    return Identification(readings=readings, text=text, codes=[_code_of(each) for each in readings])


#: the root field
identify_field: Any = strawberry.field(
    resolver=_identify,
    description="查任何编码或标签文字：是什么、谁认得、多可靠"
    " What any code or label is, who knows it, how sure that is",
    directives=_OF_TEXT,
)


async def _items(info: GraphInfo, rows: Any, first: int) -> Any:
    return await items(info, [(row["kind"], row["id"]) for row in bounded(rows, first)])


def _code_of(reading: CodeReading) -> IdentifiedCode:
    return IdentifiedCode(
        reading=reading,
        kind_code=reading.kind,
        label=str(reading.label),
        is_right=reading.normal is not None,
        normal=reading.normal,
        error_code=reading.error_code,
        hint=None if reading.hint is None else str(reading.hint),
        parts=[CodePart(label=str(part.label), value=part.value) for part in reading.parts],
        meant=list(reading.meant),
    )


def _label_of(found: Mapping[str, Any]) -> IdentifiedLabel:
    said, finding = found["said"], found["finding"]
    return IdentifiedLabel(
        name_zh=said["name"],
        specification=said["specification"],
        holder_name=said["holder"],
        approval_number=said["approval_number"],
        strengths=found["strengths"],
        pack_count=found["pack_count"],
        pack_unit=found["pack_unit"],
        not_understood=found["not_understood"],
        finding=IdentityFinding(
            state_code=finding["state"],
            method_code=finding["method"],
            **{name: finding[name] for name in ("score", "evidence", "product_id", "concept_id")},
        ),
        rungs=[
            IdentityRung(
                method_code=each["method"],
                **{name: each[name] for name in ("label", "code", "approval_numbers")},
            )
            for each in found["rungs"]
        ],
        candidates=[
            IdentityCandidate(**{name: each[name] for name in ("is_found", "compared", "product_id")})
            for each in found["candidates"]
        ],
    )
