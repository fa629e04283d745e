"""Rows of one version of a list: the list, the version, the medicines on it, and those that it says have left it."""

from collections.abc import Callable
from datetime import datetime, time
from enum import StrEnum

import polars as pl

from connectors.cells import CHINA, CellError, text
from connectors.columns import derive, derive_together
from connectors.concepts import concept_columns
from connectors.connector import FileContext
from connectors.frame import Normalised
from connectors.reading import Reading
from connectors.strengths import strength_of
from schema.drug_lists import (
    ChangeReason,
    Direction,
    EntryLevel,
    direction_of,
    goes_with,
    known_words,
    reasons_of,
)
from schema.identifiers import parse_approval_number
from schema.list_families import Family
from schema.list_names import body_and_forms
from schema.names import fold_text
from schema.regions import complete_code, level_of

_OTHER_DATE = CellError(
    "list.other_date",
    "生效日期与本文件其余各行不同：一个文件只能是清单的一个版本",
    "another day than the other rows have: one file is one version of one list",
)
_OTHER_WAY = CellError(
    "list.reason",
    "原因与变动不符：列入的原因不能用于调出，调出的原因也不能用于列入",
    "a reason for coming in cannot be one for leaving, nor the other way round",
)
_VERSION = ("effective_on", "announced_on", "document_title", "document_number", "document_url")
_WORDS = ("name_zh", "dosage_form", "strength_text", "approval_number")
_IDS = {"list_id": pl.Int64, "version_id": pl.Int64, "entry_id": pl.Int64, "move_id": pl.Int64}
_FURTHER = {"level_code": pl.String, "scope_level_code": pl.String, "strength": pl.String}


def versions(
    reading: Reading, context: FileContext, family: Family, own: dict[str, pl.Series] | None = None
) -> Normalised:
    """The records of a family. `own`: what its entries have beyond others', or its lists (`kind_code`)."""
    own = own or {}
    told = _told(reading, context, family, own)
    on_it = pl.col("direction_code") == Direction.IN.value
    kinds = [name for name in own if name in family.head.model_fields]
    further = [name for name in own if name in family.entry.model_fields]
    return reading.finish(
        {
            family.head: told.select(
                "row_number", "sender_code", "name", "region_code", "level_code", "version_id", *kinds,
                id=pl.col("list_id"),
            ),
            family.version: told.select("row_number", "list_id", *_VERSION, id=pl.col("version_id")),
            family.entry: told.filter(on_it).select(
                "row_number", "list_id", "scope_level_code", *_WORDS, "strength", "concept_id", "category_name",
                "reason_code", "remark", *further, id=pl.col("entry_id"),
            ),
            family.move: told.select(
                "row_number", "list_id", "version_id", "entry_id", "scope_level_code", *_WORDS, "effective_on",
                "direction_code", "reason_code", "reason_text", id=pl.col("move_id"),
            ),
        }
    )  # fmt: skip


def known(understand: Callable[[str], StrEnum | None], vocabulary: type[StrEnum]) -> Callable[[str], str]:
    """Reads a word of a vocabulary; one that is not known is a fault, not a guess."""

    def parse(raw: str) -> str:
        value = understand(text(raw))
        if value is None:
            raise _no_word(vocabulary)
        return value.value

    return parse


def _told(reading: Reading, context: FileContext, family: Family, own: dict[str, pl.Series]) -> pl.DataFrame:
    """All that rows say, and the identifiers that follow from it."""
    table = pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            reading.field(family.head, "region_code", parse=complete_code),
            reading.field(family.head, "name"),
            *(reading.field(family.version, name) for name in _VERSION),
            *(reading.field(family.entry, name) for name in ("name_zh", "dosage_form")),
            # one spelling, or the next version would seem to say something else
            reading.field(family.entry, "strength_text", parse=lambda raw: fold_text(text(raw))),
            reading.field(family.entry, "approval_number", parse=lambda raw: parse_approval_number(raw).text),
            *(reading.field(family.entry, name) for name in ("category_name", "remark")),
            _directions(reading),
            *_reasons(reading, family),
            *own.values(),
        ]
    ).with_columns(sender_code=pl.lit(context.sender_code))
    _fault_other_dates(reading, table, context)
    _fault_other_ways(reading, table)
    table = pl.concat(
        [table, derive_together(table, ["region_code", *_WORDS], _further, _FURTHER)], how="horizontal"
    )
    concepts = concept_columns(
        *(table.get_column(name) for name in ("name_zh", "dosage_form", "strength_text"))
    )
    return pl.concat([table, _ids(table, family), concepts.select("concept_id")], how="horizontal")


def _directions(reading: Reading) -> pl.Series:
    """A row that does not say is on the list."""
    given = reading.column("direction_code", known(direction_of, Direction), pl.String)
    return given.fill_null(Direction.IN.value).alias("direction_code")


def _reasons(reading: Reading, family: Family) -> tuple[pl.Series, pl.Series]:
    """The first reason of each row, and its words: the file's own, or all reasons where it gives several."""

    def parse(given: str) -> str:
        found = reasons_of(text(given))
        if not found:
            raise _no_word(ChangeReason)
        return found[0].value

    codes = reading.column("reason_code", parse, pl.String).fill_null(ChangeReason.NOT_STATED.value)
    words = reading.field(family.move, "reason_text")
    given = reading.column(
        "reason_code", lambda raw: text(raw) if len(reasons_of(text(raw))) > 1 else None, pl.String
    )
    return codes.alias("reason_code"), words.zip_with(words.is_not_null(), given).alias("reason_text")


def _fault_other_dates(reading: Reading, table: pl.DataFrame, context: FileContext) -> None:
    """The file is about the day that most of its rows name."""
    days = table.get_column("effective_on")
    begins = derive("at", days, lambda day: datetime.combine(day, time(), CHINA) == context.as_of, pl.Boolean)
    reading.fault("effective_on", ~begins, _OTHER_DATE)


def _fault_other_ways(reading: Reading, table: pl.DataFrame) -> None:
    fits = derive_together(
        table,
        ["direction_code", "reason_code"],
        lambda direction, reason: (goes_with(ChangeReason(reason), Direction(direction)),),
        {"fits": pl.Boolean},
    )
    reading.fault("reason_code", ~fits.get_column("fits"), _OTHER_WAY)


def _further(
    region: str | None, name: str | None, form: str | None, strength: str | None, number: str | None
) -> tuple[str | None, str | None, str | None]:
    """The level of the list, the level of the entry, and its strength in canonical text."""
    level = level_of(region).value if region else None
    if name is None:
        return level, None, None
    return level, _level(name, form, strength, number).value, strength and strength_of(strength)


def _level(name: str, form: str | None, strength: str | None, number: str | None) -> EntryLevel:
    if number:
        return EntryLevel.PRODUCT
    if strength:
        return EntryLevel.CONCEPT_STRENGTH
    names_form = body_and_forms(name, form)[1] is not None
    return EntryLevel.CONCEPT_FORM if names_form else EntryLevel.SUBSTANCE


def _ids(table: pl.DataFrame, family: Family) -> pl.DataFrame:
    """Null where the list, the day or the name is missing: such a row is a fault."""
    if "kind_code" not in table.columns:
        table = table.with_columns(kind_code=pl.lit(""))
    chosen = table.select(
        "sender_code", "kind_code", "region_code", "effective_on",
        "name_zh", "dosage_form", pl.coalesce("strength", "strength_text").alias("strength"), "approval_number",
    )  # fmt: skip
    rows: list[tuple[int | None, ...]] = []
    for sender, kind, region, day, *words in chosen.iter_rows():
        if kind is None or region is None or day is None or words[0] is None:
            rows.append((None,) * len(_IDS))
            continue
        list_id = family.list_id(sender, kind, region)
        version_id, entry_id = family.version_id(list_id, day), family.entry_id(list_id, tuple(words))
        rows.append((list_id, version_id, entry_id, family.move_id(version_id, entry_id)))
    return pl.DataFrame(rows, schema=_IDS, orient="row")


def _no_word(vocabulary: type[StrEnum]) -> CellError:
    known = known_words(vocabulary)
    return CellError("cell.word", f"应为下列之一：{known}", f"expected one of: {known}")
