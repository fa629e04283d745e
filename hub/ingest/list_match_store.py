"""SQL of which medicines words of lists mean: the words of both, what is believed, and what is no longer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import asyncpg

from hub.ingest.list_matching import Meant, Medicine, Named
from schema.entities import Product, Substitution, SubstitutionMatch
from schema.entities.listed import ProductMatch
from schema.ids import stable_id
from schema.list_families import FAMILIES

#: whose words they are: a row's identifier, and which of its words
Owner = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Source:
    """Words of lists, and the table of what they mean."""

    match: type[ProductMatch]
    #: the table that the words are in
    table: str
    #: column of a match with the identifier of the row that has the words
    owner: str
    #: which words → the columns of name, form, strength and approval number; NULL where there is none
    words: Mapping[str, str]
    #: column of a match that says which words; None: a row has one name
    side: str | None = None

    @property
    def matches(self) -> str:
        """The table of matches."""
        return str(self.match.__tablename__)

    @property
    def which(self) -> str:
        """SQL of which words a match is about."""
        return self.side or "''"


_ENTRY_WORDS = {"": "name_zh, dosage_form, strength_text, approval_number"}
SOURCES = (
    *(Source(family.match, str(family.entry.__tablename__), "entry_id", _ENTRY_WORDS) for family in FAMILIES),
    Source(
        SubstitutionMatch,
        str(Substitution.__tablename__),
        "substitution_id",
        {"from": "from_name, from_form, NULL, NULL", "to": "to_name, to_form, NULL, NULL"},
        "side_code",
    ),
)


class Said(NamedTuple):
    """Words, and the row of a file that first says them."""

    words: Named
    valid_from: datetime
    batch_id: int
    row_number: int


class Match(NamedTuple):
    """A match as it is stored, without what follows from its place."""

    owner: int
    side: str
    product_id: int
    approval_number: str
    method_code: str
    evidence: str
    valid_from: datetime
    batch_id: int
    row_number: int


async def changed_ids(connection: asyncpg.Connection, table: str, column: str = "id") -> list[int]:
    """The things of a table that the batch in hand changes."""
    if not await connection.fetchval("SELECT to_regclass('pg_temp.change_' || $1) IS NOT NULL", table):
        return []
    rows = await connection.fetch(f"SELECT DISTINCT {column} FROM change_{table} WHERE {column} IS NOT NULL")
    return [row[0] for row in rows]


async def said(
    connection: asyncpg.Connection, source: Source, among: Sequence[int] | None = None
) -> list[Said]:
    """All words that are believed to have been said at any time; `among` these rows."""
    found = []
    for side, columns in source.words.items():
        rows = await connection.fetch(
            f"SELECT DISTINCT ON (id) id, {columns}, valid_from, batch_id, row_number FROM {source.table}"
            " WHERE superseded_at = 'infinity' AND ($1::bigint[] IS NULL OR id = ANY($1)) ORDER BY id, valid_from",
            among,
        )
        found += [Said(Named((row[0], side), *row[1:5]), *row[5:]) for row in map(tuple, rows)]
    return found


async def registered_names(connection: asyncpg.Connection) -> list[str]:
    """The names of all medicines that are registered or ever were."""
    rows = await connection.fetch("SELECT DISTINCT name_zh FROM product WHERE superseded_at = 'infinity'")
    return [row[0] for row in rows]


#: those that ever were called so: what they are called last is for the words to say
_NAMED_SO = (
    "p.id IN (SELECT id FROM product WHERE (name_zh = ANY($1) OR approval_number = ANY($2))"
    " AND superseded_at = 'infinity' UNION SELECT product_id FROM former_number"
    " WHERE former_number = ANY($2) AND superseded_at = 'infinity')"
)


async def medicines(
    connection: asyncpg.Connection,
    ids: Sequence[int] | None,
    names: Iterable[str] = (),
    numbers: Iterable[str] = (),
) -> list[Medicine]:
    """Medicines by their last words: these, or those that have these names, or these numbers now or formerly."""
    values: list[list[object]] = [list(ids)] if ids is not None else [list(names), list(numbers)]
    wanted = "p.id = ANY($1)" if ids is not None else _NAMED_SO
    rows = await connection.fetch(
        "SELECT DISTINCT ON (p.id) p.id, p.approval_number, ARRAY(SELECT DISTINCT f.former_number FROM former_number f"
        " WHERE f.product_id = p.id AND f.superseded_at = 'infinity' ORDER BY 1), p.name_zh, p.dosage_form,"
        f" p.specification FROM {Product.__tablename__} p WHERE p.superseded_at = 'infinity' AND ({wanted})"
        " ORDER BY p.id, p.valid_from DESC",
        *values,
    )
    return [Medicine(row[0], row[1], tuple(row[2]), *row[3:]) for row in map(tuple, rows)]


async def believed(
    connection: asyncpg.Connection, source: Source, owners: Sequence[int], products: Sequence[int]
) -> set[Match]:
    """What is believed of these rows' words and of these medicines."""
    rows = await connection.fetch(
        f"SELECT {source.owner}, {source.which}, product_id, approval_number, method_code, evidence, valid_from,"
        f" batch_id, row_number FROM {source.matches} WHERE superseded_at = 'infinity'"
        f" AND ({source.owner} = ANY($1) OR product_id = ANY($2))",
        owners,
        products,
    )
    return {Match(*row) for row in rows}


def match_of(say: Said, medicine: Medicine, known: Meant) -> Match:
    """The match of words and a medicine."""
    owner, side = say.words.key
    number, method = medicine.approval_number, known.method.value
    return Match(owner, side, medicine.id, number, method, known.evidence, *say[1:])


async def replace(
    connection: asyncpg.Connection,
    source: Source,
    gone: Iterable[Match],
    new: Iterable[Match],
    recorded_at: datetime,
) -> None:
    """Believe the one no longer, and the other from now on."""
    await connection.executemany(
        f"UPDATE {source.matches} SET superseded_at = $3 WHERE id = $1 AND valid_from = $2"
        " AND superseded_at = 'infinity'",
        [(_id(source, each), each.valid_from, recorded_at) for each in gone],
    )
    side = f", {source.side}" if source.side else ""
    await connection.executemany(
        f"INSERT INTO {source.matches} (id, {source.owner}, product_id, approval_number, method_code, evidence,"
        f" valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number{side}) VALUES"
        f" ($1, $2, $3, $4, $5, $6, $7, 'infinity', $8, 'infinity', $9, $10{', $11' if source.side else ''})",
        [_row(source, each, recorded_at) for each in sorted(new)],
    )


def _id(source: Source, match: Match) -> int:
    return stable_id(source.matches, str(match.owner), match.side, str(match.product_id))


def _row(source: Source, match: Match, recorded_at: datetime) -> tuple[object, ...]:
    values = (
        *(_id(source, match), match.owner, match.product_id, match.approval_number, match.method_code),
        *(match.evidence, match.valid_from, recorded_at, match.batch_id, match.row_number),
    )
    return (*values, match.side) if source.side else values
