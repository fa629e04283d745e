"""Rows of the list of essential medicines to medicines, and to their dosage forms and strengths."""

from collections.abc import Iterator

import polars as pl

from connectors.cells import CellError
from connectors.connector import Connector, FileContext
from connectors.essential_medicines.forms import parse_forms
from connectors.essential_medicines.names import is_mended, names
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.reading import Reading
from connectors.scanned import printed
from schema.entities import EssentialMedicine, EssentialMedicineForm
from schema.ids import stable_id

_FORMS = {
    "ordinal": pl.Int64,
    "dosage_form": pl.String,
    "qualifier": pl.String,
    "strength_text": pl.String,
    "strength": pl.String,
    "remark": pl.String,
}
_REPEATED = ("1", "是", "*", "★")
_MENDED = CellError(
    "cell.name_mended",
    "中英文名称在扫描时错位，已按文字本身归位",
    "the Chinese and the English name ran into each other; the words were put where they belong",
)


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """One EssentialMedicine for each row, and an EssentialMedicineForm for each form and strength."""
    reading = Reading(chunk, context.headers)
    medicines = _medicines(reading, context.sender_code)
    found = reading.parts("forms_text", parse_forms, _FORMS)
    return reading.finish({EssentialMedicine: medicines, EssentialMedicineForm: _formed(medicines, found)})


def medicine_id(sender_code: str, category: str, name_zh: str, *place: str) -> int:
    """The stable identifier of a medicine of the list, without its number, which changes with each edition.

    `place` tells a repeated one from the first: its class, and its forms, for one class may repeat it twice.
    """
    return stable_id("essential_medicine", sender_code, category, name_zh, *place)


def _medicines(reading: Reading, sender: str) -> pl.DataFrame:
    table = pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            reading.field(EssentialMedicine, "category_name", parse=printed),
            reading.field(EssentialMedicine, "list_number"),
            _is_repeat(reading),
            reading.field(EssentialMedicine, "section_name", parse=printed),
            reading.field(EssentialMedicine, "function_name", parse=printed),
            *_names(reading),
            reading.field(EssentialMedicine, "forms_text", parse=str),
            reading.field(EssentialMedicine, "remark", parse=printed),
        ]
    )
    return table.with_columns(
        pl.Series("id", _ids(table, sender), dtype=pl.Int64), sender_code=pl.lit(sender)
    )


def _names(reading: Reading) -> tuple[pl.Series, pl.Series]:
    """Both names, mended; each row that was is told of."""
    chinese = reading.field(EssentialMedicine, "name_zh", parse=str)
    english = reading.field(EssentialMedicine, "name_en", parse=str)
    pairs = list(zip(chinese, english, strict=True))
    mended = [zh is not None and is_mended(zh, en) for zh, en in pairs]
    reading.fault("name_zh", pl.Series(mended, dtype=pl.Boolean), _MENDED, is_notice=True)
    found = [names(zh, en) if zh else (None, None) for zh, en in pairs]
    return (
        pl.Series("name_zh", [zh for zh, _ in found], dtype=pl.String),
        pl.Series("name_en", [en for _, en in found], dtype=pl.String),
    )


def _is_repeat(reading: Reading) -> pl.Series:
    """Whether the row repeats a medicine: an empty mark says that it does not."""
    return reading.column("is_repeat", _repeated, pl.Boolean).fill_null(value=False)


def _repeated(raw: str) -> bool:
    if printed(raw) in _REPEATED:
        return True
    raise CellError("cell.repeated", "重复标记应为 1 或空", "expected 1, or nothing")


def _ids(table: pl.DataFrame, sender: str) -> Iterator[int | None]:
    """Null where category or name is missing: such a row is a fault."""
    chosen = table.select("category_name", "name_zh", "is_repeat", "section_name", "forms_text")
    for category, name, is_repeat, section, forms in chosen.iter_rows():
        place = (section or "", printed(forms or "")) if is_repeat else ()
        yield medicine_id(sender, category, name, *place) if category and name else None


def _formed(medicines: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The forms with the medicines they are of."""
    table = found.join(
        medicines.select("row_number", "sender_code", pl.col("id").alias("medicine_id")),
        on="row_number",
        maintain_order="left",
    )
    chosen = table.select("medicine_id", "dosage_form", "qualifier", "strength_text", "remark")
    ids = [
        stable_id("essential_medicine_form", *(str(part or "") for part in parts))
        for parts in chosen.iter_rows()
    ]
    return table.with_columns(pl.Series("id", ids, dtype=pl.Int64))


CONNECTOR = Connector(
    manifest=load_manifest("connectors.essential_medicines"),
    normalise=normalise,
    row_entity={"essential_medicines": EssentialMedicine},
)
