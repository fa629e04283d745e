"""How a field of an entity is declared, once (label, unit, scope, release class), and how others read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, cast, get_args, get_origin

from pydantic.fields import FieldInfo
from sqlalchemy import BigInteger, DateTime, String
from sqlmodel import Field, SQLModel

from schema.provider import Provider
from schema.rows import RowRule
from schema.scopes import Scope


class Release(StrEnum):
    """Who may be shown a field outside the graph: everyone, nobody without a token, nobody at all."""

    OPEN = "open"
    RESTRICTED = "restricted"
    CLOSED = "closed"


class Filled(StrEnum):
    """Who fills a field: the connector from the feed's row, or the hub while it takes the row in."""

    CONNECTOR = "connector"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Label:
    """A name as people read it, Chinese first."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"


@dataclass(frozen=True, slots=True)
class Declaration:
    """Everything said about one field beside its name and type."""

    label: Label
    #: scope that may read it; None: the scope of its entity
    scope: Scope | None
    release: Release
    unit: str | None
    filled: Filled
    filterable: bool
    sortable: bool
    #: whether it is a number to be added up and averaged; what has a unit is, unless it says otherwise
    measured: bool
    #: what a reader must know beyond the label, Chinese then English
    note: Label | None
    #: whether it is a 64-bit identifier
    is_id: bool
    #: whether it is a number of 64 bits, which the graph's Int cannot hold
    is_big: bool
    #: whether the store writes infinity for an end that has not come; readers are given nothing instead
    is_open_ended: bool
    #: whether it is when the hub did something, not when something held in the world: two hubs that know the
    #: same may differ in it
    is_recorded: bool
    #: regular expression a text value has to match, in the dialect that Rust, PostgreSQL and Python share
    pattern: str | None


@dataclass(frozen=True, slots=True)
class ToOne:
    """A relation to at most one row of another entity: `target.remote = this.local`."""

    name: str
    label: Label
    target: str
    local: str
    remote: str


@dataclass(frozen=True, slots=True)
class ToMany:
    """A relation to the rows of another entity that point here: `target.remote = this.local`."""

    name: str
    label: Label
    target: str
    local: str
    remote: str
    #: the column with this row's division code, where the target is kept in one partition a province (its
    #: `province_code`) and all its rows that point here lie in this row's province
    province_of: str | None = None


@dataclass(frozen=True, slots=True)
class Below:
    """A relation from a division to rows of its whole subtree, this division included.

    `local` and `remote` are division codes; rows of `target` whose `remote` is this division or one below it.
    """

    name: str
    label: Label
    target: str
    local: str
    remote: str


@dataclass(frozen=True, slots=True)
class Above:
    """A relation from a division to the divisions above it, from the country down, this one not included.

    `local` and `remote` are division codes.
    """

    name: str
    label: Label
    target: str
    local: str
    remote: str


Relation = ToOne | ToMany | Below | Above


class Part(StrEnum):
    """What of a column's value rows are grouped by."""

    WHOLE = "whole"
    #: of a division code: the division of that level that it lies in
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    #: of a date, or of an instant in China's time
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Dimension:
    """What rows may be grouped by: a column of theirs, or of the one row that `path` leads to."""

    name: str
    label: Label
    column: str
    part: Part = Part.WHOLE
    #: names of to-one relations, from this entity on
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entity is, declared beside its fields."""

    label: Label
    #: whose data it is
    provider: Provider
    #: what many of them are called: the name of the root of the graph that gives them
    plural: str
    scope: Scope
    #: columns that say which thing a row is about, without its periods
    key: tuple[str, ...]
    #: which callers see which of its rows
    rows: RowRule
    relations: tuple[Relation, ...] = ()
    #: what its rows may be grouped by
    dimensions: tuple[Dimension, ...] = ()
    #: whether rows carry periods and provenance (entities fed by connectors) or not (the hub's own books)
    temporal: bool = True
    #: whether several feeds state it, each in an order of its own: a statement may always be about an earlier instant
    of_many_feeds: bool = False
    #: whether it may be stated before it holds, as a list that takes effect later: what holds now is asked of the clock
    may_be_ahead: bool = False
    #: the most that any of its fields may be shown, inherited ones too
    release: Release = Release.OPEN
    #: what the root says of all of them, where that is more than their label
    roots: Label | None = None


class Entity(SQLModel):
    """Base of all entities; `about` says what the entity is."""

    about: ClassVar[Subject]


@dataclass(frozen=True, slots=True)
class EntityField:
    """One declared field as the rest of the house reads it."""

    name: str
    python_type: type
    nullable: bool
    declaration: Declaration
    scope: Scope
    #: as declared, but never more open than its entity
    release: Release

    @property
    def label(self) -> Label:
        """The field's label."""
        return self.declaration.label

    @property
    def is_open(self) -> bool:
        """Whether the public may have it."""
        return self.release is Release.OPEN


def declared(
    zh: str,
    en: str,
    *,
    release: Release = Release.CLOSED,
    scope: Scope | None = None,
    unit: str | None = None,
    filled: Filled = Filled.CONNECTOR,
    filterable: bool = False,
    sortable: bool = False,
    measured: bool | None = None,
    note: tuple[str, str] | None = None,
    pattern: str | None = None,
    is_id: bool = False,
    is_big: bool = False,
    is_open_ended: bool = False,
    is_recorded: bool = False,
    sql_type: Any = None,
    **column: Any,
) -> Any:
    """Declare a field of an entity. What is not said is refused: release is closed unless stated otherwise.

    A number with a unit is a measure, unless `measured` says otherwise: of a co-ordinate it does. `sql_type`
    overrides the column type that follows from the annotation; further keywords go to SQLModel.
    """
    declaration = Declaration(
        label=Label(zh, en),
        scope=scope,
        release=release,
        unit=unit,
        filled=filled,
        filterable=filterable,
        sortable=sortable,
        measured=unit is not None if measured is None else measured,
        note=Label(*note) if note else None,
        is_id=is_id,
        is_big=is_big,
        is_open_ended=is_open_ended,
        is_recorded=is_recorded,
        pattern=pattern,
    )
    if sql_type is not None or is_big:
        column["sa_type"] = sql_type or BigInteger
    return Field(
        title=zh,
        description=str(declaration.label),
        schema_extra={"json_schema_extra": {_KEY: declaration}},
        **column,
    )


def identifier(zh: str, en: str, **rest: Any) -> Any:
    """Declare a stable 64-bit identifier (`schema.ids`); the graph shows it as an ID, for Int has 32 bits."""
    return declared(zh, en, sql_type=BigInteger, filled=Filled.HUB, is_id=True, **rest)


def instant(zh: str, en: str, **rest: Any) -> Any:
    """Declare an instant: stored with time zone, always UTC."""
    return declared(zh, en, sql_type=DateTime(timezone=True), **rest)


def recorded(zh: str, en: str, **rest: Any) -> Any:
    """Declare an instant of the hub's own doing, as its clock had it."""
    return instant(zh, en, filled=Filled.HUB, is_recorded=True, **rest)


def coded(zh: str, en: str, **rest: Any) -> Any:
    """Declare a coded text: compared byte by byte, so that a range of codes is a range of the index."""
    return declared(zh, en, sql_type=String(collation="C"), **rest)


_KEY = "declaration"


@cache
def fields_of(entity: type[Entity]) -> tuple[EntityField, ...]:
    """The declared fields of an entity in the order they are written down, its own before those of its bases.

    Raises TypeError for a field that was written without `declared`.
    """
    written = [name for base in entity.__mro__ if issubclass(base, Entity) for name in base.__annotations__]
    own_first = dict.fromkeys(name for name in written if name in entity.model_fields)
    return tuple(_field(entity, name, entity.model_fields[name]) for name in own_first)


def graph_fields(entity: type[Entity]) -> Iterator[EntityField]:
    """The fields that the graph has: all but the closed ones."""
    return (field for field in fields_of(entity) if field.release is not Release.CLOSED)


def field_of(entity: type[Entity], name: str) -> EntityField:
    """One declared field by name; KeyError when the entity has none of that name."""
    for field in fields_of(entity):
        if field.name == name:
            return field
    raise KeyError(f"{entity.__name__} has no field {name}")


def _field(entity: type[Entity], name: str, info: FieldInfo) -> EntityField:
    declaration = _declaration(entity, name, info)
    python_type, nullable = _unwrap(info.annotation)
    scope = declaration.scope or entity.about.scope
    release = max(declaration.release, entity.about.release, key=list(Release).index)
    return EntityField(name, python_type, nullable, declaration, scope, release)


def _declaration(entity: type[Entity], name: str, info: FieldInfo) -> Declaration:
    extra = info.json_schema_extra
    if not isinstance(extra, dict) or _KEY not in extra:
        raise TypeError(f"{entity.__name__}.{name} is not declared: write it with declared()")
    return cast("Declaration", extra[_KEY])


def _unwrap(annotation: Any) -> tuple[type, bool]:
    """`str | None` → (str, True)."""
    if get_origin(annotation) in (Union, UnionType):
        inner = [part for part in get_args(annotation) if part is not NoneType]
        return cast("type", inner[0]), True
    return cast("type", annotation), False
