"""SQL of proposed versions, decisions about them, and of what stands on lists; rows are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import asyncpg

from hub.lists.versions import Difference, Line, Proposed
from schema.entities.fact import held_now, live_now

_LINE = ", ".join(Line._fields)


class Verdict(StrEnum):
    """What a second person decides."""

    PUBLISH = "publish"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the name, why, and the subject of the token, if it was done with one."""

    name: str
    reason: str
    subject: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it was made, and how it was decided, if it was."""

    id: int
    sender_code: str
    file_name: str
    sha256: str
    base_digest: str
    proposed_by: str
    subject: str | None
    verdict_code: str | None


async def lines_at(connection: asyncpg.Connection, list_id: int, at: datetime, *, before: bool) -> list[Line]:
    """What stands on a list at an instant, or just before it."""
    when = "valid_from < $2 AND valid_to >= $2" if before else "valid_from <= $2 AND valid_to > $2"
    rows = await connection.fetch(
        f"SELECT DISTINCT ON (id) {_LINE} FROM drug_list_entry WHERE list_id = $1 AND superseded_at = 'infinity'"
        f" AND {when} ORDER BY id, valid_from DESC",
        list_id,
        at,
    )
    return [Line(*row) for row in rows]


async def version_ids(connection: asyncpg.Connection, list_id: int) -> list[int]:
    """The versions of a list."""
    rows = await connection.fetch(
        f"SELECT id FROM drug_list_version WHERE list_id = $1 AND {live_now()}", list_id
    )
    return [row[0] for row in rows]


async def insert_proposal(
    connection: asyncpg.Connection,
    sender_code: str,
    file: tuple[str, str],
    proposed: Proposed,
    difference: Difference,
    base_digest: str,
    who: Actor,
    at: datetime,
) -> int:
    """Write a proposal down; gives its number. Numbers have no gaps. `file`: its name and SHA-256."""
    number: int = await connection.fetchval(
        "INSERT INTO list_proposal (id, sender_code, list_id, version_id, kind_code, region_code, list_name,"
        " effective_on, document_title, file_name, sha256, added, removed, changed, base_digest, proposed_by,"
        " subject, reason, proposed_at) SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17, $18 FROM list_proposal RETURNING id",
        sender_code,
        *(
            proposed.list_id,
            proposed.version_id,
            proposed.kind_code,
            proposed.region_code,
            proposed.list_name,
        ),
        *(proposed.effective_on, proposed.document_title, *file),
        *(len(difference.added), len(difference.removed), len(difference.changed), base_digest),
        *(who.name, who.subject, who.reason, at),
    )
    return number


async def fetch_proposal(connection: asyncpg.Connection, number: int) -> Proposal | None:
    """A proposal by its number."""
    row = await connection.fetchrow(
        "SELECT p.id, p.sender_code, p.file_name, p.sha256, p.base_digest, p.proposed_by, p.subject, d.verdict_code"
        " FROM list_proposal p LEFT JOIN list_decision d ON d.proposal_id = p.id WHERE p.id = $1",
        number,
    )
    return row and Proposal(*row)


async def insert_decision(
    connection: asyncpg.Connection,
    number: int,
    verdict: Verdict,
    batch_id: int | None,
    who: Actor,
    at: datetime,
) -> None:
    """Write a decision down."""
    await connection.execute(
        "INSERT INTO list_decision (proposal_id, verdict_code, batch_id, decided_by, subject, reason, decided_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *(number, verdict.value, batch_id, who.name, who.subject, who.reason, at),
    )


async def proposals(connection: asyncpg.Connection, *, pending: bool) -> list[Mapping[str, Any]]:
    """Proposals, newest first: those that wait for a decision, or all."""
    rows = await connection.fetch(
        "SELECT p.id, p.list_name, p.effective_on, p.document_title, p.added, p.removed, p.changed, p.proposed_by,"
        " p.reason, p.proposed_at, d.verdict_code, d.decided_by, d.decided_at FROM list_proposal p"
        " LEFT JOIN list_decision d ON d.proposal_id = p.id"
        f"{' WHERE d.proposal_id IS NULL' if pending else ''} ORDER BY p.id DESC"
    )
    return [dict(row) for row in rows]


async def lists(connection: asyncpg.Connection) -> list[Mapping[str, Any]]:
    """All lists, each with the version in force and how many medicines are on it."""
    rows = await connection.fetch(
        "SELECT l.id, l.name, l.kind_code, l.region_code, l.sender_code, v.effective_on, v.document_number,"
        f" (SELECT count(*) FROM drug_list_entry e WHERE e.list_id = l.id AND {held_now('e')}) AS entries"
        " FROM drug_list l LEFT JOIN drug_list_version v ON v.id = l.version_id"
        f" AND {live_now('v')} WHERE {held_now('l')} ORDER BY l.region_code, l.kind_code, l.id"
    )
    return [dict(row) for row in rows]


async def versions(connection: asyncpg.Connection, list_id: int) -> list[Mapping[str, Any]]:
    """The versions of a list in their order, with how much each brought and took."""
    rows = await connection.fetch(
        "SELECT v.id, v.effective_on, v.document_title, v.document_number,"
        " count(*) FILTER (WHERE c.direction_code = 'in') AS came_in,"
        " count(*) FILTER (WHERE c.direction_code = 'out') AS went_out, v.valid_from"
        f" FROM drug_list_version v LEFT JOIN list_change c ON c.version_id = v.id AND {live_now('c')}"
        f" WHERE v.list_id = $1 AND {live_now('v')} GROUP BY 1, 2, 3, 4, 7 ORDER BY 2",
        list_id,
    )
    return [dict(row) for row in rows]


async def reasons_between(
    connection: asyncpg.Connection, list_id: int, after: datetime, until: datetime
) -> dict[int, str]:
    """By entry, why it last came in or left after one instant and until another."""
    rows = await connection.fetch(
        "SELECT DISTINCT ON (entry_id) entry_id, coalesce(reason_text, reason_code) FROM list_change"
        f" WHERE list_id = $1 AND valid_from > $2 AND valid_from <= $3 AND {live_now()}"
        " ORDER BY entry_id, valid_from DESC",
        list_id,
        after,
        until,
    )
    return {row[0]: row[1] for row in rows}
