"""Rows of lists of medicines to lists, versions, entries and changes; rows of guides to substitutions."""

import polars as pl

from connectors.connector import Connector, FileContext
from connectors.drug_lists.versions import known, versions
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.reading import Reading
from schema.drug_lists import ListKind, list_kind_of
from schema.entities import DrugList, ListChange, Substitution
from schema.ids import stable_id
from schema.list_families import PUBLISHED
from schema.names import name_key

_STATED = (
    "from_name",
    "from_form",
    "to_name",
    "to_form",
    "condition_text",
    "evidence_text",
    "issuer_name",
    "document_title",
    "document_number",
    "effective_on",
)
#: what tells one substitution of a sender from another
_KEY = ("issuer_name", "from_name", "from_form", "to_name", "to_form", "condition_text")


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """The records of a version of a list, or of a guide."""
    reading = Reading(chunk, context.headers)
    if context.layout == "substitutions":
        return reading.finish({Substitution: _substitutions(reading, context.sender_code)})
    kinds = reading.field(DrugList, "kind_code", parse=known(list_kind_of, ListKind))
    return versions(reading, context, PUBLISHED, {"kind_code": kinds})


def _substitutions(reading: Reading, sender: str) -> pl.DataFrame:
    """One Substitution for each row."""
    table = pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            *(reading.field(Substitution, name) for name in _STATED),
        ]
    )
    ids = [
        stable_id("substitution", sender, *(name_key(part or "") for part in parts))
        for parts in table.select(_KEY).iter_rows()
    ]
    return table.with_columns(pl.Series("id", ids, dtype=pl.Int64), sender_code=pl.lit(sender))


CONNECTOR = Connector(
    manifest=load_manifest("connectors.drug_lists"),
    normalise=normalise,
    row_entity={"list_version": ListChange, "substitutions": Substitution},
)
