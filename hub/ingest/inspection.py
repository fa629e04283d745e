"""What a text is: as codes, as a label, and who in the store knows it."""

import re
from dataclasses import asdict
from typing import Any

import asyncpg

from hub.ingest import inspect_store
from hub.ingest.identity import Known, Match, Words
from hub.ingest.known_store import fetch_known
from hub.ingest.ladder import match_words
from hub.ingest.witness import Maker, Witness, hear, parsed, testimony
from schema.inspection import CodeReading, read_codes
from schema.medicine_labels import LabelWords, read_label
from schema.names import medicine_key
from schema.quantities import Agreement

#: what makes a text that looks like a code a label all the same: Chinese beside the words of a code
_CHINESE = re.compile("[\u4e00-\u9fff]{2}")
_LETTERS = re.compile("国药准字|批准文号|注册证号?")
#: candidates that are shown
_SHOWN = 10
Report = dict[str, Any]


async def inspect(connection: asyncpg.Connection, text: str) -> Report:
    """All that can be said of a text; JSON-like, in the order in which people read it."""
    readings = read_codes(text)
    report: Report = {"text": text, "codes": [await _code(connection, each) for each in readings]}
    own = await inspect_store.items_of(connection, "item_code", text.strip())
    if own:
        report["item_codes"] = own
    if not any(each.normal for each in readings):
        organizations = await inspect_store.organizations_by_name(connection, text)
        if organizations:
            report["organizations"] = organizations
        elif not readings or _CHINESE.search(_LETTERS.sub("", text)):
            report["label"] = await _label(connection, read_label(text))
    return report


async def _code(connection: asyncpg.Connection, reading: CodeReading) -> Report:
    """A reading and who knows it: as it is, and as it may be meant."""
    known = [reading.normal] if reading.normal else list(reading.meant)
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
    for code in known:
        for name, rows in (await _who_knows(connection, reading.kind, code)).items():
            report.setdefault(name, []).extend(rows)
    return report


async def _who_knows(connection: asyncpg.Connection, kind: str, code: str) -> Report:
    if kind == "region_code":
        return {"regions": await inspect_store.regions_of(connection, code)}
    found: Report = {
        "products": await inspect_store.products_of(connection, kind, code),
        "packs": await inspect_store.packs_of(connection, kind, code),
        "items": await inspect_store.items_of(connection, kind, code),
    }
    if kind == "uscc":
        found["organizations"] = await inspect_store.organizations_by_code(connection, code)
    return {name: rows for name, rows in found.items() if rows}


async def _label(connection: asyncpg.Connection, said: LabelWords) -> Report:
    """A label's parts, what the ladder finds, and each medicine of the name with why it is or is not the one."""
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
        "candidates": [_candidate(words, witness, match) for witness in _heard(words, known)],
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


def _finding(match: Match) -> Report:
    return {
        "state": match.state.value,
        "method": match.method,
        "score": match.score,
        "evidence": match.evidence,
    }


def _candidate(words: Words, witness: Witness, match: Match) -> Report:
    found = witness.candidate
    return {
        "approval_number": found.approval_number,
        "name_zh": found.name_zh,
        "specification": found.specification,
        "holder_name": found.holder_name,
        "is_found": found.product_id == match.product_id,
        "compared": testimony(words, witness),
    }
