"""Rows of events: what happened to an approval, and what its approval is after it."""

import polars as pl

from connectors.columns import derive
from connectors.reading import Reading
from connectors.registration.organizations import name_ids
from connectors.registration.products import authorization_id, exploded, former_number_rows, numbers_of
from connectors.registration.words import event_kind
from schema.authorizations import STATUS_AFTER
from schema.declare import Entity
from schema.entities import Authorization, AuthorizationEvent, FormerNumber
from schema.ids import stable_id

_PLAIN = ("document_number", "name_zh", "former_holder_name", "former_approval_number", "content")
#: what an event says of the approval itself
_AFTER = ("holder_name", "holder_name_id", "valid_until_on")


def event_rows(reading: Reading) -> dict[type[Entity], pl.DataFrame]:
    """One event for each number of each row; beside it the approval as it is afterwards, for the hub to weigh."""
    numbers = numbers_of(reading, AuthorizationEvent)
    stated = [
        reading.frame.get_column("row_number"),
        numbers,
        reading.field(AuthorizationEvent, "event_kind_code", parse=event_kind),
        reading.field(AuthorizationEvent, "event_on"),
        # said even where the file has no such column: the approval needs them
        reading.field(AuthorizationEvent, "holder_name"),
        name_ids(reading, "holder_name"),
        reading.lenient(AuthorizationEvent, "valid_until_on"),
        *(reading.field(AuthorizationEvent, name) for name in _PLAIN),
    ]
    rows = exploded(pl.DataFrame(stated))
    rows = rows.with_columns(
        derive("authorization_id", rows.get_column("approval_number"), authorization_id, pl.Int64)
    )
    events = rows.with_columns(_ids(rows)).drop("product_id")
    found: dict[type[Entity], pl.DataFrame] = {AuthorizationEvent: events, Authorization: _after(rows)}
    if reading.states("former_approval_number"):
        single = rows.filter(pl.len().over("row_number") == 1)
        found[FormerNumber] = former_number_rows(
            reading, single.select("row_number", "approval_number", "product_id")
        )
    return found


def _ids(rows: pl.DataFrame) -> pl.Series:
    """Identified by number, kind, day and document: the same event sent again is the same event."""
    keys = rows.select("approval_number", "event_kind_code", "event_on", "document_number").rows()
    ids = [
        None
        if None in (number, kind, day)
        else stable_id("authorization_event", number, kind, str(day), document or "")
        for number, kind, day, document in keys
    ]
    return pl.Series("id", ids, pl.Int64)


def _after(rows: pl.DataFrame) -> pl.DataFrame:
    """The approval as the event leaves it; null where the event says nothing. `event_on` is for the hub."""
    status = {kind.value: status.value for kind, status in STATUS_AFTER.items()}
    return rows.select(
        "row_number",
        pl.col("authorization_id").alias("id"),
        "product_id",
        "approval_number",
        *_AFTER,
        pl.col("event_kind_code")
        .replace_strict(status, default=None, return_dtype=pl.String)
        .alias("status_code"),
    )
