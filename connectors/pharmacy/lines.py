"""What an incremental file does to lines on sale."""

import polars as pl

from connectors.cells import CellError
from connectors.reading import Reading
from schema.inventory import operation_of

_MISSING = CellError("cell.missing", "此列必填", "this column must be filled")


def operations(reading: Reading) -> pl.Series:
    """`operation` of each row: put or end. A word that is none is a fault."""
    return reading.column("operation", _operation, pl.String, _MISSING)


def _operation(raw: str) -> str:
    operation = operation_of(raw)
    if operation is None:
        raise CellError(
            "cell.operation",
            "操作类型应为 新增、修改 或 删除",
            "expected 新增 (add), 修改 (alter) or 删除 (end)",
        )
    return operation.value
