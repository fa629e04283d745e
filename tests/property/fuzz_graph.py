"""The proof of `test_graph_engines` at length: `python -m tests.property.fuzz_graph --examples 10000`."""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import asyncpg

from hub.access.store import fetch_sealer
from hub.cli.runtime import prepare_database
from hub.config import Settings
from hub.db.pool import connection_to, open_pool
from hub.ingest.landing import Landing
from schema.plan.values import Pass
from schema.reach import COUNTRY, NOWHERE, Owner, OwnerKind, Reach
from tests.lib.graph_documents import a_document
from tests.lib.graph_engines import SCHEMA, Engines, compare
from tests.lib.graph_rows import DIVISIONS, SENDERS, rows_of_everything, write_rows
from tests.lib.hub import TestClock
from tests.lib.postgres import embedded_server

#: who asks
REACHES = (
    *(Reach(code) for code in DIVISIONS),
    *(Reach(None, frozenset({Owner(OwnerKind.SENDER, code)})) for code in SENDERS[:-1]),
    NOWHERE,
)
#: documents over the same rows
ROUND = 50


async def differences(url: str, folder: Path, first: int, examples: int) -> list[str]:
    """What differs over rows of seeds from `first` on."""
    found: list[str] = []
    await prepare_database(Settings(data_dir=folder, database_url=url), url, TestClock())
    async with connection_to(url) as connection, await open_pool(url, 4) as pool:
        sealer = await fetch_sealer(connection)
        for begun in range(0, examples, ROUND):
            seed = first + begun // ROUND
            engines = await _engines(connection, pool, folder, seed)
            for number in range(min(ROUND, examples - begun)):
                random = Random(f"{seed}/{number}")
                document = a_document(random, random.randint(1, 3), SCHEMA, engines.rows)
                engines = replace(engines, caller=sealer.pass_of(random.choice(REACHES)))
                if difference := await compare(engines, document):
                    sys.stdout.write(f"{seed}/{number}: {difference}\n\n")
                    found.append(f"{seed}/{number}")
    return found


async def _engines(connection: asyncpg.Connection, pool: asyncpg.Pool, folder: Path, seed: int) -> Engines:
    rows = rows_of_everything(seed)
    await write_rows(connection, rows)
    return Engines(pool, Landing(folder), rows, Pass(COUNTRY, ""))


def main() -> None:
    """Tell what differs, and fail if anything does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first round's rows")
    options = parser.parse_args()
    began = time.monotonic()
    with embedded_server() as url, tempfile.TemporaryDirectory(prefix="fuzz-graph-") as folder:
        found = asyncio.run(differences(url, Path(folder), options.seed, options.examples))
    figures = {
        "documents": options.examples,
        "differences": found,
        "seconds": round(time.monotonic() - began),
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
