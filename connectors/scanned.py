"""Text of printed and scanned tables: blanks that typesetting or OCR left inside words and numbers are dropped."""

import re

from connectors.cells import text

_CHINESE = "\u3007\u3400-\u9fff\U00020000-\U0003ffff"
#: beside these a blank says nothing: Chinese characters and punctuation, brackets, the signs of quantities
_CLOSE = rf"{_CHINESE}\u3001-\u301f\uff00-\uff65Ⅰ-ⅿ∶:/×=%()\[\]★△"
_IN_NUMBER = re.compile(r"(?<=\d\.) (?=\d)|(?<=\d) (?=\.\d)")
_LOOSE = re.compile(rf"(?<=[{_CLOSE}]) | (?=[{_CLOSE}])")


def printed(raw: str) -> str:
    """The text without idle blanks: `0. 125g` is 0.125g, `4 ∶1` is 4∶1; between Latin words one blank stays."""
    return _LOOSE.sub("", whole_numbers(raw))


def whole_numbers(raw: str) -> str:
    """The text with runs of blanks made one and numbers mended; other blanks stay, for they may part words."""
    return _IN_NUMBER.sub("", text(raw))
