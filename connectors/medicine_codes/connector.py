"""Rows of the code list to packs, their concepts and codes; rows of a register to codes on packs.

Only its own code and its name can keep a pack out. Another cell that is not understood is told of and left empty.
"""

from collections.abc import Callable
from decimal import Decimal

import polars as pl

from connectors.cells import CellError, decimal, text
from connectors.columns import derive
from connectors.concepts import concept_columns, concept_records
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.reading import Reading
from schema.declare import Entity
from schema.entities import DrugConcept, PackagedProduct, PackCode
from schema.identifiers import (
    IdentifierError,
    check_ean13,
    check_nhsa_code,
    check_standard_code,
    parse_approval_number,
)
from schema.ids import stable_id
from schema.trace_codes import trace_prefix_of

_NULL = pl.lit(None, pl.String).alias("approval_number")
_REGISTERS = ("bar_codes", "trace_prefixes")
#: codes that are printed on packs, and how each is understood
_PRINTED: dict[str, Callable[[str], str]] = {"ean13": check_ean13, "trace_prefix": trace_prefix_of}
_TEXTS = ("name_zh", "trade_name_zh", "dosage_form", "specification", "min_unit", "pack_unit", "holder_name")
_OF_NOTHING = CellError(
    "row.code_of_nothing",
    "这一行没有说明码属于哪种药品：医保药品代码、批准文号至少要有一个",
    "the row does not say whose code this is: it needs an NHSA code or an approval number",
)
_NO_CODE = CellError("cell.missing", "条码和追溯码至少要有一个", "a bar code or a trace code is needed")


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """PackagedProducts with their DrugConcepts and PackCodes from the list; PackCodes from a register."""
    reading = Reading(chunk, context.headers)
    if context.layout in _REGISTERS:
        return reading.finish({PackCode: _registered(reading, context.sender_code)})
    packs, concepts = _packs(reading, context.sender_code)
    owners = packs.select(
        "nhsa_code",
        packs.get_column("approval_number") if "approval_number" in packs.columns else _NULL,
    )
    codes = [
        _codes_of(reading, context.sender_code, kind, packs.get_column(kind), owners)
        for kind in _PRINTED
        if kind in packs.columns
    ]
    records: dict[type[Entity], pl.DataFrame] = {
        PackagedProduct: packs,
        DrugConcept: concept_records(reading.frame.get_column("row_number"), concepts),
    }
    if codes:
        records[PackCode] = pl.concat(codes)
    return reading.finish(records)


def pack_id(nhsa_code: str) -> int:
    """The stable identifier of the pack under this code."""
    return stable_id("packaged_product", nhsa_code)


def _packs(reading: Reading, sender: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The packs, and beside each the concept it belongs to."""
    codes = reading.field(PackagedProduct, "nhsa_code", parse=check_nhsa_code)
    names = reading.field(
        PackagedProduct, "generic_name", raw=None if reading.states("generic_name") else "name_zh"
    )
    stated = {name: reading.field(PackagedProduct, name) for name in _TEXTS if reading.states(name)}
    if reading.states("conversion_ratio"):
        stated["conversion_ratio"] = reading.column(
            "conversion_ratio", _ratio, pl.Decimal(20, 6), is_notice=True
        )
    if reading.states("approval_number"):
        stated["approval_number"] = _approval_numbers(reading)
    for name, check in (_PRINTED | {"standard_code": check_standard_code}).items():
        if reading.states(name):
            stated[name] = reading.column(name, check, pl.String, is_notice=True)
    registered = stated.get("name_zh", names)
    concepts = concept_columns(
        registered.zip_with(registered.is_not_null(), names),
        stated.get("dosage_form"),
        stated.get("specification", [None] * len(codes)),
    )
    table = pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            derive("id", codes, pack_id, pl.Int64),
            codes,
            names,
            *stated.values(),
            concepts.get_column("concept_id"),
        ]
    )
    return table.with_columns(sender_code=pl.lit(sender)), concepts


def _registered(reading: Reading, sender: str) -> pl.DataFrame:
    """One PackCode for each code of a row."""
    nothing = pl.repeat(None, reading.frame.height, dtype=pl.String, eager=True)
    nhsa_codes = reading.field(PackCode, "nhsa_code", parse=check_nhsa_code)
    numbers = reading.field(PackCode, "approval_number", parse=lambda raw: parse_approval_number(raw).text)
    owners = pl.DataFrame([nhsa_codes, numbers])
    printed = {
        kind: reading.column(kind, understand, pl.String) if reading.states(kind) else nothing
        for kind, understand in _PRINTED.items()
    }
    lacks_owner = nhsa_codes.is_null() & numbers.is_null()
    reading.fault("nhsa_code", lacks_owner, _OF_NOTHING)
    reading.fault("ean13", _nothing_stands(reading), _NO_CODE)
    return pl.concat(_codes_of(reading, sender, kind, codes, owners) for kind, codes in printed.items())


def _nothing_stands(reading: Reading) -> pl.Series:
    """Whether a row has no text under any kind of code."""
    stands = [reading.frame.get_column(kind).is_not_null() for kind in _PRINTED if reading.states(kind)]
    return ~pl.DataFrame(stands).select(pl.any_horizontal(pl.all())).to_series()


def _codes_of(
    reading: Reading, sender: str, kind: str, codes: pl.Series, owners: pl.DataFrame
) -> pl.DataFrame:
    """The rows' codes of one kind with whom they belong to; rows without one give none."""
    table = owners.with_columns(
        reading.frame.get_column("row_number"),
        codes.alias("code"),
        kind_code=pl.lit(kind),
        sender_code=pl.lit(sender),
    ).drop_nulls("code")
    keys = table.select("sender_code", "kind_code", "code", "nhsa_code", "approval_number")
    ids = [stable_id("pack_code", *(part or "" for part in parts)) for parts in keys.iter_rows()]
    return table.with_columns(pl.Series("id", ids, dtype=pl.Int64))


def _approval_numbers(reading: Reading) -> pl.Series:
    """Approval numbers, normalised where they can be read; else as they are, and told of."""
    reading.notice("approval_number", parse_approval_number)
    return reading.field(PackagedProduct, "approval_number", parse=_number_or_text)


def _number_or_text(raw: str) -> str:
    try:
        return parse_approval_number(raw).text
    except IdentifierError:
        return text(raw)


def _ratio(raw: str) -> Decimal:
    ratio = decimal(raw)
    if ratio > 0:
        return ratio
    raise CellError("cell.ratio", "转换比应大于零", "the number of units in a pack is above zero")


CONNECTOR = Connector(
    manifest=load_manifest("connectors.medicine_codes"),
    normalise=normalise,
    row_entity={
        "bar_codes": PackCode,
        "trace_prefixes": PackCode,
        "nhsa_codes": PackagedProduct,
        "nhsa_registered_codes": PackagedProduct,
    },
)
