"""Files of the register, by layout: approvals, events, active substances, changes of names."""

import re
from collections.abc import Callable

import polars as pl

from connectors.cells import CellError, text
from connectors.columns import derive
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.reading import Reading
from connectors.registration.events import event_rows
from connectors.registration.organizations import name_changes, name_ids
from connectors.registration.products import register_rows
from connectors.registration.words import authorization_status
from schema.declare import Entity, fields_of
from schema.entities import AuthorizationEvent, OrganizationNameChange, Product, Substance
from schema.ids import stable_id

_SUBSTANCE_NUMBER = re.compile(r"Y(?:19|20)\d{2}\d{7}")


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """The records of a chunk, as its layout has them."""
    reading = Reading(chunk, context.headers)
    return reading.finish(_ROWS[context.layout](reading))


def substance_id(registration_number: str) -> int:
    """The stable identifier of the registration of an active substance."""
    return stable_id("substance", registration_number)


def _substances(reading: Reading) -> dict[type[Entity], pl.DataFrame]:
    reading.notice("registration_number", _check_substance_number)
    parse = {"registration_number": _substance_number, "review_status_code": _review_status}
    stated = {
        field.name: reading.field(Substance, field.name, parse=parse.get(field.name))
        for field in fields_of(Substance)
        if reading.states(field.name) and field.name != "status_code"
    }
    if reading.states("status_code"):
        stated["status_code"] = reading.lenient(Substance, "status_code", authorization_status)
    if reading.states("company_name"):
        stated["company_name_id"] = name_ids(reading, "company_name")
    ids = derive("id", stated["registration_number"], substance_id, pl.Int64)
    return {Substance: pl.DataFrame([reading.frame.get_column("row_number"), ids, *stated.values()])}


def _substance_number(raw: str) -> str:
    return text(raw).replace(" ", "").upper()


def _check_substance_number(raw: str) -> None:
    """The shape is from one public form only, so another one is told of and believed."""
    if not _SUBSTANCE_NUMBER.fullmatch(_substance_number(raw)):
        raise CellError(
            "cell.substance_number",
            "原料药登记号一般为 Y 加 4 位年份和 7 位流水号，例如 Y20230001234",
            "registration numbers of active substances are mostly Y, a year and 7 digits, such as Y20230001234",
        )


def _review_status(raw: str) -> str:
    status = text(raw).upper()
    if status in ("A", "I"):
        return status
    raise CellError(
        "cell.review_status", "应为 A（已通过）或 I（未通过）", "expected A (passed) or I (not yet passed)"
    )


#: how the rows of each layout are read
_ROWS: dict[str, Callable[[Reading], dict[type[Entity], pl.DataFrame]]] = {
    "nmpa_json_lines": register_rows,
    "nmpa_table": register_rows,
    "authorization_events": event_rows,
    "substances": _substances,
    "name_changes": name_changes,
}
CONNECTOR = Connector(
    manifest=load_manifest("connectors.registration"),
    normalise=normalise,
    row_entity={
        "nmpa_json_lines": Product,
        "nmpa_table": Product,
        "authorization_events": AuthorizationEvent,
        "substances": Substance,
        "name_changes": OrganizationNameChange,
    },
)
