"""What lists of medicines share, the published ones and those of reserves: versions, entries, changes, matches.

A list is sent whole, one file for each version, as of the day on which it takes effect. Its entries have periods; a
version and a change are said once and stay. A match says which registered medicine an entry means; it is stored, and
follows the words of both.
"""

from datetime import date
from typing import Any

from schema.declare import Filled, Label, Release, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date, by_medicine, by_region
from schema.entities.fact import Fact

_OPEN = Release.OPEN


def _id(zh: str, en: str, **rest: Any) -> Any:
    return identifier(zh, en, release=_OPEN, filterable=True, **rest)


class ListWords(Fact):
    """How a list names a medicine."""

    scope_level_code: str = coded(
        "层级",
        "Level",
        release=_OPEN,
        filterable=True,
        note=(
            "substance 按通用名，concept_form 按通用名与剂型，concept_strength 并按规格，product 按批准文号",
            "by name; by name and form; by strength too; or one approval number",
        ),
    )
    name_zh: str = declared("药品名称", "Name", release=_OPEN, filterable=True, sortable=True)
    dosage_form: str | None = declared("剂型", "Dosage form", release=_OPEN, filterable=True, sortable=True)
    strength_text: str | None = declared("规格", "Strength", release=_OPEN, filterable=True)
    approval_number: str | None = coded("批准文号", "Approval number", release=_OPEN, filterable=True)


class ListHead(Fact):
    """A list: one for each sender, kind and division."""

    id: int = _id("清单标识", "List identifier", sortable=True)
    sender_code: str = coded("发送方代码", "Sender code", release=_OPEN, filled=Filled.HUB, filterable=True)
    name: str = declared("清单名称", "Name of the list", release=_OPEN, filterable=True, sortable=True)
    region_code: str = coded("行政区划代码", "Division code", release=_OPEN, filterable=True, sortable=True)
    level_code: str = coded(
        "层级",
        "Level",
        release=_OPEN,
        filled=Filled.HUB,
        filterable=True,
        note=(
            "country 国家，province 省级，city 市级，county 县级",
            "of the country, a province, a city or a county",
        ),
    )
    version_id: int = _id("现行版本标识", "Identifier of the version in force")


class ListVersion(Fact):
    """A version of a list, and the document that publishes it."""

    id: int = _id("版本标识", "Version identifier", sortable=True)
    list_id: int = _id("清单标识", "List identifier")
    effective_on: date = declared("生效日期", "Effective on", release=_OPEN, filterable=True, sortable=True)
    announced_on: date | None = declared(
        "公布日期", "Announced on", release=_OPEN, filterable=True, sortable=True
    )
    document_title: str = declared("文件名称", "Title of the document", release=_OPEN, filterable=True)
    document_number: str | None = declared("文号", "Document number", release=_OPEN, filterable=True)
    document_url: str | None = declared("文件网址", "Address of the document", release=_OPEN)


class ListEntry(ListWords):
    """A medicine on a list, for as long as it is on it."""

    id: int = _id("条目标识", "Entry identifier", sortable=True)
    list_id: int = _id("清单标识", "List identifier")
    category_name: str | None = declared(
        "类别", "Part of the list", release=_OPEN, filterable=True, sortable=True
    )
    strength: str | None = declared(
        "规范剂量",
        "Strength, normalised",
        release=_OPEN,
        filterable=True,
        note=("空为未写规格或未能完全读懂", "empty: none stated, or not understood to the last character"),
    )
    concept_id: int | None = _id(
        "概念标识",
        "Concept identifier",
        note=("只在名称、剂型、规格俱全时才有", "only where name, form and strength make one"),
    )
    reason_code: str = coded(
        "列入原因",
        "Reason for coming in",
        release=_OPEN,
        filterable=True,
        note=(
            "用词同变动原因；not_stated 为未说明",
            "in the words of changes; not_stated: the file says none",
        ),
    )
    remark: str | None = declared("备注", "Remark", release=_OPEN, filterable=True)


class ListMove(ListWords):
    """A medicine comes onto a list or leaves it, by a version."""

    id: int = _id("变动标识", "Change identifier", sortable=True)
    list_id: int = _id("清单标识", "List identifier")
    version_id: int = _id("版本标识", "Version identifier")
    entry_id: int = _id("条目标识", "Entry identifier")
    effective_on: date = declared("生效日期", "Effective on", release=_OPEN, filterable=True, sortable=True)
    direction_code: str = coded(
        "变动",
        "Change",
        release=_OPEN,
        filterable=True,
        note=("in 调入，out 调出", "in: comes onto the list; out: leaves it"),
    )
    reason_code: str = coded(
        "变动原因",
        "Reason",
        release=_OPEN,
        filterable=True,
        note=(
            (
                "调入：clinically_necessary 临床必需，short_of_supply 易短缺，poorly_replaceable 替代性差，"
                "small_demand 用量小，low_price 价格偏低，weak_motivation 生产动力不足，stop_report_needed 需停产报告；"
                "调出：market_supplied 市场供应充足，competition 能够形成有效竞争，replaceable 可被更优品种替代；"
                "other 其他，not_stated 未说明"
            ),
            (
                "why it comes in: needed, short of supply, poorly replaceable, small demand, low price, weak motivation"
                " of makers, stops to be reported; why it leaves: supplied, competition, replaceable; or not stated"
            ),
        ),
    )
    reason_text: str | None = declared("原因说明", "Reason, in words", release=_OPEN)


class ProductMatch(Fact):
    """Words of a list mean a registered medicine: how that is known."""

    id: int = _id("对应标识", "Match identifier", sortable=True)
    product_id: int = _id("药品标识", "Product identifier")
    approval_number: str = coded(
        "批准文号", "Approval number", release=_OPEN, filled=Filled.HUB, filterable=True, sortable=True
    )
    method_code: str = coded(
        "对应方法",
        "Match method",
        release=_OPEN,
        filled=Filled.HUB,
        filterable=True,
        note=(
            "approval_number 批准文号，former_number 原批准文号，name 名称全同，base_name 名称不含酸根盐基",
            "its number, a former number, the same name, or the name without its salt",
        ),
    )
    evidence: str = declared("对应依据", "Match evidence", release=_OPEN, filled=Filled.HUB)


class EntryMatch(ProductMatch):
    """An entry of a list means a registered medicine."""

    entry_id: int = _id("条目标识", "Entry identifier")


def relations_of_list(versions: str, entries: str, moves: str) -> tuple[ToOne | ToMany, ...]:
    """The relations of a list to what it holds."""
    return (
        ToOne("region", Label("所属区划", "Division it is of"), "Region", "region_code", "code"),
        ToOne("version", Label("现行版本", "Version in force"), versions, "version_id", "id"),
        ToMany("versions", Label("各版本", "All versions"), versions, "id", "list_id"),
        ToMany("entries", Label("在列药品", "Entries"), entries, "id", "list_id"),
        ToMany("changes", Label("历次变动", "All changes"), moves, "id", "list_id"),
    )


def relations_of_version(head: str, moves: str) -> tuple[ToOne | ToMany, ...]:
    """The relations of a version."""
    return (
        ToOne("list", Label("清单", "List"), head, "list_id", "id"),
        ToOne("in_force_on", Label("以之为现行版本的清单", "List on which it is in force"), head, "id", "version_id"),
        ToMany("changes", Label("本版变动", "Changes it brings"), moves, "id", "version_id"),
    )  # fmt: skip


def relations_of_entry(head: str, moves: str, matches: str) -> tuple[ToOne | ToMany, ...]:
    """The relations of an entry."""
    return (
        ToOne("list", Label("清单", "List"), head, "list_id", "id"),
        ToOne("concept", Label("药品概念", "Concept"), "DrugConcept", "concept_id", "id"),
        ToMany("matches", Label("对应药品", "Medicines it means"), matches, "id", "entry_id"),
        ToMany("changes", Label("历次变动", "When it came in and left"), moves, "id", "entry_id"),
    )


def relations_of_move(head: str, versions: str, entries: str, matches: str) -> tuple[ToOne | ToMany, ...]:
    """The relations of a change."""
    return (
        ToOne("list", Label("清单", "List"), head, "list_id", "id"),
        ToOne("version", Label("版本", "Version that brings it"), versions, "version_id", "id"),
        ToOne("entry", Label("在列条目", "Entry, while it is on the list"), entries, "entry_id", "id"),
        ToMany("matches", Label("对应药品", "Medicines it is about"), matches, "entry_id", "entry_id"),
    )


def relations_of_match(entries: str, moves: str) -> tuple[ToOne | ToMany, ...]:
    """The relations of a match."""
    return (
        ToOne("entry", Label("在列条目", "Entry, while it is on the list"), entries, "entry_id", "id"),
        ToOne("product", Label("药品", "Medicinal product"), "Product", "product_id", "id"),
        ToMany("changes", Label("历次变动", "When it came in and left"), moves, "entry_id", "entry_id"),
    )


BY_LIST = (
    by("list", "清单标识", "List, by identifier", "id"),
    by("sender", "发送方", "Sender", "sender_code"),
    by("level", "层级", "Level", "level_code"),
    *by_region(),
)
BY_VERSION = (
    by("list", "清单标识", "List, by identifier", "list_id"),
    by("list_name", "清单名称", "Name of the list", "name", "list"),
    *by_date("effective", "生效日期", "Effective", "effective_on"),
)
BY_ENTRY = (
    by("list", "清单标识", "List, by identifier", "list_id"),
    by("list_name", "清单名称", "Name of the list", "name", "list"),
    by("list_level", "清单层级", "Level of the list", "level_code", "list"),
    by("scope_level", "层级", "Level", "scope_level_code"),
    by("form", "剂型", "Dosage form", "dosage_form"),
    by("category", "类别", "Part of the list", "category_name"),
    by("reason", "列入原因", "Reason for coming in", "reason_code"),
)
BY_MOVE = (
    by("list", "清单标识", "List, by identifier", "list_id"),
    by("list_name", "清单名称", "Name of the list", "name", "list"),
    by("version", "版本标识", "Version, by identifier", "version_id"),
    by("direction", "变动", "Change", "direction_code"),
    by("reason", "变动原因", "Reason", "reason_code"),
    *by_date("effective", "生效日期", "Effective", "effective_on"),
)
BY_ENTRY_MATCH = (
    by("method", "对应方法", "Match method", "method_code"),
    by("entry", "条目标识", "Entry, by identifier", "entry_id"),
    *by_medicine("product"),
)
