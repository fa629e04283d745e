"""Files of feeds that may hold persons, as landing keeps them: a JSON object for each row, and one about the whole."""

import json
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from connectors.frame import Chunk, RefusedFileError, RowFault
from connectors.manifest import Layout
from connectors.readers.header import Header
from connectors.readers.table import DEFAULT_ROWS, ROW_NUMBER, Table
from schema.declare import Label

#: the line about the whole is shorter: names of some columns, and counts
_LAST_BYTES = 1 << 20


class KeptTable(Table):
    """What was kept of a file: its rows have the numbers that they had in it."""

    def __init__(self, path: Path, header: Header, about: dict[str, Any]) -> None:
        super().__init__(path, header, encoding=None)
        self._about = about

    @property
    def unknown_headers(self) -> tuple[str, ...]:
        """Columns that no field of the layout claims and that nobody calls personal."""
        return tuple(self._about["unknown"])

    @cached_property
    def notices(self) -> tuple[RowFault, ...]:
        """What was left outside at the door."""
        personal, persons, masked = (self._about[name] for name in ("personal", "persons", "masked"))
        told = (
            (personal, "batch.personal_columns", "、".join(personal), _COLUMNS),
            (persons, "batch.persons_skipped", str(persons), _PERSONS),
            (masked, "batch.masked", str(masked), _MASKED),
        )
        return tuple(
            RowFault(0, code, None, found, hint, is_notice=True) for is_so, code, found, hint in told if is_so
        )

    def chunks(self, rows: int = DEFAULT_ROWS) -> Iterator[Chunk]:
        """Yield the rows; see `Table.chunks`."""
        batch: list[dict[str, Any]] = []
        for line in _lines(self.path):
            if "row" in line:
                batch.append(line)
            if len(batch) == rows:
                yield self._chunk(batch, 0)
                batch = []
        yield self._chunk(batch, self._about["skipped"])

    def _chunk(self, batch: Sequence[dict[str, Any]], skipped: int) -> Chunk:
        cells = [line["cells"] for line in batch if "cells" in line]
        numbers = [line["row"] for line in batch if "cells" in line]
        columns = {
            field: pl.Series([row.get(field) for row in cells], dtype=pl.String) for field in self.headers
        }
        frame = pl.DataFrame({ROW_NUMBER: pl.Series(numbers, dtype=pl.Int32), **columns})
        faults = [_fault(line["row"], line["fault"]) for line in batch if "fault" in line]
        return Chunk(frame, faults, skipped)


_COLUMNS = Label(
    "这些列属个人信息，入口处已删去，未保留任何内容",
    "columns of persons: dropped at the door, nothing of them is kept",
)
_PERSONS = Label(
    "这么多行的寄件或收件方不是机构，按规则不接收，未保留任何内容",
    "so many rows are not from institution to institution: left out by rule, nothing of them is kept",
)
_MASKED = Label(
    "这么多格文字中疑似电话、证件号或人名的部分已遮盖",
    "in so many cells what looks like a number or a name of a person was masked",
)


def open_kept(path: Path, layouts: Sequence[Layout]) -> KeptTable:
    """Open what was kept of a file. Raises the RefusedFileError with which the file itself was refused."""
    about = _last_line(path)
    if "refused" in about:
        said = about["refused"]
        raise RefusedFileError(said["code"], Label(*said["hint"]), said["row"], said["column"])
    layout = next(layout for layout in layouts if layout.code == about["layout"])
    names = {field: text for field, text in about["headers"].items() if field in layout.headers}
    claims: dict[str, tuple[int, ...]] = {field: (place,) for place, field in enumerate(names)}
    return KeptTable(path, Header(layout, 1, tuple(names.values()), claims), about)


def kept_row(path: Path, row_number: int) -> str:
    """What was kept of a row of the file, as JSON. LookupError where it has no such row."""
    for line in _lines(path):
        if line.get("row") == row_number:
            return json.dumps(line.get("cells", line.get("fault")), ensure_ascii=False)
    raise LookupError(f"nothing was kept of row {row_number}")


def _fault(row_number: int, said: dict[str, Any]) -> RowFault:
    return RowFault(row_number, said["code"], said["column"], None, Label(*said["hint"]))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        yield from map(json.loads, file)


def _last_line(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_BYTES))
        found: dict[str, Any] = json.loads(file.read().splitlines()[-1])
        return found
