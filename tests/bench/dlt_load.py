"""Loads a stock-take with dlt, as its documentation shows: FILE HOST DATABASE rows|arrow FOLDER.

Run by an interpreter that has dlt, imported by nothing: what dlt brings lives in an environment of its own.
"""

import csv
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dlt
import pyarrow.csv as pa_csv

#: dlt makes columns of ASCII only
_COLUMNS = (
    "store",
    "item",
    "name",
    "trade_name",
    "specification",
    "maker",
    "approval",
    "barcode",
    "unit",
    "price",
    "stock",
)


def as_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows as dictionaries, dlt's ordinary food."""
    with path.open(encoding="gb18030", newline="") as file:
        yield from csv.DictReader(islice(file, 1, None), _COLUMNS)


def as_arrow(path: Path) -> Iterator[Any]:
    """The rows as Arrow tables, its fastest."""
    options = pa_csv.ReadOptions(encoding="gb18030", block_size=1 << 24, column_names=_COLUMNS, skip_rows=1)
    yield from pa_csv.open_csv(path, read_options=options)


def main(path: Path, host: str, database: str, way: str, folder: str) -> None:
    """Load the file into a table of its own. `host`: folder of the server's socket; `folder`: of the pipeline."""
    credentials = {
        "host": quote(host, safe=""),
        "port": 5432,
        "database": database,
        "username": "postgres",
        "password": "-",
    }
    pipeline = dlt.pipeline(
        f"bench_{way}",
        pipelines_dir=folder,
        destination=dlt.destinations.postgres(credentials),
        dataset_name=f"dlt_{way}",
    )
    rows = as_rows(path) if way == "rows" else as_arrow(path)
    info = pipeline.run(
        rows,
        table_name="on_sale",
        write_disposition="append",
        loader_file_format="csv" if way == "arrow" else None,
    )
    info.raise_on_failed_jobs()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5])
