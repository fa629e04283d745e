"""What is held in reserve (储备). Entities of their own: none of their fields is open, or read without their scope."""

from decimal import Decimal
from typing import ClassVar

from schema.declare import Label, Release, Subject, declared
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
from schema.rows import BY_SENDER, InRegion, Through, limited
from schema.scopes import Scope

_KEY = ("id",)
_RESERVED = Release.RESTRICTED


class ReserveList(ListHead, table=True):
    """储备目录."""

    __tablename__ = "reserve_list"
    __table_args__ = fact_table("reserve_list", _KEY, ("region_code", "id"), ("version_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("储备目录", "List of reserves"),
        plural="reserve_lists",
        scope=Scope.RESERVE_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=limited(InRegion("region_code"), *BY_SENDER),
        relations=relations_of_list("ReserveListVersion", "ReserveEntry", "ReserveChange"),
        dimensions=BY_LIST,
        may_be_ahead=True,
        release=_RESERVED,
    )


class ReserveListVersion(ListVersion, table=True):
    """储备目录版本."""

    __tablename__ = "reserve_list_version"
    __table_args__ = fact_table("reserve_list_version", _KEY, ("list_id", "effective_on", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("储备目录版本", "Version of a list of reserves"),
        plural="reserve_list_versions",
        scope=Scope.RESERVE_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=limited(Through("ReserveList", "list_id", "id")),
        relations=relations_of_version("ReserveList", "ReserveChange"),
        dimensions=BY_VERSION,
        release=_RESERVED,
    )


class ReserveEntry(ListEntry, table=True):
    """储备品种."""

    __tablename__ = "reserve_entry"
    __table_args__ = fact_table("reserve_entry", _KEY, ("list_id", "name_zh", "id"), ("concept_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("储备品种", "Medicine held in reserve"),
        plural="reserve_entries",
        scope=Scope.RESERVE_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=limited(Through("ReserveList", "list_id", "id")),
        relations=relations_of_entry("ReserveList", "ReserveChange", "ReserveMatch"),
        dimensions=BY_ENTRY,
        may_be_ahead=True,
        release=_RESERVED,
    )

    holder_name: str | None = declared("承储单位", "Who holds it", release=_RESERVED, filterable=True)
    quantity: Decimal | None = declared(
        "储备数量", "Quantity", release=_RESERVED, filterable=True, sortable=True, measured=False
    )
    quantity_unit: str | None = declared(
        "数量单位", "Unit of the quantity", release=_RESERVED, filterable=True
    )


class ReserveChange(ListMove, table=True):
    """储备变动."""

    __tablename__ = "reserve_change"
    __table_args__ = fact_table(
        "reserve_change", _KEY, ("list_id", "effective_on", "id"), ("version_id", "id"), ("entry_id", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("储备变动", "Change of a list of reserves"),
        plural="reserve_changes",
        scope=Scope.RESERVE_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=limited(Through("ReserveList", "list_id", "id")),
        relations=relations_of_move("ReserveList", "ReserveListVersion", "ReserveEntry", "ReserveMatch"),
        dimensions=BY_MOVE,
        release=_RESERVED,
    )


class ReserveMatch(EntryMatch, table=True):
    """储备品种所指药品."""

    __tablename__ = "reserve_match"
    __table_args__ = fact_table("reserve_match", _KEY, ("entry_id", "id"), ("product_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("储备品种所指药品", "Medicine that a reserve is of"),
        plural="reserve_matches",
        scope=Scope.RESERVE_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=limited(Through("ReserveEntry", "entry_id", "id")),
        relations=relations_of_match("ReserveEntry", "ReserveChange"),
        dimensions=BY_ENTRY_MATCH,
        release=_RESERVED,
    )
