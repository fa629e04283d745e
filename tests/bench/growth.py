"""`make bench-growth`: first loads of one, five and twenty million rows, each into a database of its own."""

import asyncio
import tempfile
from pathlib import Path

from tests.bench import stock_takes
from tests.bench.figures import figure
from tests.bench.ingest import baogong, ordinary_server, prepare, sql
from tests.lib.postgres import url_of

_ITEMS = 2500
_STORES = (400, 2000, 8000)


def main() -> None:
    """Load and print; each file and database goes before the next comes."""
    with tempfile.TemporaryDirectory(prefix="baogong-growth-") as name, ordinary_server() as server:
        folder = Path(name)
        for stores in _STORES:
            database, rows = f"growth_{stores}", stores * _ITEMS
            prepare(folder, folder / "data", server, database, (stores, _ITEMS))
            path = folder / "stock_take.csv"
            stock_takes.write_stock_take(path, stores, _ITEMS, day=1)
            asyncio.run(sql(server, "CHECKPOINT"))
            url = url_of(server, database)
            run = baogong(folder / "data", url, "feed", "ingest", "pharmacy", path, "--sender", "bench")
            figure("growth", f"{rows} rows", "rows_per_second", [rows / run.seconds])
            figure("growth", f"{rows} rows", "peak_rss_mb", [run.peak_rss_mb])
            asyncio.run(sql(server, f"DROP DATABASE {database}"))


if __name__ == "__main__":
    main()
