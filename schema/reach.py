"""Which rows a caller may see: those of a division and all below it, or those of its own organisation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from schema.identifiers import IdentifierError
from schema.regions import COUNTRY_CODE, code_range, complete_code


class OwnerKind(StrEnum):
    """What kind of code says whose a row is."""

    #: code of a sender of feeds: a chain, a platform, a maker's reporting system
    SENDER = "sender"
    #: unified social credit code
    COMPANY = "company"
    #: an institution's code on the procurement platforms
    INSTITUTION = "institution"
    #: a distributor's code on the procurement platforms
    DISTRIBUTOR = "distributor"


class Sight(StrEnum):
    """Kinds of reaches; what is asked of the store differs between them, and within one in values alone."""

    COUNTRY = "country"
    REGION = "region"
    OWNERS = "owners"
    NOWHERE = "nowhere"


#: how an organisation is named in tokens and on the command line: `kind:code`
_OWNER = re.compile(rf"({'|'.join(OwnerKind)}):(\S{{1,64}})")


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """One code by which an organisation is known."""

    kind: OwnerKind
    code: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """`sender:chain-a` → its parts. Raises ValueError."""
        found = _OWNER.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            kinds = "|".join(OwnerKind)
            raise ValueError(f"机构须写作 {kinds}:编码 / write an organisation as {kinds}:code: {text!r}")
        return cls(OwnerKind(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class Reach:
    """A division's subtree, or (where `owners` is not None) the rows of these codes alone, wherever they are.

    Facts that are the same for everybody (`schema.rows.RowRule`) are in everybody's reach.
    """

    #: GB/T 2260, six digits; None: no division's
    region_code: str | None
    owners: frozenset[Owner] | None = None

    def __post_init__(self) -> None:
        if self.region_code is not None and complete_code(self.region_code) != self.region_code:
            raise ValueError(f"区划代码须为六位 / a division code has six digits: {self.region_code!r}")
        if self.region_code is not None and self.owners is not None:
            raise ValueError("辖区与机构只能选一 / a reach is a division or an organisation, not both")

    @property
    def is_country(self) -> bool:
        """Whether there is no limit."""
        return self.region_code == COUNTRY_CODE

    @property
    def sight(self) -> Sight:
        """Of which kind it is."""
        if self.is_country:
            return Sight.COUNTRY
        if self.region_code is not None:
            return Sight.REGION
        return Sight.NOWHERE if self.owners is None else Sight.OWNERS

    @property
    def owner_texts(self) -> list[str] | None:
        """The organisation's codes as `kind:code`, sorted; None where the reach is no organisation's."""
        return None if self.owners is None else sorted(map(str, self.owners))

    @property
    def code_range(self) -> tuple[str, str] | None:
        """Half-open range of division codes, in byte order; None: no division's rows."""
        return None if self.region_code is None else code_range(self.region_code)

    def codes(self, kind: OwnerKind) -> list[str]:
        """The organisation's codes of a kind, in their order."""
        return sorted(owner.code for owner in self.owners or () if owner.kind is kind)


COUNTRY = Reach(COUNTRY_CODE)
#: of rows that are not everybody's, none
NOWHERE = Reach(None)


def reach_of(region: object, organization: object) -> Reach:
    """The reach that a token's claims name; ValueError for claims that make no sense. None of them: nothing."""
    match region, organization:
        case None, None:
            return NOWHERE
        case str(), None:
            try:
                return Reach(region)
            except IdentifierError as error:
                raise ValueError("region") from error
        case None, list():
            return Reach(None, owners_of(organization))
        case _:
            raise ValueError("region, organization")


def owners_of(texts: Iterable[str]) -> frozenset[Owner]:
    """The codes of an organisation. Raises ValueError."""
    return frozenset(Owner.parse(text) for text in texts)
