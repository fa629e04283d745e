"""An audit to test: entries, a writer over a database of its own, and what is in it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from hub.access.caller import Caller
from hub.audit.digest import SHA256, Digest
from hub.audit.entry import Entry, Kind, Transport
from hub.audit.seal import Seal
from hub.audit.signature import Signer, load_or_create_signer
from hub.audit.writer import AuditWriter, WriterSettings
from hub.clock import Clock, system_clock
from schema.reach import COUNTRY

Record = dict[str, Any]

CALLER = Caller(
    client_id="somebody",
    scopes=frozenset(),
    expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    token_id="token-1",
    reach=COUNTRY,
    issuer="here",
    subject="somebody",
)


def entry(operation: str = "Q", kind: Kind = Kind.REQUEST) -> Entry:
    """Somebody is answered something."""
    return Entry(kind, Transport.HTTP, caller=CALLER, operation=operation)


@asynccontextmanager
async def writing(
    url: str,
    keys: Path,
    *,
    clock: Clock = system_clock,
    digest: Digest = SHA256,
    signer: Signer | None = None,
    settings: WriterSettings = WriterSettings(),  # noqa: B008 - frozen
) -> AsyncIterator[AuditWriter]:
    """A writer over a database, ended in good order."""

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url)

    seal = Seal(digest, signer or load_or_create_signer(keys, "es256"))
    writer = AuditWriter(connect, seal, clock, settings)
    await writer.start()
    try:
        yield writer
    finally:
        await writer.close()


async def records(connection: asyncpg.Connection, *kinds: Kind) -> list[Record]:
    """The records, by the view that people read; none named: of all kinds."""
    rows = await connection.fetch("SELECT record FROM audit_record ORDER BY chain_id, number")
    found: Iterable[Record] = (orjson.loads(row["record"]) for row in rows)
    return [record for record in found if not kinds or record["kind"] in kinds]
