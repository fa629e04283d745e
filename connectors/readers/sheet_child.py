"""Runs in a process of its own: a workbook from standard input, one sheet's rows as JSON lines to standard output.

A damaged XLS of five kilobytes makes the parser take all memory (a ring in its sector chain) or abort. Here that ends
this process and not the hub. Arguments: the number of the sheet, from 0. First line out: the sheet's name.
"""

import datetime as dt
import io
import json
import resource
import sys
from decimal import Decimal
from typing import Any

import python_calamine as calamine

#: exit status where the workbook has fewer sheets
NO_SUCH_SHEET = 3

#: room for twice the largest sheet that is let in
MEMORY_BYTES = 2 << 30
#: a sheet of a million rows takes about half a minute
CPU_SECONDS = 180

#: Excel keeps 15 digits; what a binary fraction shows beyond them is noise
_DIGITS = 15


def main() -> int:
    """Write the sheet; return the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    wanted = sheets[int(sys.argv[1]) :]
    if not wanted:
        return NO_SUCH_SHEET
    _write(workbook.get_sheet_by_name(wanted[0].name))
    return 0


def _write(sheet: calamine.CalamineSheet) -> None:
    """Write name and rows; calamine drops empty columns on the left, here they are back."""
    print(json.dumps(sheet.name))  # noqa: T201  standard output is what this program is for
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for values in sheet.iter_rows() if sheet.start else ():
        print(json.dumps([*left, *map(cell_text, values)]))  # noqa: T201


def cell_text(value: Any) -> str:
    """Return a cell's value as a person sees it: numbers without `.0`, dates and times as ISO 8601."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return _number_text(value)
        case dt.datetime() | dt.time():
            return value.isoformat(timespec="seconds")
        case dt.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return str(value)


def _number_text(value: float) -> str:
    if float(value).is_integer():
        return str(int(value))
    return format(Decimal(f"{value:.{_DIGITS}g}"), "f")


if __name__ == "__main__":
    sys.exit(main())
