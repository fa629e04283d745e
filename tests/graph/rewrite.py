"""Writes the statements and answers beside the cases anew: `make graph-cases`."""

import asyncio
import json
import tempfile
from pathlib import Path

from hub.cli.runtime import prepare_database
from hub.config import Settings
from hub.db.pool import connection_to
from tests.graph.cases import all_cases, answer_text
from tests.graph.data import small_rows
from tests.lib.graph_rows import write_rows
from tests.lib.hub import TestClock
from tests.lib.postgres import embedded_server


async def _rewrite(url: str, folder: Path) -> None:
    await prepare_database(Settings(data_dir=folder, database_url=url), url, TestClock())
    async with connection_to(url) as connection:
        await write_rows(connection, small_rows())
        for case in all_cases():
            statement, values = case.plan()
            body = await connection.fetchval(statement.text, *values)
            case.path.with_suffix(".sql").write_text(case.statement())
            case.path.with_suffix(".json").write_text(answer_text(json.loads(body)))


def main() -> None:
    """On a server of its own."""
    with embedded_server() as url, tempfile.TemporaryDirectory(prefix="graph-cases-") as folder:
        asyncio.run(_rewrite(url, Path(folder)))


if __name__ == "__main__":
    main()
