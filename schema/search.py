"""Chinese names made findable: tokens of names and of queries."""

import importlib
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice, product
from types import ModuleType

from schema.names import CHINESE, name_key

GRAM_MAX = 8
"""Longest character n-gram of Chinese text that is indexed."""
LATIN_MAX = 16
"""Longest indexed run of plain letters (English, pinyin, initials); a longer query is cut to this."""
CODE_PREFIX_MIN = 4
NAME_MAX = 100
"""Characters of a name that an index of lexemes has: nobody types more, and the work grows with the length."""
READINGS_MAX = 8

_RUN = re.compile(rf"[{CHINESE}]+|[^\W_{CHINESE}]+")
_HAS_CHINESE = re.compile(rf"[{CHINESE}]")
_APPROVAL_WORDS = "国药准字"
_CODE = re.compile(rf"(?:{_APPROVAL_WORDS})?((?=(?:[a-z]*[0-9]){{4}})[0-9a-z]{{6,}})")

# Readings that people type besides the one the phrase dictionary picks, for characters of medicine names
# whose reading hangs on a word the dictionary may not know (重组 is zhong to many; 壳 is ke or qiao).
_OTHER_READINGS = {
    "阿": ("a",), "塞": ("se", "sai"), "重": ("chong", "zhong"), "参": ("shen",), "薄": ("bo",),
    "血": ("xie", "xue"), "术": ("zhu", "shu"), "壳": ("ke", "qiao"), "蛤": ("ge", "ha"), "柏": ("bai", "bo"),
    "泌": ("mi", "bi"), "长": ("chang", "zhang"), "没": ("mo", "mei"), "露": ("lu",), "吖": ("a", "ya"),
    "茄": ("qie", "jia"), "调": ("tiao", "diao"), "乐": ("le", "yue"), "藏": ("zang", "cang"),
    "降": ("jiang",), "大": ("da",),
}  # fmt: skip


def search_tokens(name_zh: str, *others: str) -> list[str]:
    """Sorted distinct tokens under which a medicine is found.

    Chinese text (of any argument) gives character n-grams of 1 to 8, the whole of it, pinyin from every
    syllable on, and pinyin initials; Latin words give themselves and their prefixes of two letters and
    more; codes such as ``H20140210`` give themselves and their prefixes of four characters and more.
    Punctuation carries no token. ``query_tokens`` is the other half.
    """
    tokens: set[str] = set()
    for text in (name_zh, *others):
        tokens.update(_tokens_of(name_key(text)))
    return sorted(tokens)


def query_tokens(query: str) -> list[str]:
    """Tokens that must all be present in ``search_tokens`` of whatever matches the query; [] finds nothing.

    The order of the parts does not matter. Chinese runs above eight characters ask for all their 8-grams.
    """
    tokens: dict[str, None] = {}
    for part in query.split():
        key = name_key(part)
        code = _CODE.fullmatch(key)
        for run in [code[1]] if code else _RUN.findall(key):
            # Every domestic number carries these words; they select nothing.
            if run != _APPROVAL_WORDS:
                tokens.update(dict.fromkeys(_query_run(run)))
    return list(tokens)


def search_lexemes(names: Iterable[str]) -> list[str]:
    """Sorted distinct lexemes for an index that finds the beginnings of words (a tsvector), not only whole ones.

    A token of ``query_tokens`` is among the ``search_tokens`` of the names if, and only if, a lexeme here begins with
    it; one letter or digit alone must be a lexeme. (Names that are codes, such as H20140210, are found by shorter
    beginnings too.) Beside these, ``^`` before a whole name, and ``~`` before its pinyin and its initials, let a
    query ask for names that are or begin so. They are a seventh as many as the tokens.
    """
    lexemes: set[str] = set()
    for name in names:
        lexemes.update(_lexemes_of(name))
    return sorted(lexemes)


def whole_key(name: str) -> str:
    """A name as it is compared as a whole: its key without blanks and punctuation. Empty where nothing is left."""
    return _compact(name_key(name)[:NAME_MAX])


def whole_readings(name: str) -> set[str]:
    """Pinyin and initials of a whole Chinese name, in all likely readings; none of other names."""
    compact = whole_key(name)
    if not _HAS_CHINESE.search(compact):
        return set()
    readings = [tuple(syllables) for syllables in _readings(compact)]
    return {"".join(each) for each in readings} | {_initials(each) for each in readings}


# medicines of one generic name and many trade names come one after the other
@lru_cache(maxsize=256)
def _lexemes_of(name: str) -> frozenset[str]:
    key = name_key(name)[:NAME_MAX]
    compact = _compact(key)
    if not compact:
        return frozenset()
    lexemes = {f"^{compact}"}
    lexemes.update(_cut(run) for run in _RUN.findall(key) if not _HAS_CHINESE.match(run))
    if _HAS_CHINESE.search(compact):
        lexemes.update(character for character in compact if not _HAS_CHINESE.match(character))
        lexemes.update(compact[start : start + GRAM_MAX] for start in range(len(compact)))
        for syllables in _readings(compact):
            lexemes.update(_reading_lexemes(syllables))
    return frozenset(lexemes)


def _reading_lexemes(syllables: tuple[str, ...]) -> Iterator[str]:
    initials = _initials(syllables)
    yield f"~{initials}"
    yield f"~{''.join(syllables)}"
    for start in range(len(syllables)):
        # one letter is no token
        if start < len(syllables) - 1:
            yield initials[start : start + LATIN_MAX]
        if len(rest := "".join(syllables[start : start + LATIN_MAX])[:LATIN_MAX]) > 1:
            yield rest


def _initials(syllables: tuple[str, ...]) -> str:
    return "".join(syllable[0] for syllable in syllables)


def _query_run(run: str) -> list[str]:
    if _HAS_CHINESE.match(run):
        return list(_grams(run, GRAM_MAX, GRAM_MAX)) or [run]
    return [_cut(run)]


def _tokens_of(key: str) -> Iterator[str]:
    compact = _compact(key)
    if not compact:
        return
    if code := _CODE.fullmatch(key):
        yield compact
        yield from _prefixes(code[1], CODE_PREFIX_MIN, len(code[1]))
        return
    for run in _RUN.findall(key):
        if not _HAS_CHINESE.match(run):
            yield from _word_tokens(run)
    if _HAS_CHINESE.search(compact):
        yield compact
        yield from _grams(compact, 1, GRAM_MAX)
        yield from _pinyin_tokens(compact)


def _word_tokens(word: str) -> Iterator[str]:
    yield _cut(word)
    yield from _prefixes(word, 2, len(_cut(word)))


def _pinyin_tokens(compact: str) -> Iterator[str]:
    for syllables in _readings(compact):
        initials = _initials(syllables)
        yield from _grams(initials, 2, LATIN_MAX)
        for start in range(len(syllables)):
            yield from _prefixes("".join(syllables[start : start + LATIN_MAX]), 2, LATIN_MAX)


def _readings(compact: str) -> Iterator[tuple[str, ...]]:
    """Likely readings of a name: the phrase dictionary's first, then those people also type.

    Characters without a pinyin stay as syllables of their own.
    """
    library = _pypinyin()
    found = library.pinyin(compact, style=library.Style.NORMAL, errors=" ".join)
    base = [syllable for candidates in found for syllable in candidates[0].split()]
    choices = [
        tuple(dict.fromkeys((reading, *_OTHER_READINGS.get(character, ()))))
        for character, reading in zip(compact, base, strict=True)
    ]
    return islice(product(*choices), READINGS_MAX)


@cache
def _pypinyin() -> ModuleType:
    """Loaded with the first name: its phrases take longer than most modules, and who only asks needs none of them."""
    return importlib.import_module("pypinyin")


def _compact(key: str) -> str:
    return "".join(_RUN.findall(key))


def _cut(run: str) -> str:
    # Words with a digit are codes: cutting one would make different products look alike.
    return run[:LATIN_MAX] if run.isalpha() else run


def _grams(text: str, shortest: int, longest: int) -> Iterator[str]:
    for size in range(shortest, longest + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def _prefixes(text: str, shortest: int, longest: int) -> Iterator[str]:
    for size in range(shortest, min(longest, len(text)) + 1):
        yield text[:size]
