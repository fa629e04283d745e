"""Acts of the command line in the audit: each is recorded before it is done, and once more where it failed."""

import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from hub.audit.entry import Decision, Entry, Kind, Transport
from hub.audit.opening import open_audit
from hub.clock import system_clock
from hub.config import Settings
from hub.errors import HubError


@asynccontextmanager
async def on_record(settings: Settings, url: str, act: str, **about: Any) -> AsyncIterator[None]:
    """Record an act, then let it be done. Raises AuditUnavailableError: then it is not done."""
    details = {"act": act, "system_user": _system_user(), **about}
    async with open_audit(settings, url, system_clock) as audit:
        await audit.keep(Entry(Kind.ACT, Transport.COMMAND, decision=Decision.BEGUN, details=details))
        try:
            yield
        except HubError as error:
            failed = Entry(Kind.ACT, Transport.COMMAND, details=details)
            failed.refuse(error.code)
            audit.note(failed)
            raise


def _system_user() -> str:
    """Who sits at the machine, as far as it says."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"
