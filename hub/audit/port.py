"""What others know of the audit: it takes entries, and says when they are safe."""

from typing import Protocol

from hub.audit.entry import Entry


class Audit(Protocol):
    """Keeps the record."""

    @property
    def checkpoint(self) -> str | None:
        """The last checkpoint, to be handed to callers."""
        ...

    async def keep(self, entry: Entry) -> None:
        """Record it; it is safe when this returns. Raises AuditUnavailableError: then nothing may go out."""
        ...

    def note(self, entry: Entry) -> None:
        """Record it soon: what ends with it has gone out, or never will."""
        ...


class RunningAudit(Audit, Protocol):
    """One that is begun and ended with the server."""

    async def start(self) -> None:
        """Before the first request."""
        ...

    async def close(self) -> None:
        """After the last: all is safe when this returns."""
        ...


class NoAudit:
    """Keeps nothing: for measurements of what the audit costs, and for tests of other things."""

    checkpoint: str | None = None

    async def start(self) -> None:
        """Nothing."""

    async def close(self) -> None:
        """Nothing."""

    async def keep(self, entry: Entry) -> None:
        """Nothing."""

    def note(self, entry: Entry) -> None:
        """Nothing."""
