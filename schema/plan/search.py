"""What a text asks for: stages of a search, the best first, as values to be bound and as rules that can be read.

A text finds, in this order (`Class`): what has a code that begins so; names that are so; names that begin so; names
whose pinyin or initials begin so; names that have all its words inside, in any order. Within a class shorter names come
first, then as their documents fall, then by identifier. Where a text begins the code of anything of a kind, things of
this kind are found by their codes alone. The statement is in `search_sql`, the same in plain Python in `search_plain`.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from schema.names import CHINESE
from schema.search import CODE_PREFIX_MIN, query_tokens, whole_key
from schema.search_index import SHORT, marked
from schema.search_rules import Kind

#: longer texts are cut: nobody types more, and the work grows with the length
TEXT_MAX = 100
#: what begins a division code, and what begins other codes: not of letters alone
_DIVISION_CODE = re.compile("[0-9]{2,6}")
_CHINESE = re.compile(f"[{CHINESE}]")
_CODE = re.compile(rf"(?=[a-z]*[0-9])[0-9a-z]{{{CODE_PREFIX_MIN},}}")


class Class(StrEnum):
    """How well something fits; a lower one comes first."""

    CODE = "0"
    NAME = "1"
    BEGINNING = "2"
    READING = "3"
    INSIDE = "4"


#: the stages of names, each looked into where those before found too little: the class, and among names of what length
STAGES: tuple[tuple[Class, int | None], ...] = (
    (Class.NAME, None),
    (Class.BEGINNING, None),
    (Class.READING, None),
    *((Class.INSIDE, longest) for longest in SHORT),
    (Class.INSIDE, None),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, understood."""

    kinds: frozenset[Kind]
    #: the whole of it, as names are compared
    key: str
    #: its words, which all must be found
    tokens: tuple[str, ...]
    #: the beginning of a code, in capitals, and of which kinds; the other words
    code: str | None
    code_kinds: frozenset[Kind]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class After:
    """The last hit of the page before: its rank and identifier, as `hits` gave them."""

    rank: str
    id: int


def understand(text: str, kinds: Collection[Kind] = tuple(Kind)) -> Asked:
    """What a text asks for, of these kinds. Text without a letter or digit asks for nothing."""
    text = text[:TEXT_MAX].replace("\0", " ")
    tokens = tuple(query_tokens(text))
    code = next(
        (token for token in tokens if _DIVISION_CODE.fullmatch(token) or _CODE.fullmatch(token)), None
    )
    of_codes = {
        Kind.MEDICINE: _CODE,
        Kind.ORGANIZATION: _CODE,
        Kind.PLACE: _DIVISION_CODE,
    }
    return Asked(
        kinds=frozenset(kinds),
        key=whole_key(text) if tokens else "",
        tokens=tokens,
        code=code.upper() if code else None,
        code_kinds=frozenset(kind for kind in kinds if code and of_codes[kind].fullmatch(code)),
        rest=tuple(token for token in tokens if token != code),
    )


def values(asked: Asked, after: After | None = None) -> dict[str, str | None]:
    """The values of the parameters of `search_sql.hits`, all text or null; those of `after` only where there is one."""
    found: dict[str, str | None] = {
        f"{kind}_code": asked.code if kind in asked.code_kinds else None for kind in Kind
    }
    found["rest"] = _of_kinds(asked, asked.code_kinds, asked.rest) if asked.rest else None
    for number, (class_, longest) in enumerate(STAGES):
        found[f"stage_{number}"] = _stage_query(asked, class_, longest)
    if after is not None:
        found |= {"after_rank": after.rank, "after_id": str(after.id)}
        found |= {
            f"from_{class_}": _first_document(class_, after) for class_ in Class if class_ != Class.CODE
        }
    return found


def is_rank(text: str) -> bool:
    """Whether a text can be a rank that `hits` gave: of a name, or of a code. Check cursors by it before `After`."""
    if re.fullmatch("[1-4][0-9]{19}", text, re.ASCII):
        return int(text[1:]) < 1 << 63
    return re.fullmatch("0[0-9A-Z\\-().\u3400-\u9fff]{1,100}", text) is not None


def _first_document(class_: Class, after: After) -> str | None:
    """From which document on a class goes on after a hit; None: it is over."""
    if after.rank[0] == class_:
        return after.rank[1:]
    return "0" if after.rank[0] < class_ else None


def _stage_query(asked: Asked, class_: Class, longest: int | None) -> str | None:
    if not asked.tokens:
        return None
    return _any(_stage_of_kind(asked, kind, class_, longest) for kind in Kind if kind in asked.kinds) or None


def _stage_of_kind(asked: Asked, kind: Kind, class_: Class, longest: int | None) -> str:
    name, beginning, reading = (
        _term(kind, f"^{asked.key}"),
        _term(kind, f"^{asked.key}", ":*"),
        _term(kind, f"~{asked.key}", ":*"),
    )
    match class_:
        case Class.NAME:
            return name
        case Class.BEGINNING:
            return f"{beginning} & !{name}"
        case Class.READING:
            return f"{reading} & !{beginning}"
        case _:
            within = [_term(kind, f"#{longest}")] if longest else []
            done = [f"!{_term(kind, f'#{SHORT[place]}')}" for place in _shorter(longest)]
            return " & ".join([_words(kind, asked.tokens), *within, f"!{beginning}", f"!{reading}", *done])


def _shorter(longest: int | None) -> range:
    """The place in SHORT of the length up to which names were looked into before."""
    place = SHORT.index(longest) if longest else len(SHORT)
    return range(max(place - 1, 0), place)


def _of_kinds(asked: Asked, kinds: Collection[Kind], tokens: tuple[str, ...]) -> str | None:
    return _any(_words(kind, tokens) for kind in Kind if kind in kinds) or None


def _words(kind: Kind, tokens: tuple[str, ...]) -> str:
    return " & ".join(_term(kind, token, "" if _is_one_letter(token) else ":*") for token in tokens)


def _is_one_letter(token: str) -> bool:
    """Whether a token is one letter or digit, which is found only where it stands alone."""
    return len(token) == 1 and not _CHINESE.match(token)


def _term(kind: Kind, lexeme: str, how: str = "") -> str:
    """A lexeme of a tsquery. It has letters, digits and our own marks alone, so that it cannot leave its quotes."""
    return f"'{marked(kind, lexeme)}'{how}"


def _any(queries: Iterable[str]) -> str:
    return " | ".join(f"({each})" for each in queries)
