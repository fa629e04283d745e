"""`listDiff`: what any two versions of a list have apart, and why what came in or left did so."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from schema.declare import field_of
from schema.entities import DrugListEntry, DrugListVersion, ListChange
from schema.graph.directives import requires
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.items import bounded, one
from schema.graph.resolve import Found, GraphInfo
from schema.graph.types import TYPES
from schema.plan.conditions import MAX_PAGE
from schema.plan.nodes import All, Compare, Operator, Order, Page, Source, Times, Where, Window
from schema.plan.values import Constant
from schema.scopes import Scope

_READ: Any = [requires(Scope.LIST_READ)]
#: entries of a version, and changes between two, that are compared; more are refused
MOST_COMPARED = 20_000
#: what of an entry may be said otherwise
_SAID = ("dosage_form", "strength_text", "category_name", "reason_code", "remark")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions with their entries, and the last change of each entry between them."""

    before: Found
    after: Found
    old: Mapping[int, Found]
    new: Mapping[int, Found]
    changes: Mapping[int, Found]


def _entity(name: str, entity: Any, description: str) -> Any:
    def resolve(root: Any) -> Any:
        return getattr(root, name)

    return strawberry.field(
        resolver=resolve, graphql_type=TYPES[entity] | None, description=description, directives=_READ
    )


@strawberry.type(description="两个版本的一处差别 One medicine on which two versions differ.")
class ListDiffLine:
    """One medicine on which two versions differ."""

    old: strawberry.Private[Found | None]
    new: strawberry.Private[Found | None]
    moved: strawberry.Private[Found | None]
    before: Any = _entity("old", DrugListEntry, "前一版本中的条目 The entry of the one version")
    after: Any = _entity("new", DrugListEntry, "后一版本中的条目 The entry of the other version")
    change: Any = _entity(
        "moved", ListChange, "两版本之间最后一次变动，含原因 The last change between them, with its reason"
    )


_After = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="上一页末条的条目标识 Identifier of the entry that ended the page before"
    ),
]


def _lines(name: str, description: str) -> Any:
    def resolve(root: "ListDiff", first: int = MAX_PAGE, after: _After = None) -> list[ListDiffLine]:
        return [root.line(key) for key in bounded(behind(root.keys(name), after), first)]

    return strawberry.field(
        resolver=resolve,
        description=f"{description}；按名称排列，一页至多 {MAX_PAGE} 条 by name, at most {MAX_PAGE} a page",
        directives=_READ,
    )


def _count(name: str, description: str) -> Any:
    def resolve(root: "ListDiff") -> int:
        return len(root.keys(name))

    return strawberry.field(resolver=resolve, description=description, directives=_READ)


def behind(keys: Sequence[int], after: str | None) -> Sequence[int]:
    """The keys behind one of them; all without one. Raises BAD_ARGUMENT where it is not among them."""
    if after is None:
        return keys
    key = _id(after)
    if key not in keys:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT,
            "after 须是上一页末条的条目标识。",
            "`after` must be the identifier of the entry that ended the page before",
        )
    return keys[keys.index(key) + 1 :]


def _version(name: str, description: str) -> Any:
    def resolve(root: "ListDiff") -> Any:
        return getattr(root.found, name)

    return strawberry.field(
        resolver=resolve, graphql_type=TYPES[DrugListVersion], description=description, directives=_READ
    )


@strawberry.type(description="一个清单两个版本的差别 What two versions of a list have apart.")
class ListDiff:
    """What two versions of a list have apart."""

    found: strawberry.Private[Compared]
    added: list[ListDiffLine] = _lines("added", "后者有而前者没有的 What only the other version has")
    removed: list[ListDiffLine] = _lines("removed", "前者有而后者没有的 What only the one version has")
    changed: list[ListDiffLine] = _lines("changed", "两者都有而说法不同的 What both have, and say otherwise")
    added_count: int = _count("added", "调入几条 How many came in")
    removed_count: int = _count("removed", "调出几条 How many left")
    changed_count: int = _count("changed", "改动几条 How many are said otherwise")

    from_version: Any = _version("before", "前一版本 The one version")
    to_version: Any = _version("after", "后一版本 The other version")

    def keys(self, name: str) -> list[int]:
        """The entries that were `added`, `removed` or `changed`, in the order of their names."""
        old, new = self.found.old, self.found.new
        if name == "removed":
            return [key for key in old if key not in new]
        if name == "added":
            return [key for key in new if key not in old]
        return [key for key in new if key in old and self._is_said_otherwise(key)]

    def line(self, key: int) -> ListDiffLine:
        """An entry as both versions have it, with its last change."""
        found = self.found
        return ListDiffLine(old=found.old.get(key), new=found.new.get(key), moved=found.changes.get(key))

    def _is_said_otherwise(self, key: int) -> bool:
        old, new = self.found.old[key].row, self.found.new[key].row
        return any(old[column] != new[column] for column in _SAID)


async def _list_diff(
    info: GraphInfo,
    from_: Annotated[
        strawberry.ID, strawberry.argument(name="from", description="前一版本的标识 The one version")
    ],
    to: Annotated[strawberry.ID, strawberry.argument(description="后一版本的标识 The other version")],
) -> ListDiff | None:
    before, after = [await one(info, DrugListVersion, _id(given)) for given in (from_, to)]
    if before is None or after is None:
        return None
    if before.list_id != after.list_id:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT,
            "from 与 to 须是同一清单的版本。",
            "`from` and `to` must be versions of one list",
        )
    old, new, changes = await asyncio.gather(
        entries_of(info, before), entries_of(info, after), _changes(info, before, after)
    )
    return ListDiff(found=Compared(before, after, old, new, changes))


async def entries_of(info: GraphInfo, version: Found) -> dict[int, Found]:
    """The entries that stand on the day of a version, by their identifiers, in the order of their names."""
    times = Times(as_of=Constant(version.valid_from))
    rows = await _rows(
        info, DrugListEntry, times, "name_zh", _equal(DrugListEntry, "list_id", version.list_id)
    )
    return {row["id"]: Found(DrugListEntry, row, times) for row in rows}


async def _changes(info: GraphInfo, before: Found, after: Found) -> dict[int, Found]:
    """By entry, its last change after the earlier version, up to the later one."""
    first, last = sorted((before.effective_on, after.effective_on))
    day = field_of(ListChange, "effective_on")
    where = All(
        (
            _equal(ListChange, "list_id", before.list_id),
            Compare(day, Operator.GTE, Constant(first)),
            Compare(day, Operator.LTE, Constant(last)),
        )
    )
    rows = await _rows(info, ListChange, Times(), "effective_on", where)
    return {row["entry_id"]: Found(ListChange, row) for row in rows if row["effective_on"] > first}


async def _rows(
    info: GraphInfo, entity: Any, times: Times, column: str, where: Where
) -> Sequence[Mapping[str, Any]]:
    """All rows, in order. Raises TOO_LARGE where they are more than are compared."""
    page = Page(Source(entity, times, (), where), (Order(column), Order("id")), Window(MOST_COMPARED))
    rows = await info.context.reader.page(page)
    if len(rows) > MOST_COMPARED:
        raise graph_error(
            ErrorCode.TOO_LARGE,
            f"一个版本的条目或两版本之间的变动超过 {MOST_COMPARED} 条，不作比较；请分页读取两个版本的条目。",
            f"a version's entries, or the changes between the two, are more than {MOST_COMPARED}: read the entries of"
            " both versions page by page",
            limit=MOST_COMPARED,
        )
    return rows


def _equal(entity: Any, column: str, value: Any) -> Compare:
    return Compare(field_of(entity, column), Operator.EQ, Constant(value))


def _id(given: str) -> int | None:
    """The identifier; None for a text that is none, as of a version that is not there."""
    text = str(given)
    return int(text) if text.isascii() and text.isdigit() and int(text) < 1 << 63 else None


#: the root field
list_diff_field: Any = strawberry.field(
    resolver=_list_diff,
    description="一个清单任意两个版本的差别：调入、调出（附原因）、改动；没有此版本则为空"
    " What any two versions of a list have apart: what came in, what left and why, what is said otherwise",
    directives=_READ,
)
