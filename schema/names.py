"""Chinese names made comparable and findable: folding, comparison keys, search tokens."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice, product

from pypinyin import Style, pinyin

GRAM_MAX = 8
"""Longest character n-gram of Chinese text that is indexed."""
LATIN_MAX = 16
"""Longest indexed run of plain letters (English, pinyin, initials); a longer query is cut to this."""
CODE_PREFIX_MIN = 4
READINGS_MAX = 8

# What NFKC leaves apart although writers mean one mark. Keys are grouped by the mark they become.
_MARKS = str.maketrans(
    {
        **dict.fromkeys("\u2236\ua789\u02d0\ufe55", ":"),
        **dict.fromkeys("×✕✖╳⨯∗⁎", "*"),
        **dict.fromkeys("[{〔【〖〘〚﹝", "("),
        **dict.fromkeys("]}〕】〗〙〛﹞", ")"),
        **dict.fromkeys("‐‑‒–—―−﹣⁃─━", "-"),
        **dict.fromkeys("・•∙⋅‧", "·"),
        **dict.fromkeys("∕⁄", "/"),
        **dict.fromkeys("〜∼", "~"),
        **dict.fromkeys("‘’ʼ′`", "'"),
        **dict.fromkeys("“”", '"'),
        # Invisible marks that spreadsheets and web pages leave behind.
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", None),
    }
)
_CHINESE = r"\u3007\u3400-\u9fff\U00020000-\U0003ffff"
_CLOSE = f"{_CHINESE}():*;、。"
_LOOSE_BLANK = re.compile(rf"(?<=[{_CLOSE}]) | (?=[{_CLOSE}])")
_RUN = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")
_HAS_CHINESE = re.compile(rf"[{_CHINESE}]")
_APPROVAL_WORDS = "国药准字"
_IDLE = re.compile("[-· ]")
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


def fold_text(text: str) -> str:
    """The text with one spelling per meaning: NFKC, half-width brackets and marks, no idle blanks.

    Ratio marks become ``:``, multiplication signs ``*``, dashes ``-``, any bracket ``(`` or ``)``.
    Roman numerals become Latin letters (Ⅱ → II), so (Ⅰ) equals (I) and differs from (Ⅱ). Case is kept.
    Blanks next to a Chinese character or a bracket go; others collapse to one.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_MARKS)
    folded = _LOOSE_BLANK.sub("", " ".join(folded.split()))
    return unicodedata.normalize("NFKC", folded)


def name_key(name: str) -> str:
    """The key under which two spellings of one generic name are equal; Roman numerals stay apart."""
    return fold_text(fold_text(name).casefold())


def medicine_key(name: str) -> str:
    """The key under which two spellings of one medicine's name are equal: as `name_key`, without hyphens and dots.

    干扰素α-2b is 干扰素α2b. Brackets stay: (Ⅰ) and (Ⅱ) are different products.
    """
    return _IDLE.sub("", name_key(name))


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
        initials = "".join(syllable[0] for syllable in syllables)
        yield from _grams(initials, 2, LATIN_MAX)
        for start in range(len(syllables)):
            yield from _prefixes("".join(syllables[start : start + LATIN_MAX]), 2, LATIN_MAX)


def _readings(compact: str) -> Iterator[tuple[str, ...]]:
    """Likely readings of a name: the phrase dictionary's first, then those people also type.

    Characters without a pinyin stay as syllables of their own.
    """
    found = pinyin(compact, style=Style.NORMAL, errors=" ".join)
    base = [syllable for candidates in found for syllable in candidates[0].split()]
    choices = [
        tuple(dict.fromkeys((reading, *_OTHER_READINGS.get(character, ()))))
        for character, reading in zip(compact, base, strict=True)
    ]
    return islice(product(*choices), READINGS_MAX)


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
