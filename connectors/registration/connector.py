"""Approvals to products, their concepts and standard codes; registrations of active substances."""

import re

import polars as pl

from connectors.cells import CellError, text
from connectors.columns import derive
from connectors.concepts import concept_columns, concept_records
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.reading import Reading
from schema.declare import Entity, fields_of
from schema.entities import DrugConcept, Product, StandardCode, Substance
from schema.identifiers import parse_approval_number, split_standard_codes
from schema.ids import stable_id
from schema.special_control import special_control_of

_SUBSTANCE_NUMBER = re.compile(r"Y(?:19|20)\d{2}\d{7}")


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """One Product for each row, its DrugConcept and StandardCodes where the layout tells them; or one Substance."""
    reading = Reading(chunk, context.headers)
    if context.layout == "substances":
        reading.notice("registration_number", _check_substance_number)
        return reading.finish({Substance: _substances(reading)})
    records: dict[type[Entity], pl.DataFrame] = {Product: _products(reading)}
    if reading.states("standard_codes"):
        records[StandardCode] = _standard_codes(reading, records[Product])
    if reading.states("specification"):
        concepts = _concepts(records[Product])
        records[Product] = records[Product].with_columns(concepts.get_column("concept_id"))
        records[DrugConcept] = concept_records(reading, concepts)
    return reading.finish(records)


def product_id(approval_number: str) -> int:
    """The stable identifier of the medicine with this normalised approval number."""
    return stable_id("product", approval_number)


def _products(reading: Reading) -> pl.DataFrame:
    numbers = reading.field(Product, "approval_number", parse=lambda raw: parse_approval_number(raw).text)
    names = reading.field(Product, "name_zh")
    stated = [
        reading.field(Product, field.name)
        for field in fields_of(Product)
        if reading.states(field.name) and field.name not in ("approval_number", "name_zh")
    ]
    return pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            derive("id", numbers, product_id, pl.Int64),
            numbers,
            derive("approval_kind_code", numbers, lambda n: parse_approval_number(n).kind.value, pl.String),
            derive(
                "approval_origin_code", numbers, lambda n: parse_approval_number(n).origin.value, pl.String
            ),
            names,
            derive("special_control_code", names, special_control_of, pl.String),
            *stated,
        ]
    )


def _concepts(products: pl.DataFrame) -> pl.DataFrame:
    """The concept of each medicine, as far as its name, form and specification tell."""
    forms = products.get_column("dosage_form") if "dosage_form" in products.columns else None
    return concept_columns(products.get_column("name_zh"), forms, products.get_column("specification"))


def _standard_codes(reading: Reading, products: pl.DataFrame) -> pl.DataFrame:
    """One row for each code of the cell; a cell may hold several."""
    codes = reading.column("standard_codes", lambda raw: ";".join(split_standard_codes(raw)), pl.String)
    note = reading.field(StandardCode, "note", raw="standard_code_note")
    table = products.select("row_number", pl.col("id").alias("product_id"))
    return (
        table.with_columns(codes.str.split(";").alias("standard_code"), note)
        .explode("standard_code")
        .drop_nulls("standard_code")
    )


def substance_id(registration_number: str) -> int:
    """The stable identifier of the registration of an active substance."""
    return stable_id("substance", registration_number)


def _substances(reading: Reading) -> pl.DataFrame:
    parse = {"registration_number": _substance_number, "review_status_code": _review_status}
    stated = {
        field.name: reading.field(Substance, field.name, parse=parse.get(field.name))
        for field in fields_of(Substance)
        if reading.states(field.name)
    }
    ids = derive("id", stated["registration_number"], substance_id, pl.Int64)
    return pl.DataFrame([reading.frame.get_column("row_number"), ids, *stated.values()])


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


CONNECTOR = Connector(
    manifest=load_manifest("connectors.registration"),
    normalise=normalise,
    row_entity={"nmpa_json_lines": Product, "nmpa_table": Product, "substances": Substance},
)
