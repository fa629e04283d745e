"""Who can hold access."""

from enum import StrEnum


class HolderKind(StrEnum):
    """Who can hold access."""

    #: a system
    CLIENT = "client"
    #: a person
    ACCOUNT = "account"
