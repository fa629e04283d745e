"""How values look outside of Arrow: instants as ISO texts, and in CSV nothing that a spreadsheet would run."""

import re

import pyarrow as pa
import pyarrow.compute as pc

#: what a spreadsheet takes for a formula at the beginning of a cell, and the mark that keeps it a text
FORMULA, TEXT_MARK = r"^[=+\-@\t\r]", "'"


def whole_seconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Instants cut to seconds, in all formats alike."""
    for number, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type):
            seconds = batch.column(number).cast(pa.timestamp("s", field.type.tz), safe=False)
            batch = batch.set_column(number, field, seconds.cast(field.type))
    return batch


def as_texts(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Instants and dates as ISO texts."""
    for number, field in enumerate(batch.schema):
        if pa.types.is_temporal(field.type):
            texts = _iso(batch.column(number))
            batch = batch.set_column(number, pa.field(field.name, pa.string(), field.nullable), texts)
    return batch


def _iso(column: pa.Array) -> pa.Array:
    """Many rows share a few instants: each is written once."""
    encoded = column.dictionary_encode()
    if pa.types.is_date(column.type):
        texts = encoded.dictionary.cast(pa.string())
    else:
        naive = encoded.dictionary.cast(pa.timestamp("s", column.type.tz), safe=False)
        texts = pc.strftime(naive, format="%Y-%m-%dT%H:%M:%SZ")
    return texts.take(encoded.indices)


def for_sqlite(texts: pa.RecordBatch) -> pa.RecordBatch:
    """Booleans as SQLite has them."""
    for number, field in enumerate(texts.schema):
        if pa.types.is_boolean(field.type):
            numbers = texts.column(number).cast(pa.int64())
            texts = texts.set_column(number, pa.field(field.name, pa.int64(), field.nullable), numbers)
    return texts


def for_spreadsheets(texts: pa.RecordBatch) -> pa.RecordBatch:
    """Texts that a spreadsheet would take for a formula, marked as the texts they are."""
    for number, field in enumerate(texts.schema):
        if not pa.types.is_string(field.type):
            continue
        column = texts.column(number)
        runs = pc.match_substring_regex(column, FORMULA)
        if pc.any(runs).as_py():
            marked = pc.if_else(runs, pc.binary_join_element_wise(TEXT_MARK, column, ""), column)
            texts = texts.set_column(number, field, marked)
    return texts


def for_json(texts: pa.RecordBatch, identifiers: frozenset[str]) -> pa.RecordBatch:
    """Identifiers as texts: they have 63 bits, and a number of JavaScript holds 53."""
    for number, field in enumerate(texts.schema):
        if field.name in identifiers:
            column = texts.column(number).cast(pa.string())
            texts = texts.set_column(number, pa.field(field.name, pa.string(), field.nullable), column)
    return texts


def marked(value: object) -> object:
    """The same for a single value."""
    return f"{TEXT_MARK}{value}" if isinstance(value, str) and re.match(FORMULA, value) else value
