"""What is asked, as a tree: pages and look-ups of entities, under conditions, and what of them is shown."""

from dataclasses import dataclass
from enum import StrEnum

from schema.declare import Dimension, Entity, EntityField
from schema.plan.values import Value
from schema.search_rules import Kind


class Operator(StrEnum):
    """How a column is compared; the values are the names in the graph's filters."""

    EQ = "eq"
    IN = "in"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    GTE = "gte"
    LTE = "lte"
    IS_NULL = "isNull"
    #: the division or one below it
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison of a column."""

    field: EntityField
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class All:
    """All of them hold; none: nothing is asked."""

    parts: tuple["Where", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them holds."""

    parts: tuple["Where", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold; a comparison with nothing counts as not holding."""

    part: "Where"


class Tie(StrEnum):
    """How a related row's column fits this row's."""

    EQUAL = "equal"
    #: its division is this one or one below it
    BELOW = "below"
    #: its division is above this one
    ABOVE = "above"
    #: it is the first two digits of this division
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Join:
    """`remote`, of the related rows, fits `local`, of the row that they are related to."""

    local: str
    remote: str
    tie: Tie = Tie.EQUAL


@dataclass(frozen=True, slots=True)
class Times:
    """Which rows of a fact count: those of an instant of the world, as known at an instant.

    None: now. `periods`: of whatever instant of the world; what rows are related to is of this instant all the same.
    """

    as_of: Value | None = None
    known_at: Value | None = None
    periods: bool = False


NOW = Times()


@dataclass(frozen=True, slots=True)
class Related:
    """There is a related row for which it holds."""

    entity: type[Entity]
    times: Times
    joins: tuple[Join, ...]
    where: "Where"


Where = Compare | All | AnyOf | Not | Related


@dataclass(frozen=True, slots=True)
class Order:
    """One column to order by. Nothing comes after everything, and first when descending."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of an order a page has: the first ones, or (backward) the last ones."""

    size: int
    backward: bool = False
    #: values of the order's columns in the rows that enclose the page
    after: tuple[Value, ...] | None = None
    before: tuple[Value, ...] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one entity. A join ties them to the row that they are nested in."""

    entity: type[Entity]
    times: Times
    joins: tuple[Join, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a source in an order that tells all rows apart."""

    source: Source
    order: tuple[Order, ...]
    window: Window


def complete_order(entity: type[Entity], asked: tuple[Order, ...]) -> tuple[Order, ...]:
    """The order asked for, completed by the entity's key."""
    named = {order.column for order in asked}
    return asked + tuple(Order(column) for column in entity.about.key if column not in named)


# What is shown. Each has the key under which it stands in the answer.


@dataclass(frozen=True, slots=True)
class Word:
    """A text that is the same for all rows: the name of a type."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column of the row."""

    key: str
    field: EntityField


@dataclass(frozen=True, slots=True)
class Nested:
    """An object made of the same row, or of none: the root of another instant."""

    key: str
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class One:
    """At most one related row; the first by key where several fit."""

    key: str
    source: Source
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Through:
    """A column of the one related row."""

    key: str
    source: Source
    field: EntityField


@dataclass(frozen=True, slots=True)
class Origin:
    """The row of the fact since which this row's column has had its value without a change."""

    key: str
    source: Source
    field: EntityField
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A page and what of it is shown."""

    key: str
    page: Page
    parts: tuple["PagePart", ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The rows of one kind: what a row of several kinds leads to where it is of this one."""

    kind: str
    #: its joins start from columns of the row of several kinds
    source: Source
    #: the first in this order is taken
    order: tuple[Order, ...]
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Fork:
    """The row that a row of several kinds leads to: an object of a union or an interface.

    A row of several kinds has the columns `kind`, and what its ways start from, named by type and position, so that
    columns of one type serve several kinds: `bigint_1`, `text_2`.
    """

    key: str
    ways: tuple[Way, ...]


class Aspect(StrEnum):
    """What is told of a change beside the fact."""

    KIND = "kind"
    #: of which kind of facts
    ENTITY = "entity"
    RECORDED_AT = "recorded_at"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Feed:
    """The changes of one kind of facts."""

    name: str
    entity: type[Entity]


@dataclass(frozen=True, slots=True)
class OfChange:
    """One thing told of a change."""

    key: str
    aspect: Aspect
    #: what the change may be of
    feeds: tuple[Feed, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What the hub learned after a place, in the order in which it learned it: rows of several kinds.

    Beside their keys the rows have `at` and `batch_id`.
    """

    feeds: tuple[Feed, ...]
    size: int
    #: a cursor; None: from the beginning
    since: Value | None


@dataclass(frozen=True, slots=True)
class Hits:
    """What a text is found in, the best first: rows of several kinds.

    Beside identifiers the rows have `rank` and `label`.
    """

    text: Value
    kinds: tuple[Kind, ...]
    size: int
    #: a cursor; None: from the best
    after: Value | None


@dataclass(frozen=True, slots=True)
class OfHit:
    """A column of a hit."""

    key: str
    column: str


@dataclass(frozen=True, slots=True)
class Mixed:
    """A page of rows of several kinds."""

    key: str
    rows: Changes | Hits
    parts: tuple["Word | Edges | Nodes | Info", ...]


Part = Word | Leaf | Nested | One | Through | Origin | Many | Fork | OfChange | OfHit | Mixed


# What is shown of a page.


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a row stands in the order."""

    key: str


@dataclass(frozen=True, slots=True)
class RowParts:
    """The row itself."""

    key: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Edges:
    """The page's rows, each with what goes with it."""

    key: str
    parts: tuple["Word | Cursor | RowParts", ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The page's rows."""

    key: str
    parts: tuple[Part, ...]


class Mark(StrEnum):
    """What is told of where a page stands."""

    HAS_NEXT = "has_next"
    HAS_PREVIOUS = "has_previous"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing told of where a page stands."""

    key: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Info:
    """Where the page stands."""

    key: str
    parts: tuple[Word | Told, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows the source has, on this page or others."""

    key: str


class Statistic(StrEnum):
    """What is worked out of the values of a column; the values are the names in the graph."""

    COUNT = "count"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    AVERAGE = "average"
    MEDIAN = "median"
    QUANTILE = "quantile"


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic of a column's values that are not nothing."""

    key: str
    field: EntityField
    statistic: Statistic
    #: of a quantile, from 0 to 1
    at: Value | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What is worked out of one column."""

    key: str
    parts: tuple[Word | Figure, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What is worked out of all rows: their number, and figures of columns."""

    key: str
    parts: tuple[Word | Total | Figures, ...]


@dataclass(frozen=True, slots=True)
class GroupValue:
    """The value that a group's rows have in common; nothing where the group is not made by it."""

    key: str
    dimension: Dimension
    #: of a division: what is shown of it
    parts: tuple[Part, ...] | None = None


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What a group's rows have in common."""

    key: str
    parts: tuple[Word | GroupValue, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One group: what its rows have in common, and what is worked out of them."""

    key: str
    parts: tuple[Word | GroupKey | Aggregate, ...]


@dataclass(frozen=True, slots=True)
class GroupEdges:
    """The groups, each with its place."""

    key: str
    parts: tuple[Word | Cursor | Group, ...]


@dataclass(frozen=True, slots=True)
class GroupNodes:
    """The groups."""

    key: str
    parts: tuple[Word | GroupKey | Aggregate, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """A page of the groups of a source's rows, in the order of what they have in common."""

    key: str
    by: tuple[Dimension, ...]
    size: int
    after: tuple[Value, ...] | None
    parts: tuple[Word | GroupEdges | GroupNodes | Info, ...]


PagePart = Word | Edges | Nodes | Info | Total | Aggregate | Groups
