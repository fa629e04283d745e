"""What is searched for, and by which rules. Apart from search_index.py, for pinyin loads slowly."""

from enum import StrEnum
from importlib.metadata import version

#: raise it when `schema.search_index` gives other lexemes than before: documents made by other rules are made anew
_RULES = 1


class Kind(StrEnum):
    """What is searched for. The values stand in the tables and in search results."""

    MEDICINE = "medicine"
    ORGANIZATION = "organization"
    PLACE = "place"


def rules_code() -> str:
    """By which rules documents are made now: the house's, with the readings of the installed dictionary."""
    return f"{_RULES}/pypinyin-{version('pypinyin')}"
