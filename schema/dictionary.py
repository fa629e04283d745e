"""The data dictionary: what every field means, rendered from its declaration."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.declare import EntityField, fields_of
from schema.entities import ENTITIES, Entity


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the dictionary."""

    table: str
    table_label_zh: str
    table_label_en: str
    column: str
    label_zh: str
    label_en: str
    #: identifier, text, integer, decimal, date, instant or boolean
    kind: str
    unit: str | None
    note_zh: str | None
    note_en: str | None
    release: str
    scope: str


_KINDS = {
    "str": "text",
    "int": "integer",
    "Decimal": "decimal",
    "date": "date",
    "datetime": "instant",
    "bool": "boolean",
}


def dictionary() -> Iterator[Entry]:
    """All fields of all entities, in the order of their declaration."""
    for entity in ENTITIES:
        for field in fields_of(entity):
            yield entry_of(entity, field)


def entry_of(entity: type[Entity], field: EntityField) -> Entry:
    """The line of one field."""
    note = field.declaration.note
    return Entry(
        table=str(entity.__tablename__),
        table_label_zh=entity.about.label.zh,
        table_label_en=entity.about.label.en,
        column=field.name,
        label_zh=field.label.zh,
        label_en=field.label.en,
        kind="identifier" if field.declaration.is_id else _KINDS[field.python_type.__name__],
        unit=field.declaration.unit,
        note_zh=note.zh if note else None,
        note_en=note.en if note else None,
        release=field.release.value,
        scope=field.scope.value,
    )
