"""Dosage forms and strengths out of the one cell in which the list of essential medicines prints them all.

`片剂、胶囊：0.25g 注射用无菌粉末：0.5g、1.0g` is four lines: two forms in one strength, one form in two. A cell is
cut into sections, each a head that names forms and a body that names strengths. Nothing is guessed: where some
of the text belongs to no form, the cell gives no line at all and stands as received.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from connectors.cells import CellError
from connectors.scanned import printed, whole_numbers
from connectors.strengths import strength_of


class Form(NamedTuple):
    """One dosage form in one strength."""

    #: place in the cell, from 1
    ordinal: int
    dosage_form: str
    #: what the list says in brackets beside the form: a salt, a type (钾盐, Ⅰ, 含消旋)
    qualifier: str | None
    #: as printed, without the blanks of scanning; None where the list names the form alone
    strength_text: str | None
    #: in canonical text; None where it is not understood to the last character
    strength: str | None
    #: what the list says of all strengths of the form (每1g相当于饮片0.98g)
    remark: str | None


class _Section(NamedTuple):
    head: str
    body: str


_HAN = r"\u3400-\u9fff"
_NOTE = r"[（(][^（()）]*[）)]"
#: names of forms: these endings behind another character, or these words
_FORM = rf"(?:[{_HAN}]+(?:剂|片|丸|液|膜)|[{_HAN}]*(?:胶囊|颗粒|粉末|凝胶|脂质体|膏药|组合包装))(?<!饮片)"
#: 人干扰素α2a 注射液, 注射用人干扰素α2a: there the list puts the preparation in the place of the form
_NAMED = rf"[{_HAN}]+α[0-9][a-z](?: ?{_FORM})?"
#: 肠溶（片剂、胶囊）: both forms
_SHARED = r"(?:肠溶|缓释)[（(][^（()）0-9]*[）)]"
_QUALIFIER = r"[（(][^（()）0-9]+[）)]"
_UNIT = rf"(?:{_QUALIFIER} ?)?(?:{_SHARED}|{_NAMED}|{_FORM})(?: ?{_NOTE})?"
_UNITS = rf"{_UNIT}(?: ?、 ?{_UNIT})*"
#: a head begins where a body can end; a bracket at its front belongs to it only behind a blank
_FRONT = r"(?:^|(?<= )|(?<=[0-9A-Za-z%）)\]］])(?![（(]))"
_HEAD = re.compile(rf"{_FRONT}(?P<units>{_UNITS}) ?[：∶]")
_BARE = re.compile(rf"{_FRONT}(?P<units>{_UNITS})$")
_UNIT_PARTS = re.compile(
    rf"(?P<before>{_QUALIFIER})? ?(?:(?P<shared>{_SHARED})|(?P<form>{_NAMED}|{_FORM})) ?(?P<after>{_NOTE})?$"
)
#: 每袋装6g、9g: what stands before the first amount holds for the next as well
_CARRIED = re.compile(r".*?每[0-9]*[^0-9]*?(?=[0-9])")
#: begins a strength of its own: what one, or ten, of something weigh, hold or stand for
_EACH = re.compile(rf"[{_HAN}]*每[0-9]*素?[丸粒片袋瓶支贴张]")
#: says something of all strengths: what a unit of measure holds or stands for
_OF_ALL = re.compile(r"每1(?:g|ml)")
#: doses and what a dose holds belong together, as do a concentration and its volume
_ONE_DEVICE = re.compile("揿|吸|喷|mg/ml，")
_WORDS = re.compile(r"[^0-9]+")


def parse_forms(raw: str) -> list[Form]:
    """The forms of a cell. CellError `cell.forms` where some of its text belongs to no form."""
    found: dict[tuple[str, str | None, str | None, str | None], None] = {}
    for section in _sections(whole_numbers(raw)):
        strengths, remark = _strengths(section.body)
        for (form, qualifier), strength in product(_units(section.head), strengths or ("",)):
            found[form, qualifier, strength or None, remark] = None
    return [
        Form(ordinal, form, qualifier, strength, strength and strength_of(strength), remark)
        for ordinal, (form, qualifier, strength, remark) in enumerate(found, start=1)
    ]


def _sections(cell: str) -> Iterator[_Section]:
    heads = list(_HEAD.finditer(cell))
    starts = [head.start() for head in heads]
    yield from _without_body(cell[: starts[0]] if starts else cell)
    for head, end in zip(heads, [*starts, len(cell)][1:], strict=True):
        body = cell[head.end() : end].strip()
        bare = _BARE.search(body)
        yield _Section(head["units"], body[: bare.start()] if bare else body)
        yield from _without_body(bare["units"] if bare else "")


def _without_body(text: str) -> Iterator[_Section]:
    """Forms of which the list says no strength."""
    rest = text.strip()
    while rest:
        bare = _BARE.search(rest)
        if bare is None:
            raise _not_understood()
        yield _Section(bare["units"], "")
        rest = rest[: bare.start()].strip()


def _units(head: str) -> Iterator[tuple[str, str | None]]:
    """Form and qualifier of each form that a head names."""
    for unit in _cut(head, "、"):
        parts = _UNIT_PARTS.match(unit.strip())
        if parts is None:
            raise _not_understood()
        noted = [note[1:-1] for note in (parts["before"], parts["after"]) if note]
        qualifier = printed("；".join(noted)) or None
        for form in _forms(parts):
            yield printed(form), qualifier


def _forms(parts: re.Match[str]) -> list[str]:
    if parts["shared"] is None:
        return [parts["form"]]
    manner, inner = re.split(r"[（(]", parts["shared"].rstrip("）)"))
    return [manner + form.strip() for form in inner.split("、")]


def _strengths(body: str) -> tuple[list[str], str | None]:
    """The strengths of a body one by one, and what it says of all of them."""
    cut = [piece for part in _cut(printed(body), "；") for piece in _pieces(part)]
    pieces = list(_carry(cut))
    own = [piece for piece in pieces if not _OF_ALL.match(piece)]
    of_all = [piece for piece in pieces if _OF_ALL.match(piece)]
    return (own, "；".join(of_all) or None) if own else (of_all, None)


def _carry(pieces: list[str]) -> Iterator[str]:
    """Each piece with the words of an earlier one that hold for it as well."""
    words = ""
    for piece in pieces:
        if piece[0].isdigit():
            yield words + piece
        else:
            carried = _CARRIED.match(piece)
            words = carried[0] if carried else ""
            yield piece


def _pieces(part: str) -> Iterator[str]:
    """A part cut where another strength begins."""
    piece = ""
    for mark, text in _marked(part):
        if piece and not _begins(mark, text, piece, is_device=bool(_ONE_DEVICE.search(part))):
            piece += mark + text
            continue
        if piece:
            yield piece
        piece = text
    if piece:
        yield piece


def _begins(mark: str, text: str, before: str, *, is_device: bool) -> bool:
    """Whether a text behind a mark is a strength of its own, and not more of the one before."""
    if is_device and mark == "，":
        return False
    words = _WORDS.match(before)
    is_alike = words is not None and text.startswith(words[0])
    return text[0].isdigit() or is_alike or bool(_EACH.match(text) or _OF_ALL.match(text))


def _marked(part: str) -> Iterator[tuple[str, str]]:
    """What stands between marks, with the mark before it."""
    for text in _cut(part, "、，", keep=True):
        mark = text[0] if text[0] in "、，" else ""
        if text != mark:
            yield mark, text.removeprefix(mark)


def _cut(text: str, marks: str, *, keep: bool = False) -> Iterator[str]:
    """Cut a text before marks that stand outside of brackets; `keep`: each piece keeps the mark before it."""
    depth, piece = 0, ""
    for character in text:
        depth += (character in "（(［[") - (character in "）)］]")
        if character in marks and depth <= 0:
            if piece:
                yield piece
            piece = character if keep else ""
        else:
            piece += character
    if piece:
        yield piece


def _not_understood() -> CellError:
    return CellError(
        "cell.forms",
        "剂型、规格未能逐项拆开，保留原文，不列分项",
        "dosage forms and strengths could not be told apart: the text stands as received, without lines",
    )
