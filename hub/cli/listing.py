"""How listings look: a table for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

out = Console()
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
    table = Table(*columns.values(), header_style="bold")
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
