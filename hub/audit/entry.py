"""What is to be recorded of one thing that happened, gathered while it happens."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

import orjson

from hub.access.caller import Caller
from schema.plan.needs import FieldList
from schema.provider import Provider

#: as much of what a client wrote as a record takes over
_LONGEST = 200
_CALLERS = 4096


class Kind(StrEnum):
    """What a record tells of."""

    #: a chain begins: what it follows, how it is hashed and signed
    OPENED = "opened"
    #: which fields some documents read, and which scopes open them; records name it by its digest
    FIELDS = "fields"
    #: a request, answered or refused
    REQUEST = "request"
    #: a page that was pushed to a subscriber
    PAGE = "page"
    #: a subscription ends
    UNSUBSCRIBED = "unsubscribed"
    #: a token was asked for
    TOKEN = "token"  # noqa: S105 - a kind
    #: somebody signs in, or fails to, or changes how
    ACCESS = "access"
    #: somebody is about to change something: written before it is done
    ACT = "act"
    #: a chain ends in good order
    CLOSED = "closed"


class Decision(StrEnum):
    """What became of it."""

    ANSWERED = "answered"
    REFUSED = "refused"
    #: a defect, or a part of the hub that was not there
    FAILED = "failed"
    #: the client hung up before it had its answer
    ABANDONED = "abandoned"
    #: of an act: it begins
    BEGUN = "begun"


class Transport(StrEnum):
    """The way by which it came."""

    HTTP = "http"
    EVENTS = "events"
    WEBSOCKET = "websocket"
    COMMAND = "command"
    #: the hub's own doing
    HUB = "hub"


@dataclass(slots=True)
class Entry:
    """One thing that happens."""

    kind: Kind
    transport: Transport
    #: for the time it took
    started: float = field(default_factory=time.perf_counter)
    caller: Caller | None = None
    #: where it came from, and what the client calls it
    address: str | None = None
    request_id: str | None = None
    #: the document and its variables, by their SHA-256
    document: str | None = None
    variables: str | None = None
    operation: str | None = None
    #: which fields it reads: those it shows, and those it filters, orders and groups by
    fields: tuple[FieldList, ...] = ()
    rows: Mapping[Provider, int] | None = None
    decision: Decision = Decision.ANSWERED
    #: the rule that refused it, or what went wrong
    code: str | None = None
    #: what of the document was refused
    refused_fields: tuple[str, ...] = ()
    #: more that belongs to its kind
    details: Mapping[str, Any] = field(default_factory=dict)

    def refuse(self, code: str) -> None:
        """It was refused, by this rule."""
        self.decision, self.code = Decision.REFUSED, code

    def fail(self, code: str) -> None:
        """It could not be done."""
        self.decision, self.code = Decision.FAILED, code

    def abandon(self) -> None:
        """Nobody waits for it any more."""
        self.decision, self.code = Decision.ABANDONED, None

    def page(self, rows: Mapping[Provider, int]) -> "Entry":
        """An entry about a page of the subscription that this one is about."""
        return replace(self, kind=Kind.PAGE, rows=rows, started=time.perf_counter())

    def ended(self) -> "Entry":
        """An entry about the end of the subscription that this one is about."""
        return replace(self, kind=Kind.UNSUBSCRIBED, started=time.perf_counter())

    def act(self, details: Mapping[str, Any]) -> "Entry":
        """An entry about something that the same caller is about to do by the same request."""
        return Entry(
            Kind.ACT,
            self.transport,
            caller=self.caller,
            address=self.address,
            request_id=self.request_id,
            document=self.document,
            operation=self.operation,
            decision=Decision.BEGUN,
            details=details,
        )

    def asks(self, variables: Mapping[str, Any]) -> None:
        """With these variables. They are told apart, not told: values may be of persons."""
        if variables:
            self.variables = hashlib.sha256(orjson.dumps(variables, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def told(self) -> dict[str, Any]:
        """What of it is recorded, without what is not there."""
        who = who_is(self.caller) if self.caller is not None else None
        found = {
            "kind": self.kind,
            "decision": self.decision,
            "code": self.code,
            "who": who,
            "transport": self.transport,
            "operation": self.operation and self.operation[:_LONGEST],
            "document": self.document,
            "fields": [fields.name for fields in self.fields],
            "variables": self.variables,
            "rows": {str(provider.value): count for provider, count in (self.rows or {}).items()},
            "refused": self.refused_fields,
            "details": self.details,
            "address": self.address,
            "request": self.request_id and self.request_id[:_LONGEST],
            "ms": round((time.perf_counter() - self.started) * 1000, 2),
        }
        return {name: value for name, value in found.items() if value}


@lru_cache(_CALLERS)
def who_is(caller: Caller) -> orjson.Fragment:
    """The caller as records name it."""
    owners = caller.reach.owners
    found = {
        "client": caller.client_id,
        "subject": caller.subject,
        "issuer": caller.issuer,
        "token": caller.token_id,
        "region": caller.reach.region_code,
        "organization": sorted(map(str, owners)) if owners else None,
        "grants": caller.grants,
    }
    return orjson.Fragment(orjson.dumps({name: value for name, value in found.items() if value}))
