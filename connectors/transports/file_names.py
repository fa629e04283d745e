"""Names of files as others gave them, made safe to keep and to show."""

import unicodedata

#: as long as a folder's entry may be, with room for a number before it
_LONGEST = 200
NAMELESS = "unnamed"


def shown_name(name: str) -> str:
    """The name without folders and without what nobody sees; `unnamed` where nothing is left.

    Control and formatting characters could turn a name round on somebody's screen, or move its cursor.
    """
    return visible(name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]).strip(" .")[-_LONGEST:] or NAMELESS


def visible(text: str) -> str:
    """A text without control, formatting, surrogate and private characters, and without line breaks."""
    return "".join(
        sign for sign in text if unicodedata.category(sign)[0] != "C" and sign not in "\u2028\u2029"
    )
