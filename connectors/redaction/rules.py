"""What may enter of a cell: words without numbers of persons, names of institutions, codes of a known shape."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from connectors.divisions.connector import LEVELS_BETWEEN, division_names
from schema.postal import mail_status_of, service_mode_of

MASK = "＊＊＊"

#: seven digits and more, also grouped as telephone numbers are; not behind a letter, as in an approval number
_NUMBER = re.compile(r"(?<![A-Za-z\d])\+?\d(?:[ \-]?\d){6,}[Xx]?(?![A-Za-z])")
#: a mobile telephone, or an identity number of 15 or 18 digits
_PERSON = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{15}|\d{17}[\dXx])(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: a word that announces a person, and what stands behind it
_ANNOUNCED = re.compile(
    r"((?:收件|收货|寄件|发件|联系|经办|投递|签收|代收|领取)人(?:姓名)?|姓名|患者|病人|电话|手机|身份证号?码?|微信)"
    r"\s*[:：为是]?\s*[^\s,，;；。、/|()（）]{1,20}"
)
_TITLED = re.compile(r"[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|太太|大爷|阿姨)")

#: what names of institutions end in, a note in brackets left aside
_INSTITUTION = re.compile(
    r"(?:医院|卫生院|保健院|保健所|卫生所|卫生室|卫生站|服务中心|服务站|医学中心|疾控中心|中心|诊所|门诊|门诊部|医务室|药房|药店|药铺"
    r"|医药店|药行|公司|厂|集团|集团总部|分公司|委员会|管理局|监督局|保障局|研究院|研究所|福利院|敬老院|养老院|大学|学院|学校"
    r"|仓库|药库|医药库|支局|分局|邮局|邮政所|营业部|营业厅|揽投部|院区|分院|总院|分店|门店|[\u4e00-\u9fff]{3,}店)$"
)
_NOTE = re.compile(r"\(([^()]*)\)$")
#: an institution's name has more characters than most persons' names
_SHORTEST = 4


def mask(text: str) -> tuple[str, bool]:
    """The text without what looks like a number, an address of mail or a name of a person; whether there was any.

    A name that nothing announces cannot be told from other words: what this misses is written down in
    docs/decisions/0014.
    """
    masked = _MAIL.sub(MASK, text)
    masked = _ANNOUNCED.sub(lambda found: f"{found[1]}{MASK}", masked)
    masked = _TITLED.sub(MASK, masked)
    masked = _NUMBER.sub(MASK, masked)
    return masked, masked != text


def mask_name(name: str) -> str:
    """The name of a file or a column without numbers of persons; days and instants in it stay."""
    return _PERSON.sub(MASK, _MAIL.sub(MASK, name))


def is_institution(text: str) -> bool:
    """Whether a text is nothing but an institution's name; in doubt it is not.

    What ends in a note is one if the note is part of such a name, as in 演示医院（东院区）.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if mask(plain)[1] or len(plain) < _SHORTEST:
        return False
    if note := _NOTE.search(plain):
        return bool(_INSTITUTION.search(note[1])) and bool(_INSTITUTION.search(plain[: note.start()]))
    return bool(_INSTITUTION.search(plain))


def fits(text: str, rule: str) -> bool:
    """Whether a cell is what its field may have, full-width or not: a known word, or of a shape.

    A name of three characters has the shape of any word; so where words are expected they have to be known ones.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if rule in _KNOWN:
        return _KNOWN[rule](plain)
    return re.fullmatch(rule, plain) is not None


@lru_cache(maxsize=1)
def _divisions() -> frozenset[str]:
    return frozenset(name for name, _, _ in division_names()) | set(LEVELS_BETWEEN)


#: rules by name, for cells of words
_KNOWN: dict[str, Callable[[str], bool]] = {
    "division": lambda word: word in _divisions(),
    "mail_status": lambda word: mail_status_of(word) is not None,
    "service_mode": lambda word: service_mode_of(word) is not None,
}
