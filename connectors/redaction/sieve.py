"""Lets of a file only what its layout knows enter: other columns, rows about persons and strange cells stay outside."""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from connectors.frame import Chunk, RefusedFileError, RowFault
from connectors.manifest import TEXT, Layout, Manifest, Nested
from connectors.readers import Table, open_table
from connectors.readers.header import fold
from connectors.readers.values import as_text, parse_value
from connectors.redaction.rules import fits, is_institution, mask, mask_name
from schema.declare import Label

#: of a column's name so much is repeated to its sender
_SHOWN_NAME = 20
_REMEMBERED = 1 << 14
_WITHHELD = Label(
    "此格不合该列应有的样子，可能含个人信息，内容未保留。请核对列是否错位后重送。",
    "The cell does not look as this column must; it may hold a person's data and was not kept. Are columns shifted?",
)
#: of these refusals the words repeat the file's
_QUOTING = {
    "file.no_header": Label(
        "没有找到含全部必需列的表头；此数据源可能含个人信息，故不复述文件内容。请对照格式说明检查列名。",
        "No header with all required columns; as the file may hold persons' data it is not quoted.",
    ),
    "file.duplicate_column": Label(
        "有两列表示同一内容，无法判断以哪一列为准。请只保留一列。",
        "Two columns mean the same. Keep one.",
    ),
    "file.encrypted_zip": Label(
        "压缩包设了密码，无法读取。请不设密码重新压缩。", "The archive is under a password. Pack it without."
    ),
}


class _WithheldError(Exception):
    """A cell that may not enter."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def redact(path: Path, manifest: Manifest, write: Callable[[bytes], None]) -> None:
    """Write what of a received file may be kept, as `connectors.redaction.kept` reads it.

    The same bytes give the same. Raises RefusedFileError, also after something was written.
    """
    table = open_table(path, manifest.layouts)
    sieve = _Sieve(table, manifest)
    for chunk in table.chunks():
        for line in sieve.lines(chunk):
            write(_line(line))
    write(_line(sieve.about()))


def refused(refusal: RefusedFileError) -> bytes:
    """What is kept of a file that cannot be read: why not, in words that repeat nothing of it."""
    hint = _QUOTING.get(refusal.code, refusal.hint)
    return _line(
        {
            "refused": {
                "code": refusal.code,
                "hint": [mask_name(hint.zh), mask_name(hint.en)],
                "row": refusal.row_number,
                "column": refusal.column_name and _named(refusal.column_name),
            }
        }
    )


class _Sieve:
    """The rules of one file's layout, and the count of what stayed outside."""

    def __init__(self, table: Table, manifest: Manifest) -> None:
        self._table = table
        self._layout: Layout = table.layout
        self._personal = [fold(name) for name in manifest.personal or ()]
        self._skipped = self._persons = self._masked = 0
        # rows repeat their words; what is remembered goes with the sieve, for it may be of persons
        self._is_institution = lru_cache(_REMEMBERED)(is_institution)
        self._fits = lru_cache(_REMEMBERED)(fits)
        self._mask = lru_cache(_REMEMBERED)(mask)
        #: keys inside nested lists that nobody knows
        self._inner: dict[str, None] = {}

    def lines(self, chunk: Chunk) -> Iterator[dict[str, Any]]:
        """The chunk's rows and faults, by row."""
        self._skipped += chunk.skipped
        lines = [self._fault(fault) for fault in chunk.faults]
        lines += [line for row in chunk.frame.iter_rows(named=True) if (line := self._row(row))]
        yield from sorted(lines, key=lambda line: int(line["row"]))

    def about(self) -> dict[str, Any]:
        """What is to be known of the whole, once all rows went through."""
        outside = [*self._table.unknown_headers, *self._inner]
        return {
            "layout": self._layout.code,
            "headers": {name: self._heading(name) for name in self._table.headers},
            "personal": [_named(name) for name in outside if self._is_personal(name)],
            "unknown": [_named(name) for name in outside if not self._is_personal(name)],
            "skipped": self._skipped + self._persons,
            "persons": self._persons,
            "masked": self._masked,
        }

    def _row(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """A row's cells that may enter; a fault in their place where one may not; nothing for a row about persons."""
        number = row.pop("row_number")
        filled = {field: text for field, text in row.items() if text is not None}
        if not all(self._is_institution(filled.get(field, "")) for field in self._layout.institutions):
            self._persons += 1
            return None
        try:
            return {"row": number, "cells": {name: self._cell(name, text) for name, text in filled.items()}}
        except _WithheldError as withheld:
            column = self._heading(withheld.field)
            return self._fault(RowFault(number, "cell.withheld", column, None, _WITHHELD))

    def _fault(self, fault: RowFault) -> dict[str, Any]:
        """A fault without the text that it is about: nobody knows what stands in a row that cannot be cut."""
        column = fault.column_name and _named(fault.column_name)
        said = {"code": fault.code, "column": column, "hint": [fault.hint.zh, fault.hint.en]}
        return {"row": fault.row_number, "fault": said}

    def _cell(self, field: str, text: str) -> str:
        nested = self._layout.nested.get(field)
        if nested is not None:
            return self._elements(field, nested, text)
        return self._text(field, self._layout.cells[field], text)

    def _text(self, field: str, rule: str, text: str) -> str:
        if rule != TEXT:
            if not self._fits(text, rule):
                raise _WithheldError(field)
            return text
        masked, is_other = self._mask(text)
        self._masked += is_other
        return masked

    def _elements(self, field: str, nested: Nested, text: str) -> str:
        """A nested list with the known fields of its elements and no others, under our names."""
        elements = [self._element(field, nested, found) for found in _list_of(field, text, nested)]
        return json.dumps(elements, ensure_ascii=False)

    def _element(self, field: str, nested: Nested, found: dict[str, Any]) -> dict[str, str]:
        fields = {fold(alias): name for name, aliases in nested.headers.items() for alias in aliases}
        kept: dict[str, str] = {}
        for key, value in found.items():
            name, text = fields.get(fold(key)), as_text(value)
            if name is None:
                self._inner[f"{self._heading(field)}.{key}"] = None
            elif text is not None and text.strip():
                if name in kept:
                    raise _WithheldError(field)
                kept[name] = self._text(field, nested.cells[name], text.strip())
        return kept

    def _heading(self, field: str) -> str:
        """What a kept column is called: as in the file, but without a note that the manifest does not know."""
        text, aliases = self._table.headers[field].strip(), self._layout.headers[field]
        return text if fold(text) in {fold(alias) for alias in aliases} else aliases[0]

    def _is_personal(self, name: str) -> bool:
        folded = fold(name.rpartition(".")[2])
        return any(word in folded for word in self._personal)


def _list_of(field: str, text: str, nested: Nested) -> list[dict[str, Any]]:
    """The elements of a nested list; XML has one more name around them, and of one element makes no list."""
    found = parse_value(text)
    known = {fold(alias) for aliases in nested.headers.values() for alias in aliases}
    if isinstance(found, dict) and len(found) == 1 and not known & {fold(key) for key in found}:
        [found] = found.values()
    elements = found if isinstance(found, list) else [found]
    if not all(isinstance(element, dict) for element in elements):
        raise _WithheldError(field)
    return elements


def _named(header: str) -> str:
    """A column's name as it may be repeated."""
    masked = mask_name(header.strip())
    return masked if len(masked) <= _SHOWN_NAME else f"{masked[:_SHOWN_NAME]}…"


def _line(content: dict[str, Any]) -> bytes:
    return f"{json.dumps(content, ensure_ascii=False)}\n".encode()
