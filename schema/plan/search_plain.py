"""The search in plain Python, over things with their names and codes: what the statement has to agree with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schema.plan.search import After, Asked, Class
from schema.search import search_tokens, whole_key, whole_readings
from schema.search_index import document_id
from schema.search_rules import Kind


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be found. The first of its names is shown; its codes are without 国药准字."""

    kind: Kind
    id: int
    names: tuple[str, ...]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found."""

    kind: Kind
    id: int
    rank: str
    label: str


def search(things: Iterable[Thing], asked: Asked, limit: int, after: After | None = None) -> list[Hit]:
    """The best hits, as `schema.plan.search_sql.hits` gives them."""
    things = [thing for thing in things if thing.kind in asked.kinds]
    by_code = [hit for thing in things for hit in _by_code(thing, asked)]
    by_code_only = {hit.kind for hit in by_code}
    by_name = (hit for thing in things if thing.kind not in by_code_only for hit in _by_name(thing, asked))
    ranked = sorted((*by_code, *by_name), key=lambda hit: (hit.rank, hit.id))
    further = (hit for hit in ranked if after is None or (hit.rank, hit.id) > (after.rank, after.id))
    return [hit for hit, _ in zip(further, range(limit), strict=False)]


def _by_code(thing: Thing, asked: Asked) -> Iterator[Hit]:
    if asked.code is None or thing.kind not in asked.code_kinds:
        return
    found = [code for code in thing.codes if code.startswith(asked.code)]
    if found and set(asked.rest) <= _tokens(thing):
        yield Hit(thing.kind, thing.id, f"{Class.CODE}{min(found)}", thing.names[0])


def _by_name(thing: Thing, asked: Asked) -> Iterator[Hit]:
    class_ = _class_of(thing, asked)
    if asked.tokens and class_ is not None:
        rank = f"{class_}{document_id(thing.kind, thing.names):019}"
        yield Hit(thing.kind, thing.id, rank, thing.names[0])


def _class_of(thing: Thing, asked: Asked) -> Class | None:
    keys = {whole_key(name) for name in thing.names}
    if asked.key in keys:
        return Class.NAME
    if any(key.startswith(asked.key) for key in keys):
        return Class.BEGINNING
    if any(reading.startswith(asked.key) for name in thing.names for reading in whole_readings(name)):
        return Class.READING
    return Class.INSIDE if set(asked.tokens) <= _tokens(thing) else None


def _tokens(thing: Thing) -> set[str]:
    return set(search_tokens(*thing.names))
