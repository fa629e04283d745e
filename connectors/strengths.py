"""A printed strength as canonical text, or nothing: what is not understood to the last character is not taken."""

import re

from schema.quantities import parse_specification

#: 每袋（瓶）装6g weighs as 每袋装6g; what the amount equals or holds besides does not change it
_ASIDE = re.compile(
    r"(?<=每[袋瓶])[（(][袋瓶支][）)](?=装)|[（(](?:相当于|含|每)[^（(）)]*(?:[（(][^（(）)]*[）)][^（(）)]*)?[）)]"
)


def strength_of(printed: str) -> str | None:
    """The one strength that a text states, as `schema.quantities` writes it."""
    found = parse_specification(_ASIDE.sub("", printed))
    return found.strengths[0].text if len(found.strengths) == 1 and not found.rest else None
