"""What a document of the search holds: the lexemes of its names, and an identifier that puts the best first."""

from collections.abc import Sequence

from schema.ids import stable_id
from schema.search import search_lexemes, whole_key
from schema.search_rules import Kind

#: bits of a document's identifier below its length; together with a class of one digit a rank has 63 bits
_HASH_BITS = 54
_LENGTH_MAX = 63
#: lengths at which the names within which to look first end; see `schema.plan.search`
SHORT = (5, 8, 11, 13)


def length_of(names: Sequence[str]) -> int:
    """The length that counts in the order: of the first name, without blanks and punctuation; 63 at most."""
    return min(len(whole_key(names[0])), _LENGTH_MAX)


def document_id(kind: Kind, names: Sequence[str]) -> int:
    """The identifier of the document of these names: shorter ones first, else as it falls, always the same.

    Nine bits fewer than other identifiers tell documents of one length apart: among a hundred thousand, two
    collide with a chance of 1 in 100 million; the names of the later would then not be found.
    """
    return length_of(names) << _HASH_BITS | stable_id("search_document", kind, *names) >> (63 - _HASH_BITS)


def document_lexemes(kind: Kind, names: Sequence[str]) -> list[str]:
    """The lexemes of a document: those of its names and of its length, each marked with the letter of its kind."""
    lengths = [f"#{longest}" for longest in SHORT if length_of(names) <= longest]
    return [marked(kind, lexeme) for lexeme in (*lengths, *search_lexemes(names))]


def marked(kind: Kind, lexeme: str) -> str:
    """A lexeme as it stands in the index, so that what is asked of one kind meets no other."""
    return f"{kind.value[0]}{lexeme}"
