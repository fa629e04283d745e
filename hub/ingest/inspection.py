"""What a text is: as codes, as a label, and who in the store knows it."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import asyncpg

from hub.ingest import inspect_store
from hub.ingest.identity import Known, Match, Words
from hub.ingest.inspect_store import Record
from hub.ingest.known_store import fetch_known
from hub.ingest.ladder import Claim, match_words, stated_codes
from hub.ingest.witness import Maker, Witness, hear, parsed, testimony
from schema.inspection import CodeReading, read_codes
from schema.medicine_labels import read_label
from schema.names import medicine_key
from schema.quantities import Agreement

#: what makes a text that looks like a code a label all the same: Chinese beside the words of a code
_CHINESE = re.compile("[\u4e00-\u9fff]{2}")
_LETTERS = re.compile("国药准字|批准文号|注册证号?")
_REGION = "region_code"
#: candidates that are shown, and medicines that a code names
_SHOWN = 10
Report = dict[str, Any]


async def inspect(connection: asyncpg.Connection, text: str) -> Report:
    """All that can be said of a text; JSON-like, in the order in which people read it."""
    readings = read_codes(text)
    report: Report = {"text": text, "codes": [await _code(connection, each) for each in readings]}
    if own := await items_by_own_code(connection, text):
        report["item_codes"] = own
    organizations = await organizations_named(connection, text, readings)
    if organizations:
        report["organizations"] = organizations
    elif is_label(text, readings):
        report["label"] = await inspect_label(connection, text)
    return report


async def who_knows(connection: asyncpg.Connection, what: str, reading: CodeReading) -> list[Record]:
    """The rows of `what` (a key of FINDERS) that have a code: as it is, and as it may be meant."""
    found: list[Record] = []
    for code in [reading.normal] if reading.normal else reading.meant:
        found += await FINDERS[what](connection, reading.kind, code)
    return found


async def items_by_own_code(connection: asyncpg.Connection, text: str) -> list[Record]:
    """Items whose sender calls them this."""
    return await inspect_store.items_of(connection, "item_code", text.strip())


async def organizations_named(
    connection: asyncpg.Connection, text: str, readings: Sequence[CodeReading]
) -> list[Record]:
    """Organisations that a text names, or did; a code is no name."""
    if any(each.normal for each in readings):
        return []
    return await inspect_store.organizations_by_name(connection, text)


def is_label(text: str, readings: Sequence[CodeReading]) -> bool:
    """Whether a text that is the name of no organisation is worth reading as a label."""
    if any(each.normal for each in readings):
        return False
    return not readings or _CHINESE.search(_LETTERS.sub("", text)) is not None


async def inspect_label(connection: asyncpg.Connection, text: str) -> Report:
    """A label's parts, what the ladder finds, and each medicine of the name with why it is or is not the one."""
    said = read_label(text)
    words = Words(
        name_zh=said.name,
        specification=said.specification,
        approval_number=said.approval_number,
        manufacturer_name=said.holder,
    )
    # also without the number: medicines of the name are shown whatever the number says
    known = await fetch_known(connection, [words, Words(name_zh=said.name, manufacturer_name=said.holder)])
    understood = parsed(said.specification or "")
    match = match_words(words, known)
    return {
        "said": asdict(said),
        "strengths": [strength.text for strength in understood.strengths],
        "pack_count": understood.pack_count,
        "pack_unit": understood.unit,
        "not_understood": understood.rest or None,
        "finding": _finding(match),
        "rungs": [_rung(claim) for claim in stated_codes(words, known)],
        "candidates": [_candidate(words, witness, match) for witness in _heard(words, known)],
    }


async def _code(connection: asyncpg.Connection, reading: CodeReading) -> Report:
    """A reading and who knows it: as it is, and as it may be meant."""
    report: Report = {
        "kind": reading.kind,
        "label": str(reading.label),
        "is_right": reading.normal is not None,
        "normal": reading.normal,
        "error_code": reading.error_code,
        "hint": reading.hint and str(reading.hint),
        "parts": {str(part.label): part.value for part in reading.parts},
        "meant": list(reading.meant),
    }
    for what in FINDERS:
        if rows := await who_knows(connection, what, reading):
            report[what] = rows
    return report


async def _items(connection: asyncpg.Connection, kind: str, code: str) -> list[Record]:
    return [] if kind == _REGION else await inspect_store.items_of(connection, kind, code)


async def _organizations(connection: asyncpg.Connection, kind: str, code: str) -> list[Record]:
    return await inspect_store.organizations_by_code(connection, code) if kind == "uscc" else []


async def _regions(connection: asyncpg.Connection, kind: str, code: str) -> list[Record]:
    return await inspect_store.regions_of(connection, code) if kind == _REGION else []


#: what may have a code → the rows that have one of a kind
FINDERS: Mapping[str, Callable[[asyncpg.Connection, str, str], Awaitable[list[Record]]]] = {
    "products": inspect_store.products_of,
    "packs": inspect_store.packs_of,
    "items": _items,
    "organizations": _organizations,
    "regions": _regions,
}


def _heard(words: Words, known: Known) -> list[Witness]:
    found = {
        each.product_id: each
        for each in (
            *known.by_approval_number.get(words.approval_number or "", ()),
            *known.by_name.get(medicine_key(words.name_zh or ""), ()),
        )
    }
    heard = [hear(words, each, known) for each in found.values()]
    ranks = {Agreement.AGREE: 0, Agreement.UNKNOWN: 1, Agreement.DIFFER: 2}
    return sorted(heard, key=lambda w: (ranks[w.strength], list(Maker).index(w.maker)))[:_SHOWN]


def _rung(claim: Claim) -> Report:
    return {
        "method": claim.rung.method,
        "label": claim.rung.label,
        "code": claim.code,
        "approval_numbers": sorted(each.approval_number for each in claim.found)[:_SHOWN],
    }


def _finding(match: Match) -> Report:
    return {
        "product_id": match.product_id,
        "concept_id": match.concept_id,
        "state": match.state.value,
        "method": match.method,
        "score": match.score,
        "evidence": match.evidence,
    }


def _candidate(words: Words, witness: Witness, match: Match) -> Report:
    found = witness.candidate
    return {
        "product_id": found.product_id,
        "approval_number": found.approval_number,
        "name_zh": found.name_zh,
        "specification": found.specification,
        "holder_name": found.holder_name,
        "is_found": found.product_id == match.product_id,
        "compared": testimony(words, witness),
    }
