"""Rows of the register to medicines, their approvals, codes, former numbers and sites."""

from collections.abc import Callable
from typing import Any

import polars as pl

from connectors.cells import CellError, day
from connectors.columns import derive
from connectors.concepts import concept_columns, concept_records
from connectors.reading import Reading
from connectors.registration.organizations import name_ids
from connectors.registration.sites import product_sites
from connectors.registration.words import authorization_status
from schema.declare import Entity, fields_of
from schema.entities import Authorization, DrugConcept, FormerNumber, Product, StandardCode
from schema.identifiers import (
    former_numbers,
    parse_approval_number,
    split_approval_numbers,
    split_standard_codes,
)
from schema.ids import stable_id
from schema.special_control import special_control_of

_SEPARATOR = ";"
_SEVERAL = CellError(
    "row.several_numbers",
    "一行有几个批准文号：各自成为一种药品，但此格不知属哪一个，未采用",
    "several approval numbers in a row: each becomes a medicine, but whose this cell is nobody can tell; left out",
)
_EXPIRES_FIRST = CellError(
    "cell.validity_order", "有效期早于批准日期，请核对", "valid until a day before the approval: check both"
)
#: fields that are not worth a medicine's row: what is not understood in them is told of and left empty
_LENIENT = ("consistency_evaluated", "consistency_evaluated_on", "on_shortage_list", "priority_review")
_OWN = ("approval_number", "name_zh")


def product_id(approval_number: str) -> int:
    """The stable identifier of the medicine with this normalised approval number."""
    return stable_id("product", approval_number)


def authorization_id(approval_number: str) -> int:
    """The stable identifier of the approval with this normalised number."""
    return stable_id("authorization", approval_number)


def register_rows(reading: Reading) -> dict[type[Entity], pl.DataFrame]:
    """All that a row of the register states; a medicine for each of its numbers."""
    numbers = numbers_of(reading, Product)
    products = _products(reading, numbers)
    found: dict[type[Entity], pl.DataFrame] = {
        Product: products,
        Authorization: _authorizations(reading, products),
    }
    if reading.states("specification"):
        concepts = _concepts(reading, products)
        found[Product] = products.with_columns(concepts.get_column("concept_id"))
        found[DrugConcept] = concept_records(products.get_column("row_number"), concepts)
    for raw in ("standard_codes", "former_approval_number"):
        if reading.states(raw):
            reading.fault(
                raw,
                _has_several(numbers) & reading.frame.get_column(raw).is_not_null(),
                _SEVERAL,
                is_notice=True,
            )
    alone = _alone(reading, numbers)
    if reading.states("standard_codes"):
        found[StandardCode] = _standard_codes(reading, alone)
    if reading.states("former_approval_number"):
        found[FormerNumber] = former_number_rows(reading, alone)
    return found | product_sites(reading, products)


def _concepts(reading: Reading, products: pl.DataFrame) -> pl.DataFrame:
    """The concept of each medicine, as far as its name, form and specification tell."""
    forms = products.get_column("dosage_form") if reading.states("dosage_form") else None
    return concept_columns(products.get_column("name_zh"), forms, products.get_column("specification"))


def numbers_of(reading: Reading, entity: type[Entity]) -> pl.Series:
    """The approval numbers of each row as a list; null where the cell has a fault."""

    def understand(raw: str) -> str:
        return _SEPARATOR.join(number.text for number in split_approval_numbers(raw))

    return reading.field(entity, "approval_number", parse=understand).str.split(_SEPARATOR)


def exploded(table: pl.DataFrame) -> pl.DataFrame:
    """A row for each approval number of the list, with the identifier of its medicine."""
    rows = table.explode("approval_number")
    return rows.with_columns(derive("product_id", rows.get_column("approval_number"), product_id, pl.Int64))


def former_number_rows(reading: Reading, rows: pl.DataFrame) -> pl.DataFrame:
    """A row for each former number of the cell: `rows` has `row_number`, `approval_number`, `product_id`."""
    parts = reading.parts(
        "former_approval_number",
        lambda raw: [(n,) for n in former_numbers(raw)],
        {"former_number": pl.String},
    )
    joined = rows.drop_nulls("product_id").join(parts, on="row_number", maintain_order="left_right")
    # a register that writes the number itself as its former one says nothing
    return joined.filter(pl.col("former_number") != pl.col("approval_number"))


def _alone(reading: Reading, numbers: pl.Series) -> pl.DataFrame:
    """The rows with one number only, and that number with its medicine."""
    table = pl.DataFrame([reading.frame.get_column("row_number"), numbers])
    return exploded(table.filter(~_has_several(numbers)))


def _has_several(numbers: pl.Series) -> pl.Series:
    return (numbers.list.len() > 1).fill_null(value=False)


def _products(reading: Reading, numbers: pl.Series) -> pl.DataFrame:
    names = reading.field(Product, "name_zh")
    stated = [
        reading.lenient(Product, field.name) if field.name in _LENIENT else reading.field(Product, field.name)
        for field in fields_of(Product)
        if reading.states(field.name) and field.name not in _OWN
    ]
    controls = derive("special_control_code", names, special_control_of, pl.String)
    table = exploded(
        pl.DataFrame([reading.frame.get_column("row_number"), numbers, names, controls, *stated])
    ).rename({"product_id": "id"})
    single = table.get_column("approval_number")
    return table.with_columns(
        derive("approval_kind_code", single, lambda n: parse_approval_number(n).kind.value, pl.String),
        derive("approval_origin_code", single, lambda n: parse_approval_number(n).origin.value, pl.String),
    )


def _authorizations(reading: Reading, products: pl.DataFrame) -> pl.DataFrame:
    """The approval of each medicine, as far as the file speaks of it."""
    shared = [name for name in ("holder_name", "approved_on") if name in products.columns]
    rows = products.select("row_number", pl.col("id").alias("product_id"), "approval_number", *shared)
    stated = [reading.frame.get_column("row_number")]
    if reading.states("holder_name"):
        stated.append(name_ids(reading, "holder_name"))
    lenient: dict[str, Callable[[str], Any]] = {"valid_until_on": day, "status_code": authorization_status}
    stated += [
        reading.lenient(Authorization, name, parse) for name, parse in lenient.items() if reading.states(name)
    ]
    rows = rows.join(pl.DataFrame(stated), on="row_number", maintain_order="left")
    if {"approved_on", "valid_until_on"} <= set(rows.columns):
        early = rows.filter(pl.col("valid_until_on") < pl.col("approved_on")).get_column("row_number")
        is_early = reading.frame.get_column("row_number").is_in(early.implode())
        reading.fault("valid_until_on", is_early, _EXPIRES_FIRST)
    return rows.with_columns(derive("id", rows.get_column("approval_number"), authorization_id, pl.Int64))


def _standard_codes(reading: Reading, alone: pl.DataFrame) -> pl.DataFrame:
    """One row for each code of the cell; a cell may hold several."""
    codes = reading.column(
        "standard_codes", lambda raw: _SEPARATOR.join(split_standard_codes(raw)), pl.String
    )
    note = reading.field(StandardCode, "note", raw="standard_code_note")
    table = pl.DataFrame(
        [reading.frame.get_column("row_number"), codes.str.split(_SEPARATOR).alias("standard_code"), note]
    )
    rows = alone.drop("approval_number").join(table, on="row_number", maintain_order="left")
    return rows.explode("standard_code").drop_nulls("standard_code")
