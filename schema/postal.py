"""Words of the post: where a consignment stands, and how an area is served."""

import re
from decimal import Decimal
from enum import StrEnum


class MailStatus(StrEnum):
    """What happened to a consignment."""

    ACCEPTED = "accepted"
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    RETURNED = "returned"


class ServiceMode(StrEnum):
    """How mail reaches its receivers."""

    TO_THE_DOOR = "to_the_door"
    TO_THE_VILLAGE = "to_the_village"
    PICK_UP = "pick_up"
    CONTRACTOR = "contractor"


#: whole words of source systems; a word that is none of them is not guessed at
_STATUSES = {
    MailStatus.ACCEPTED: ("收寄", "已收寄"),
    MailStatus.COLLECTED: ("揽收", "已揽收", "揽件"),
    MailStatus.IN_TRANSIT: ("运输", "运输中", "在途", "离开", "到达", "封发", "转运"),
    MailStatus.OUT_FOR_DELIVERY: ("投递", "投递中", "派送", "派送中", "安排投递"),
    MailStatus.DELIVERED: ("签收", "已签收", "妥投", "已妥投"),
    MailStatus.RETURNED: ("退回", "已退回", "退件", "退回妥投"),
}
_MODES = {
    ServiceMode.TO_THE_DOOR: ("投递到户", "按址投递", "上门投递", "直投到户"),
    ServiceMode.TO_THE_VILLAGE: ("投递到村", "直投到村", "建制村直投"),
    ServiceMode.PICK_UP: ("自提", "局内自取", "站点自提", "代投点自提"),
    ServiceMode.CONTRACTOR: ("委办投递", "代投", "委代办"),
}
_STATUS_OF = {word: status for status, words in _STATUSES.items() for word in words}
_MODE_OF = {word: mode for mode, words in _MODES.items() for word in words}

_PER_WEEK = re.compile(r"(?:每)?(周|星期|日|天)(?:班)?(\d{1,2})(?:班|次|频次)?")
_HOURS = re.compile(r"(?:T\+)?(\d{1,3})(小时|时|h|天|日|d)?(?:内|以内)?")
_NUMERALS = str.maketrans("一二两三四五六七八九", "1223456789")


def mail_status_of(word: str) -> MailStatus | None:
    """The status a source's word stands for; None where nobody knows."""
    return _STATUS_OF.get(word)


def service_mode_of(word: str) -> ServiceMode | None:
    """How an area is served, by a source's word; None where nobody knows."""
    return _MODE_OF.get(word)


def visits_per_week(text: str) -> Decimal | None:
    """How often the post comes, as 每周3次 or 每日1班; None where the text says it otherwise."""
    found = _PER_WEEK.fullmatch(text.replace(" ", "").translate(_NUMERALS))
    if found is None:
        return None
    return Decimal(found[2]) * (1 if found[1] in {"周", "星期"} else 7)


def hours_of(text: str) -> int | None:
    """A time limit as 48小时, 2天, T+2 or a bare number of hours, in hours; None where the text says it otherwise."""
    plain = text.replace(" ", "").translate(_NUMERALS)
    found = _HOURS.fullmatch(plain)
    if found is None:
        return None
    in_days = found[2] in {"天", "日", "d"} or (plain.startswith("T+") and found[2] is None)
    return int(found[1]) * (24 if in_days else 1)


def known_statuses() -> str:
    """The words for statuses, as a hint lists them."""
    return "、".join(words[0] for words in _STATUSES.values())


def known_modes() -> str:
    """The words for modes of service, as a hint lists them."""
    return "、".join(words[0] for words in _MODES.values())
