"""Rows in quarantine: what each is about, and which new facts let some of them in."""

from dataclasses import dataclass
from hashlib import sha256

import polars as pl

from connectors.frame import Chunk, Normalised
from hub.ingest.keeping import KEEPINGS
from schema.declare import Entity
from schema.entities import Region

#: between the values of a key of several columns; no key has it in it
KEY_SEPARATOR = "/"
KEYED = "key:"
_HASHED = "sha256:"
_CELL_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows with this fault come in once an entity has what they name."""

    code: str
    #: column of the entity that the fault's text is looked for in
    column: str


#: by entity, the rows that its new facts may let in
LOOKUPS: dict[type[Entity], Lookup] = {
    Region: Lookup("row.unknown_region", "code"),
    **{keeping.place: Lookup(keeping.unknown, keeping.place_code) for keeping in KEEPINGS},
}


def identities(
    chunk: Chunk, normalised: Normalised, entity: type[Entity], key: tuple[str, ...]
) -> pl.DataFrame:
    """`row_number` and `identity` of a chunk's rows in quarantine: their key, or what they are made of."""
    faults = normalised.faults.filter(~pl.col("is_notice"))
    rows = faults.select("row_number").unique(maintain_order=True)
    if rows.is_empty():
        return rows.with_columns(identity=pl.lit(None, pl.String))
    known = normalised.withheld[entity].select(
        pl.col("row_number").cast(pl.Int32),
        keyed=KEYED + pl.concat_str([pl.col(column) for column in key], separator=KEY_SEPARATOR),
    )
    cells = [column for column in chunk.frame.columns if column != "row_number"]
    made_of = chunk.frame.select(
        pl.col("row_number").cast(pl.Int32),
        content=pl.concat_str([pl.col(cell).fill_null("") for cell in cells], separator=_CELL_SEPARATOR),
    )
    # a row that could not be cut into cells is in its fault as it came
    as_it_came = faults.select("row_number", text=pl.col("found_text").fill_null("")).unique(
        "row_number", keep="first", maintain_order=True
    )
    joined = (
        rows.join(known, on="row_number", how="left", maintain_order="left")
        .join(made_of, on="row_number", how="left", maintain_order="left")
        .join(as_it_came, on="row_number", how="left", maintain_order="left")
    )
    hashed = pl.coalesce("content", "text").map_elements(_hashed, return_dtype=pl.String)
    return joined.select("row_number", identity=pl.coalesce("keyed", hashed))


def _hashed(content: str) -> str:
    return _HASHED + sha256(content.encode()).hexdigest()
