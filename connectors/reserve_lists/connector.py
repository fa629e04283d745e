"""Rows of lists of reserves to lists, versions, entries and changes; no fault repeats what stands in a cell."""

import polars as pl

from connectors.connector import Connector, FileContext
from connectors.drug_lists.versions import versions
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.reading import Reading
from schema.entities import ReserveChange, ReserveEntry
from schema.list_families import RESERVES

_OWN = ("holder_name", "quantity", "quantity_unit")


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """The records of a version of a list of reserves."""
    reading = Reading(chunk, context.headers)
    found = versions(reading, context, RESERVES, {name: reading.field(ReserveEntry, name) for name in _OWN})
    # whoever may read faults need not be one who may read reserves
    hidden = found.faults.with_columns(pl.lit(None, pl.String).alias("found_text"))
    return Normalised(found.records, found.withheld, hidden)


CONNECTOR = Connector(
    manifest=load_manifest("connectors.reserve_lists"),
    normalise=normalise,
    row_entity={"reserve_version": ReserveChange},
)
