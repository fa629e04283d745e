"""How listings look: a table for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

#: columns where standard output is no terminal: wide enough for a line of a listing
_WIDE = 220

out = Console()
if not out.is_terminal:
    out.width = _WIDE
err = Console(stderr=True)

Record = Mapping[str, Any]


def show(records: Sequence[Record], columns: Mapping[str, str], *, as_json: bool, empty: str) -> None:
    """Print records: all of them as JSON, or the named columns (key to heading) as a table."""
    if as_json:
        print_json(list(records))
        return
    if not records:
        out.print(empty)
        return
    table = Table(header_style="bold")
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for record in records:
        table.add_row(*("" if record[key] is None else str(record[key]) for key in columns))
    out.print(table)


def print_json(value: Any) -> None:
    """Print a value as JSON, instants and decimals as text, nothing wrapped or coloured."""
    out.print(
        json.dumps(value, ensure_ascii=False, indent=2, default=str),
        soft_wrap=True,
        markup=False,
        highlight=False,
    )
