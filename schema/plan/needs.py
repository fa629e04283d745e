"""What it takes to be answered: scopes, by the field that needs them."""

import json
from collections.abc import Mapping
from hashlib import sha256

from schema.scopes import Scope

#: groups of scopes of which any one suffices, by the name of what needs them
Groups = tuple[frozenset[str], ...]


class FieldList:
    """Fields and the groups of scopes that open each, as one text with a short name for it."""

    def __init__(self, needs: Mapping[str, Groups]) -> None:
        told = {name: [sorted(group) for group in groups] for name, groups in sorted(needs.items())}
        #: JSON
        self.text = json.dumps(told, separators=(",", ":"))
        #: the same for the same fields
        self.name = sha256(self.text.encode()).hexdigest()[:32]


class Needs:
    """Gathers what a document needs. To filter, order or group by a field is to read it."""

    def __init__(self) -> None:
        self.by_name: dict[str, Groups] = {}

    def add(self, name: str, *scopes: Scope) -> None:
        """Something needs all of these scopes."""
        self.by_name[name] = (frozenset(scope.value for scope in scopes),)

    def refused(self, scopes: frozenset[str]) -> dict[str, list[list[str]]]:
        """What these scopes do not open, with what would."""
        return refused(self.by_name, scopes)


def opening(needed: Mapping[str, Groups]) -> frozenset[str] | None:
    """Scopes that together surely open all of it, to see at once that nothing is refused; None: there are none."""
    if not all(needed.values()):
        return None
    return frozenset().union(*(group for groups in needed.values() for group in groups))


def refused(needed: Mapping[str, Groups], scopes: frozenset[str]) -> dict[str, list[list[str]]]:
    """What these scopes do not open, with what would."""
    return {
        name: [sorted(group) for group in groups]
        for name, groups in needed.items()
        if not any(group <= scopes for group in groups)
    }
