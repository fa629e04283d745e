"""What records hold, and what they never hold."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from hub.access.events import AccessEvent, EventName
from hub.audit.access_events import access_recorder
from hub.audit.entry import Decision, Entry, Kind, Transport
from hub.audit.port import NoAudit
from hub.audit.reading import Place, as_csv_line, csv_head
from hub.errors import AuditUnavailableError
from schema.plan.needs import FieldList, Groups
from tests.lib.auditing import CALLER, entry
from tests.lib.hub import START


class Kept(NoAudit):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    async def keep(self, entry: Entry) -> None:
        """Remember."""
        self.entries.append(entry)


class Broken(NoAudit):
    """Cannot keep anything."""

    async def keep(self, entry: Entry) -> None:
        """Refuse."""
        raise AuditUnavailableError


@pytest.mark.parametrize("name", EventName)
async def test_events_of_access_are_kept_with_their_outcome(name: EventName) -> None:
    """Each by its name; those that tell of a refusal as one, with its reason."""
    audit = Kept()
    event = AccessEvent(name, START, subject="wang", client_id="console", address="10.0.0.1", reason="totp")
    await access_recorder(audit)(event)
    (kept,) = audit.entries
    is_refusal = name.value.endswith(("failed", "throttled", "replayed", "rejected"))
    assert (Kind.ACCESS, name.value, "10.0.0.1") == (kept.kind, kept.operation, kept.address)
    assert (Decision.REFUSED if is_refusal else Decision.ANSWERED) is kept.decision
    assert {"subject": "wang", "client_id": "console", "reason": "totp"} == kept.details


async def test_what_cannot_be_recorded_does_not_happen() -> None:
    """Whoever signs in is told so, rather than let in."""
    with pytest.raises(AuditUnavailableError):
        await access_recorder(Broken())(AccessEvent(EventName.SIGN_IN_SUCCEEDED, START))


def test_variables_are_told_apart_and_not_told() -> None:
    """The same values give the same digest, in whatever order; others another."""
    entries = [entry() for _ in range(3)]
    values: list[dict[str, Any]] = [{"a": "秘密", "b": 1}, {"b": 1, "a": "秘密"}, {"a": "x"}]
    for each, given in zip(entries, values, strict=True):
        each.asks(given)
    first, same, other = (each.told()["variables"] for each in entries)
    assert first == same != other
    assert "秘密" not in str(entries[0].told())


def test_what_a_client_wrote_is_cut() -> None:
    """A name of a megabyte makes no record of a megabyte."""
    long = Entry(Kind.REQUEST, Transport.HTTP, caller=CALLER, operation="Q" * 10**6, request_id="r" * 10**6)
    assert len(orjson.dumps(long.told())) < 2_000


def test_lists_of_fields_have_names_by_their_content() -> None:
    """In whatever order they were gathered."""
    needs: dict[str, Groups] = {"A.b": (frozenset({"x:read", "y:read"}),), "C.d": (frozenset(),)}
    turned = dict(reversed(needs.items()))
    assert FieldList(needs).name == FieldList(turned).name
    assert {"A.b": [["x:read", "y:read"]], "C.d": [[]]} == orjson.loads(FieldList(needs).text)


def test_records_in_csv_cannot_run_as_formulas() -> None:
    """A cell that begins like one is text; what has no column of its own stands in the last."""
    record = {
        "chain": "c",
        "n": 1,
        "operation": "=HYPERLINK(1)",
        "who": {"client": "demo", "token": "t"},
        "rows": {"post": 2},
    }
    head, row = csv.reader(io.StringIO(f"{csv_head()}\n{as_csv_line(record)}\n"))
    told = dict(zip(head, row, strict=True))
    assert ("'=HYPERLINK(1)", "demo", '{"post":2}', '{"token":"t"}') == tuple(
        told[name] for name in ("operation", "client", "rows", "rest")
    )


@pytest.mark.parametrize("text", ["", "x", "2026-01-01~c~1", "2026-01-01T00:00:00Z~c~-1", "a~b~c~d"])
def test_places_that_are_none_are_refused(text: str) -> None:
    """By ValueError alone; one that is some reads as it was written."""
    with pytest.raises(ValueError):  # noqa: PT011 - of several parsers
        Place.read(text)
    place = Place(datetime(2026, 1, 1, tzinfo=UTC), "c", 7)
    assert place == Place.read(str(place))
