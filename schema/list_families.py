"""The two families of lists, of one build: those that are published, and those of reserves; and how they are named."""

from dataclasses import dataclass
from datetime import date

from schema.entities import (
    DrugList,
    DrugListEntry,
    DrugListVersion,
    ListChange,
    ListMatch,
    ReserveChange,
    ReserveEntry,
    ReserveList,
    ReserveListVersion,
    ReserveMatch,
)
from schema.entities.listed import EntryMatch, ListEntry, ListHead, ListMove, ListVersion
from schema.ids import stable_id
from schema.names import name_key


@dataclass(frozen=True, slots=True)
class Family:
    """The entities of a family."""

    head: type[ListHead]
    version: type[ListVersion]
    entry: type[ListEntry]
    move: type[ListMove]
    match: type[EntryMatch]

    def list_id(self, sender_code: str, kind_code: str, region_code: str) -> int:
        """The stable identifier of a sender's list of this kind for this division."""
        return stable_id(str(self.head.__tablename__), sender_code, kind_code, region_code)

    def version_id(self, list_id: int, effective_on: date) -> int:
        """The stable identifier of the version that takes effect on a day."""
        return stable_id(str(self.version.__tablename__), str(list_id), effective_on.isoformat())

    def entry_id(self, list_id: int, words: tuple[str, str | None, str | None, str | None]) -> int:
        """The stable identifier of an entry: name, form, strength (normalised where it can be), approval number."""
        keys = (name_key(word) if word else "" for word in words)
        return stable_id(str(self.entry.__tablename__), str(list_id), *keys)

    def move_id(self, version_id: int, entry_id: int) -> int:
        """The stable identifier of what a version says of an entry."""
        return stable_id(str(self.move.__tablename__), str(version_id), str(entry_id))


PUBLISHED = Family(DrugList, DrugListVersion, DrugListEntry, ListChange, ListMatch)
RESERVES = Family(ReserveList, ReserveListVersion, ReserveEntry, ReserveChange, ReserveMatch)
FAMILIES = (PUBLISHED, RESERVES)
