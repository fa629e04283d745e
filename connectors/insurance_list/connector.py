"""Rows of the insurance list to entries and their published prices."""

import re

import polars as pl

from connectors.cells import CellError, whole_number
from connectors.columns import derive
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.insurance_list.payment import PaymentState, payment_state, period, prices
from connectors.manifest import load_manifest
from connectors.reading import Reading
from connectors.scanned import printed
from schema.entities import InsuranceEntry, InsurancePrice
from schema.ids import stable_id

_PRICES = {
    "ordinal": pl.Int64,
    "price_yuan": pl.Decimal(20, 6),
    "per_text": pl.String,
    "strength": pl.String,
    "unit": pl.String,
    "note": pl.String,
}
#: ★(8): the number was given before
_NUMBER = re.compile(r"(?P<again>★)?[（(]?(?P<number>\d+)[）)]?")


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """One InsuranceEntry for each row, and an InsurancePrice for each price of its payment standard."""
    reading = Reading(chunk, context.headers)
    entries = _entries(reading, context.sender_code)
    found = reading.parts("payment_standard", prices, _PRICES)
    return reading.finish({InsuranceEntry: entries, InsurancePrice: _priced(entries, found)})


def entry_id(sender_code: str, class_code: str, name: str, dosage_form: str | None) -> int:
    """The stable identifier of an entry: numbers change with each edition, class, name and form do not."""
    return stable_id("insurance_entry", sender_code, class_code, name, dosage_form or "")


def _entries(reading: Reading, sender: str) -> pl.DataFrame:
    numbers = reading.field(InsuranceEntry, "entry_number", parse=lambda raw: _number(raw)[1])
    class_codes = reading.field(InsuranceEntry, "class_code")
    names = reading.field(InsuranceEntry, "name", parse=printed)
    forms = reading.field(InsuranceEntry, "dosage_form", parse=printed)
    states = reading.column("payment_standard", lambda raw: payment_state(raw).value, pl.String)
    return pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            _ids(sender, class_codes, names, forms),
            reading.field(InsuranceEntry, "part_name", parse=printed),
            class_codes,
            reading.field(InsuranceEntry, "class_name", parse=printed),
            reading.field(
                InsuranceEntry, "reimbursement_class", parse=lambda raw: printed(raw).removesuffix("类")
            ),
            numbers,
            _again(reading),
            names,
            forms,
            states.fill_null(PaymentState.NONE.value).alias("payment_standard_code"),
            reading.field(InsuranceEntry, "payment_standard_text", raw="payment_standard", parse=str),
            reading.field(InsuranceEntry, "remark", parse=printed),
            *_agreement(reading),
        ]
    ).with_columns(sender_code=pl.lit(sender))


def _number(raw: str) -> tuple[bool, int]:
    """Whether the number was given before, and the number."""
    found = _NUMBER.fullmatch(printed(raw))
    if found is None:
        raise CellError("cell.number", "应为编号，例如 8 或 ★(8)", "expected a number such as 8 or ★(8)")
    return found["again"] is not None, whole_number(found["number"])


def _again(reading: Reading) -> pl.Series:
    return derive("is_repeat", reading.frame.get_column("entry_number"), lambda raw: "★" in raw, pl.Boolean)


def _agreement(reading: Reading) -> tuple[pl.Series, pl.Series]:
    """First and last day of the agreement; a period that is not one keeps its row out, once."""
    first = reading.field(
        InsuranceEntry, "agreement_starts_on", raw="agreement", parse=lambda raw: period(raw)[0]
    )
    if not reading.states("agreement"):
        return first, first.alias("agreement_ends_on")
    understood = reading.frame.select(pl.when(first.is_not_null()).then("agreement")).to_series()
    return first, derive("agreement_ends_on", understood, lambda raw: period(raw)[1], pl.Date)


def _ids(sender: str, class_codes: pl.Series, names: pl.Series, forms: pl.Series) -> pl.Series:
    """Null where class or name is missing: such a row is a fault."""
    values = [
        entry_id(sender, class_code, name, form) if class_code and name else None
        for class_code, name, form in zip(class_codes, names, forms, strict=True)
    ]
    return pl.Series("id", values, dtype=pl.Int64)


def _priced(entries: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The prices with the entries they belong to. A price is known by entry and by what it is for."""
    table = found.join(
        entries.select("row_number", "sender_code", pl.col("id").alias("entry_id")),
        on="row_number",
        maintain_order="left",
    )
    ids = [
        stable_id("insurance_price", str(entry), per or "")
        for entry, per in table.select("entry_id", "per_text").iter_rows()
    ]
    return table.with_columns(pl.Series("id", ids, dtype=pl.Int64))


CONNECTOR = Connector(
    manifest=load_manifest("connectors.insurance_list"),
    normalise=normalise,
    row_entity={"insurance_entries": InsuranceEntry},
)
