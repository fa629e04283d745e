"""Who decides something, and why: names and reasons that can be kept for ever and shown to anybody."""

import unicodedata
from dataclasses import dataclass

from hub.errors import RefusedActError
from schema.declare import Label
from schema.refusals import InvalidInput

#: longest name and reason, in characters
MAX_NAME = 100
MAX_REASON = 1000
#: what the hub writes behind a name that came with a token; no name may pretend to it
_CLIENT = "（客户端 "
#: categories of characters that nobody sees: control, format, surrogate, private use
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides, as the organisation names its people, and why."""

    name: str
    reason: str


def person(name: str, reason: str, client_id: str | None = None) -> Person:
    """Whoever decides, with the client whose token it was done with, if it was. Raises RefusedActError.

    A client vouches for the names it gives; the client itself is known by its token.
    """
    named = _text("decidedBy", name, MAX_NAME)
    if _CLIENT in named:
        raise _refused("decidedBy", f"不能含“{_CLIENT}”", f"must not contain “{_CLIENT}”")
    by = named if client_id is None else f"{named}{_CLIENT}{client_id}）"
    return Person(by, _text("reason", reason, MAX_REASON))


def name_alone(name: str) -> str:
    """A name as it is kept, without the client it came with, however its letters are written."""
    return unicodedata.normalize("NFKC", name.partition(_CLIENT)[0]).casefold().strip()


def _text(field: str, given: str, longest: int) -> str:
    """The text on one line."""
    text = " ".join(given.split())
    if not text:
        raise _refused(field, "不能为空", "must not be empty")
    if len(text) > longest:
        raise _refused(field, f"最多 {longest} 字", f"at most {longest} characters")
    if any(unicodedata.category(character) in _UNSEEN for character in text):
        raise _refused(field, "不能含控制字符或不可见字符", "must have no control or invisible characters")
    return text


def _refused(field: str, zh: str, en: str) -> RefusedActError:
    names = {"decidedBy": Label("决定人", "who decides"), "reason": Label("理由", "the reason")}
    label = names[field]
    return RefusedActError(InvalidInput(field, "act.person", Label(f"{label.zh}{zh}。", f"{label.en} {en}")))
