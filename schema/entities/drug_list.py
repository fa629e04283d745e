"""Lists of medicines that are published: key monitoring, shortage, stops to be reported; national, provincial, city."""

from typing import ClassVar

from schema.declare import Label, Release, Subject, ToMany, coded
from schema.entities.dimensions import by
from schema.entities.fact import fact_table
from schema.entities.listed import (
    BY_ENTRY,
    BY_ENTRY_MATCH,
    BY_LIST,
    BY_MOVE,
    BY_VERSION,
    EntryMatch,
    ListEntry,
    ListHead,
    ListMove,
    ListVersion,
    relations_of_entry,
    relations_of_list,
    relations_of_match,
    relations_of_move,
    relations_of_version,
)
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_KEY = ("id",)


class DrugList(ListHead, table=True):
    """清单."""

    __tablename__ = "drug_list"
    __table_args__ = fact_table("drug_list", _KEY, ("region_code", "id"), ("version_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("药品清单", "List of medicines"),
        plural="drug_lists",
        roots=Label(
            "重点监测、短缺、停产报告等药品清单",
            "Lists of medicines: key monitoring, shortage, stops to be reported",
        ),
        scope=Scope.LIST_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=EVERYBODY,
        relations=(
            *relations_of_list("DrugListVersion", "DrugListEntry", "ListChange"),
            ToMany("proposals", Label("拟议", "Proposed versions"), "ListProposal", "id", "list_id"),
        ),
        dimensions=(by("kind", "清单类型", "Kind of list", "kind_code"), *BY_LIST),
        may_be_ahead=True,
    )

    kind_code: str = coded(
        "清单类型",
        "Kind of list",
        release=Release.OPEN,
        filterable=True,
        note=(
            (
                "key_monitoring 临床必需易短缺药品重点监测清单，shortage 短缺药品清单，"
                "discontinuation_reportable 停产报告药品公告清单，watch 专项监测清单"
            ),
            "key monitoring, shortage, stops to be reported, or a watch for an occasion",
        ),
    )


class DrugListVersion(ListVersion, table=True):
    """清单版本."""

    __tablename__ = "drug_list_version"
    __table_args__ = fact_table("drug_list_version", _KEY, ("list_id", "effective_on", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("清单版本", "Version of a list"),
        plural="drug_list_versions",
        scope=Scope.LIST_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=EVERYBODY,
        relations=(
            *relations_of_version("DrugList", "ListChange"),
            ToMany(
                "proposals", Label("其拟议", "Proposals that led to it"), "ListProposal", "id", "version_id"
            ),
        ),
        dimensions=(by("kind", "清单类型", "Kind of list", "kind_code", "list"), *BY_VERSION),
    )


class DrugListEntry(ListEntry, table=True):
    """清单条目."""

    __tablename__ = "drug_list_entry"
    __table_args__ = fact_table("drug_list_entry", _KEY, ("list_id", "name_zh", "id"), ("concept_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("清单条目", "Entry of a list"),
        plural="drug_list_entries",
        roots=Label("清单在列药品；用 at 问任一时刻", "Medicines on the lists; use `at` for any instant"),
        scope=Scope.LIST_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=EVERYBODY,
        relations=relations_of_entry("DrugList", "ListChange", "ListMatch"),
        dimensions=(by("list_kind", "清单类型", "Kind of list", "kind_code", "list"), *BY_ENTRY),
        may_be_ahead=True,
    )


class ListChange(ListMove, table=True):
    """清单变动."""

    __tablename__ = "list_change"
    __table_args__ = fact_table(
        "list_change", _KEY, ("list_id", "effective_on", "id"), ("version_id", "id"), ("entry_id", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("清单变动", "Change of a list"),
        plural="list_changes",
        roots=Label(
            "调入与调出，附原因与文件", "What came onto the lists and left them, why, and by which document"
        ),
        scope=Scope.LIST_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=EVERYBODY,
        relations=relations_of_move("DrugList", "DrugListVersion", "DrugListEntry", "ListMatch"),
        dimensions=(by("list_kind", "清单类型", "Kind of list", "kind_code", "list"), *BY_MOVE),
    )


class ListMatch(EntryMatch, table=True):
    """清单条目所指药品. The hub works it out, and anew when words of either change."""

    __tablename__ = "list_match"
    __table_args__ = fact_table("list_match", _KEY, ("entry_id", "id"), ("product_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("清单条目所指药品", "Medicine that an entry of a list means"),
        plural="list_matches",
        scope=Scope.LIST_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=EVERYBODY,
        relations=relations_of_match("DrugListEntry", "ListChange"),
        dimensions=BY_ENTRY_MATCH,
    )
