"""Opens the audit of a process, as the settings say."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from hub.audit.seal import load_seal
from hub.audit.writer import AuditWriter, WriterSettings
from hub.clock import Clock
from hub.config import Settings
from hub.db.pool import SESSION


def audit_of(settings: Settings, url: str, clock: Clock) -> AuditWriter:
    """The writer of this process, not yet started. Raises SettingError."""
    session = {
        **SESSION,
        "application_name": "baogong audit",
        "synchronous_commit": "on" if settings.audit_synchronous else "off",
    }

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(settings.audit_database_url or url, server_settings=session)

    limits = WriterSettings(settings.audit_seconds, settings.audit_checkpoint_seconds)
    return AuditWriter(connect, load_seal(settings), clock, limits)


@asynccontextmanager
async def open_audit(settings: Settings, url: str, clock: Clock) -> AsyncIterator[AuditWriter]:
    """The writer of this process, for as long as the context lasts."""
    audit = audit_of(settings, url, clock)
    await audit.start()
    try:
        yield audit
    finally:
        await audit.close()
