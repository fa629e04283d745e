"""Registers of institutions to institutions; rows of formularies to items and what an institution keeps."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

import polars as pl

from connectors.cells import CellError
from connectors.columns import derive, derive_together
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.items import item_records
from connectors.manifest import load_manifest
from connectors.reading import Reading
from schema.entities import Institution, InstitutionItem, InstitutionMedicine
from schema.identifiers import check_uscc
from schema.ids import stable_id
from schema.institutions import Sufficiency, availability_of, is_public_by, sufficiency_of, tier_of

__all__ = ["CONNECTOR", "institution_id", "normalise"]

Value = TypeVar("Value")

_TIER = CellError("cell.tier", "不认识的医疗机构级别，此项留空", "no such tier; left empty")
_PUBLIC = CellError(
    "cell.public",
    "应为 是、否 或 公立、民营 等；此项留空，不写明公立的机构不对外发布",
    "expected 是 (public) or 否; left empty: an institution that is not stated to be public is not published",
)
_SUFFICIENCY = CellError(
    "cell.sufficiency",
    "供应情况应为 1 至 4 或 充足、较充足、短缺、严重短缺；此项留空",
    "expected 1 to 4, or 充足, 较充足, 短缺, 严重短缺; left empty",
)
#: fields of the register as the declaration reads them
_PLAIN = ("name", "insurance_code", "region_code", "address", "longitude", "latitude")


def institution_id(sender_code: str, institution_code: str) -> int:
    """The stable identifier of a sender's institution."""
    return stable_id("institution", sender_code, institution_code)


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """Institutions from a register; InstitutionItems with InstitutionMedicines from a formulary."""
    reading = Reading(chunk, context.headers)
    sender = context.sender_code
    if context.layout == "institutions":
        return reading.finish({Institution: _institutions(reading, sender)})
    items = item_records(reading, InstitutionItem, sender)
    return reading.finish({InstitutionMedicine: _kept(reading, sender, items), InstitutionItem: items})


def _institutions(reading: Reading, sender: str) -> pl.DataFrame:
    codes = reading.field(Institution, "institution_code")
    understood = {
        "uscc": check_uscc,
        "tier_code": _known(tier_of, _TIER),
        "is_public": _known(is_public_by, _PUBLIC),
    }
    return pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            _ids(sender, codes).alias("id"),
            codes,
            *(reading.field(Institution, name) for name in _PLAIN if reading.states(name)),
            *(
                reading.lenient(Institution, name, parse)
                for name, parse in understood.items()
                if reading.states(name)
            ),
        ]
    ).with_columns(sender_code=pl.lit(sender))


def _kept(reading: Reading, sender: str, items: pl.DataFrame) -> pl.DataFrame:
    """What is kept, with the institution's code beside it: the hub knows whether there is such an institution."""
    codes = reading.field(Institution, "institution_code")
    told = pl.DataFrame(
        [
            reading.lenient(InstitutionMedicine, "sufficiency_code", _known(sufficiency_of, _SUFFICIENCY)),
            reading.field(InstitutionMedicine, "stock_packs"),
        ]
    )
    availability = derive_together(
        told, ["sufficiency_code", "stock_packs"], _availability, {"availability_code": pl.String}
    )
    stated = [name for name in told.columns if reading.states(name)]
    return pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            _ids(sender, codes).alias("institution_id"),
            items.get_column("id").alias("item_id"),
            availability.to_series(),
            *told.select(stated),
            *([reading.field(InstitutionMedicine, "own_code")] if reading.states("own_code") else []),
            codes,
        ]
    )


def _ids(sender: str, codes: pl.Series) -> pl.Series:
    return derive("id", codes, lambda code: institution_id(sender, code), pl.Int64)


def _availability(sufficiency: str | None, stock_packs: Decimal | None) -> tuple[str]:
    return (availability_of(Sufficiency(sufficiency) if sufficiency else None, stock_packs).value,)


def _known(find: Callable[[str], Value | None], error: CellError) -> Callable[[str], Value]:
    """A reader of cells that raises where `find` knows no such word."""

    def read(word: str) -> Value:
        found = find("".join(word.split()))
        if found is None:
            raise error
        return found

    return read


CONNECTOR = Connector(
    manifest=load_manifest("connectors.hospital"),
    normalise=normalise,
    row_entity={"institutions": Institution, "formulary": InstitutionMedicine},
)
