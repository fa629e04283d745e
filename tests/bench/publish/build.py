"""Building a release: its memory and seconds; its SQLite part against sqlite-utils and against SQLite itself."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import sqlite_utils
from pyarrow import parquet

from hub.config import Settings
from publish.data import BATCH_ROWS
from publish.files import Rows
from publish.forms import as_texts, for_sqlite
from publish.indexes import indexes_of
from publish.release import Release, read_release
from publish.sqlite import SqliteFile
from publish.tables import public_tables
from tests.bench.figures import figure

#: rows that sqlite-utils is given at most: it would take minutes for all
_FEW = 200_000
_ON_SALE = next(table for table in public_tables() if table.name == "on_sale")


def measure(settings: Settings, runs: int) -> None:
    """Build a release in a process of its own, then its largest table in the three ways, taking turns."""
    release = _release(settings)
    folder = settings.release_dir / "current"
    case = f"{release.row_counts['on_sale']} rows on sale"
    ours: list[float] = []
    floor: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory(prefix="baogong-bench-", dir=settings.data_dir) as name:
        room = Path(name)
        source = _by_key(folder, room)
        few = min(_FEW, release.row_counts["on_sale"])
        for _ in range(runs):
            mine = room / "ours.sqlite"
            ours.append(_timed(_load, source, mine))
            floor.append(_timed(_copy, mine, room / "floor.sqlite"))
            some = _timed(_load_with_sqlite_utils, source, room / "theirs.sqlite", few)
            theirs.append(some * release.row_counts["on_sale"] / few)
    figure("publish", case, "sqlite_seconds", ours)
    figure(
        "publish",
        f"{case}, sqlite-utils given {few} of them",
        "over_sqlite_utils",
        [other / mine for mine, other in zip(ours, theirs, strict=True)],
    )
    figure("publish", case, "times_floor", [mine / least for mine, least in zip(ours, floor, strict=True)])


def _release(settings: Settings) -> Release:
    """Run the command as its user does."""
    shutil.rmtree(settings.release_dir, ignore_errors=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    environment |= {"HUB_DATA_DIR": str(settings.data_dir), "HUB_DATABASE_URL": str(settings.database_url)}
    began = time.perf_counter()
    command = [str(Path(sys.executable).with_name("baogong")), "publish", "release"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"baogong publish release ended with status {status}")
    release = read_release(settings.release_dir / "current")
    case = f"{release.row_counts['on_sale']} rows on sale, all tables, formats, indexes and checks"
    figure("publish", case, "release_seconds", [time.perf_counter() - began])
    figure("publish", case, "release_cpu_seconds", [usage.ru_utime + usage.ru_stime])
    figure("publish", case, "peak_rss_mb", [usage.ru_maxrss / 1024])
    return release


def _by_key(folder: Path, room: Path) -> Path:
    """The rows of all provinces in the order of their key, as a build reads them for the national file."""
    tables = [parquet.read_table(path) for path in sorted((folder / "parquet" / "on_sale").iterdir())]
    rows = pa.concat_tables(tables).sort_by([(name, "ascending") for name in _ON_SALE.key])
    parquet.write_table(rows, room / "rows.parquet", row_group_size=BATCH_ROWS)
    return room / "rows.parquet"


def _batches(source: Path) -> Iterator[pa.RecordBatch]:
    with parquet.ParquetFile(source) as file:
        for batch in file.iter_batches(BATCH_ROWS):
            yield batch.cast(_ON_SALE.arrow())


def _load(source: Path, target: Path) -> None:
    """As a release is built."""
    with SqliteFile(target, [_ON_SALE]) as file:
        for batch in _batches(source):
            file.write(_ON_SALE, Rows(batch, as_texts(batch)))
    file.finish()


def _copy(source: Path, target: Path) -> None:
    """The least that SQLite can take: from one of its files into another, with the same indexes."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        for pragma in ("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "cache_size = -32768"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS source", [str(source)])
        connection.execute("BEGIN")
        connection.execute(_ON_SALE.create())
        order = ", ".join(_ON_SALE.key)
        connection.execute(f"INSERT INTO main.on_sale SELECT * FROM source.on_sale ORDER BY {order}")
        for statement in indexes_of({_ON_SALE.name}):
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("ANALYZE")


def _load_with_sqlite_utils(source: Path, target: Path, rows: int) -> None:
    """As the library's manual says: dictionaries into `insert_all`, then its indexes."""
    database = sqlite_utils.Database(target)
    table = sqlite_utils.db.Table(database, "on_sale")
    table.insert_all(_dictionaries(source, rows), pk=_ON_SALE.key, batch_size=1000)
    table.create_index(["item_id", "pharmacy_id"])
    database.analyze()
    database.close()


def _dictionaries(source: Path, rows: int) -> Iterator[dict[str, object]]:
    left = rows
    for batch in _batches(source):
        some = for_sqlite(as_texts(batch)).slice(0, left)
        yield from some.to_pylist()
        left -= some.num_rows
        if not left:
            return


def _timed(load: Callable[..., None], source: Path, target: Path, *more: int) -> float:
    """Seconds that a file takes, written anew."""
    target.unlink(missing_ok=True)
    began = time.perf_counter()
    load(source, target, *more)
    return time.perf_counter() - began
