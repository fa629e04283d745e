"""Approvals to products and standard codes."""

import polars as pl

from connectors.columns import derive
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.reading import Reading
from schema.declare import fields_of
from schema.entities import Product, StandardCode
from schema.identifiers import parse_approval_number, split_standard_codes
from schema.ids import stable_id
from schema.special_control import special_control_of


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """One Product for each row, and its StandardCodes where the layout has them."""
    reading = Reading(chunk, context.headers)
    products = _products(reading)
    codes = _standard_codes(reading, products) if reading.states("standard_codes") else None
    return reading.finish({Product: products} | ({} if codes is None else {StandardCode: codes}))


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


CONNECTOR = Connector(
    manifest=load_manifest("connectors.registration"),
    normalise=normalise,
    row_entity={"nmpa_json_lines": Product, "nmpa_table": Product},
)
