"""Chinese names made comparable: folding and comparison keys."""

import re
import unicodedata
from functools import lru_cache

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
#: a class of Chinese characters, without its brackets
CHINESE = r"\u3007\u3400-\u9fff\U00020000-\U0003ffff"
_CLOSE = f"{CHINESE}():*;、。"
_IDLE = re.compile("[-· ]")
_LOOSE_BLANK = re.compile(rf"(?<=[{_CLOSE}]) | (?=[{_CLOSE}])")


# a file says the same names in each of its chunks
@lru_cache(maxsize=1 << 16)
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
