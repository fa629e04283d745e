"""What happens at the hub's doors, as the audit has it: sign-ins, codes and tokens, changes of access."""

from dataclasses import fields

from hub.access.events import AccessEvent, Record
from hub.audit.entry import Entry, Kind, Transport
from hub.audit.port import Audit

#: how the names of events end that tell of something refused
_REFUSED = ("failed", "throttled", "replayed", "refused", "rejected")
_OWN = {"name", "at", "address"}


def access_recorder(audit: Audit, transport: Transport = Transport.HTTP) -> Record:
    """Keeps events of access; one that cannot be kept raises AuditUnavailableError, and the act does not happen."""

    async def record(event: AccessEvent) -> None:
        told = {field.name: getattr(event, field.name) for field in fields(event) if field.name not in _OWN}
        details = {name: value for name, value in told.items() if value is not None}
        entry = Entry(Kind.ACCESS, transport, address=event.address, operation=event.name, details=details)
        if event.name.endswith(_REFUSED):
            entry.refuse(event.reason or event.name)
        await audit.keep(entry)

    return record
