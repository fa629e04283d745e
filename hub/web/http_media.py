"""What a client accepts (RFC 9110 §12): media types and codings, with their weights."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

#: the media type of GraphQL's own, whose status codes tell how it went
GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"


#: headers whose meaning is kept: clients say the same each time
_KEPT = 256


class Choice(NamedTuple):
    """One of the values a client accepts."""

    value: str
    parameters: dict[str, str]
    #: from 0 (not at all) to 1
    weight: float


def choices(header: str) -> list[Choice]:
    """The values of an Accept or Accept-Encoding header, in their order; what is malformed is left out."""
    found = (_choice(part) for part in header.lower().split(","))
    return [choice for choice in found if choice is not None]


@lru_cache(maxsize=_KEPT)
def answer_media(accept: str | None) -> str | None:
    """The media type to answer with; None where the client accepts none that the hub has.

    A client that says nothing, or anything will do, gets what every client reads.
    """
    if accept is None or not accept.strip():
        return JSON
    offered = choices(accept)
    own, plain = _media_rank(offered, GRAPHQL_JSON), _media_rank(offered, JSON)
    if own == plain == (0.0, 0):
        return None
    # named as often and as highly: the newer one; by a wildcard only: the one that all know
    named = own[1] == _NAMED and own[0] >= plain[0]
    return GRAPHQL_JSON if named or plain[0] < own[0] else JSON


def answer_coding(accept: str | None, offers: Sequence[str]) -> str | None:
    """The best coding of those on offer, the hub's favourite first; None: as it is."""
    if not accept:
        return None
    weights = {choice.value: choice.weight for choice in choices(accept)}
    rest = weights.get("*", 0.0)
    best = max(offers, key=lambda offer: weights.get(offer, rest))
    weight = weights.get(best, rest)
    # a client that would rather have the bytes as they are says so
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None


#: how exactly a range names a media type
_NAMED = 3


def _media_rank(offered: Sequence[Choice], media: str) -> tuple[float, int]:
    """The weight of the most exact range that covers the media type in UTF-8, and how exact it is; 0, 0: none."""
    group = media.partition("/")[0]
    exactness = {media: _NAMED, f"{group}/*": 2, "*/*": 1}
    matching = [
        (exactness[choice.value], choice.weight)
        for choice in offered
        if choice.value in exactness and choice.parameters.get("charset", "utf-8") in ("utf-8", "utf8")
    ]
    if not matching:
        return 0.0, 0
    exact, weight = max(matching)
    return (weight, exact) if weight > 0 else (0.0, 0)


def _choice(text: str) -> Choice | None:
    value, *rest = (part.strip() for part in text.split(";"))
    parameters = {
        name.strip(): content.strip().strip('"')
        for name, _, content in (part.partition("=") for part in rest)
    }
    weight = _weight(parameters.pop("q", "1"))
    return Choice(value, parameters, weight) if value and weight is not None else None


def _weight(text: str) -> float | None:
    """RFC 9110 §12.4.2: 0 to 1 with at most three decimals."""
    whole, _, decimals = text.partition(".")
    if whole not in ("0", "1") or len(decimals) > 3 or (decimals and not decimals.isdecimal()):
        return None
    weight = float(text)
    return weight if weight <= 1 else None
