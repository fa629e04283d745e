"""Chinese and English names that scanning cut in the wrong place, put right where the text itself shows how."""

import re
import unicodedata

from connectors.scanned import printed

_HAN = r"\u3400-\u9fff"
#: 桉柠蒎 Eucalyptol，: English words behind the last Chinese character belong to the English name
_ENGLISH_TAIL = re.compile(rf"(?P<zh>.*[{_HAN}）)])\s*(?P<en>[A-Z][^\W\d_]{{2,}}[^{_HAN}]*)")
#: B12 Vitamin B12: what the English name has at both ends was the end of the Chinese one
_CHINESE_TAIL = re.compile(r"(?P<tail>(?=[A-Z])[A-Za-z0-9]{1,3}) (?P<en>[A-Z][a-z].*)")
_LIGATURES = "ﬀﬁﬂﬃﬄ"


def names(zh: str, en: str | None) -> tuple[str, str | None]:
    """The names with each word where it belongs. What could be either stays where the file has it."""
    zh, en = zh.strip(), (en or "").strip()
    if tail := _ENGLISH_TAIL.fullmatch(zh):
        # 咖啡因 Caﬀ|eine: no word ends in a ligature
        gap = "" if tail["en"][-1] in _LIGATURES else " "
        zh, en = tail["zh"], f"{tail['en']}{gap}{en}"
    elif (tail := _CHINESE_TAIL.fullmatch(en)) and _is_repeated(zh, tail["tail"], tail["en"]):
        zh, en = zh + tail["tail"], tail["en"]
    return printed(zh), _english(en) or None


def is_mended(zh: str, en: str | None) -> bool:
    """Whether words changed their place."""
    return names(zh, en) != (printed(zh), _english(en or "") or None)


def _is_repeated(zh: str, tail: str, en: str) -> bool:
    """维生素|B12 Vitamin B12, 复方氨基酸 18|AA … 18AA, 碳酸钙|D3 … Vitamin D3: the English name ends the same."""
    digits = re.search(r" ?(\d*)$", zh)
    return en.endswith(f" {digits[1] if digits else ''}{tail}")


def _english(en: str) -> str:
    return re.sub(",(?=\\S)", ", ", unicodedata.normalize("NFKC", printed(en))).strip()
