"""Why a version of a list cannot be proposed, published or rejected: each reason with what it is about. Pure."""

from dataclasses import dataclass
from typing import ClassVar

from schema.declare import Label

#: faults that a message repeats; all of them are with the refusal
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ListFault:
    """What in a row of a proposed version is wrong."""

    row_number: int
    code: str
    column: str | None
    found: str | None
    hint: str


@dataclass(frozen=True, slots=True)
class ListFileFaulty:
    """The proposed version is not understood: nothing of it is kept as a proposal."""

    code: ClassVar[str] = "list.file"
    faults: tuple[ListFault, ...]

    @property
    def message(self) -> Label:
        """Row by row."""
        told = "；".join(
            f"第 {each.row_number} 行 {each.column or ''}“{each.found or ''}” {each.hint}"
            for each in self.faults[:_SHOWN]
        )
        count = len(self.faults)
        return Label(f"拟议的清单有 {count} 处不能读懂：{told}。", f"{count} faults in the proposed version")


@dataclass(frozen=True, slots=True)
class ListNothingNew:
    """The version says what stands already."""

    code: ClassVar[str] = "list.nothing_new"

    @property
    def message(self) -> Label:
        """That it would change nothing."""
        return Label("拟议的版本与现有内容相同。", "the version says what stands already")


@dataclass(frozen=True, slots=True)
class ListProposalNotFound:
    """There is no proposal of this number."""

    code: ClassVar[str] = "list.unknown_proposal"
    proposal_id: int

    @property
    def message(self) -> Label:
        """Which one."""
        return Label(f"没有拟议 {self.proposal_id}。", f"there is no proposal {self.proposal_id}")


@dataclass(frozen=True, slots=True)
class ListProposalDecided:
    """Somebody decided already."""

    code: ClassVar[str] = "list.decided"
    proposal_id: int
    #: publish or reject
    verdict_code: str

    @property
    def message(self) -> Label:
        """Which one, and how."""
        words = {"publish": ("公布", "published"), "reject": ("否决", "rejected")}
        zh, en = words[self.verdict_code]
        return Label(f"拟议 {self.proposal_id} 已{zh}。", f"proposal {self.proposal_id} is {en} already")


@dataclass(frozen=True, slots=True)
class ListSamePerson:
    """Whoever proposed a version cannot publish it."""

    code: ClassVar[str] = "list.same_person"
    proposal_id: int

    @property
    def message(self) -> Label:
        """That a second person is needed."""
        return Label(
            f"拟议 {self.proposal_id} 须由拟议人以外的人决定公布（四眼原则）。",
            f"a person other than who proposed it has to publish proposal {self.proposal_id}",
        )


@dataclass(frozen=True, slots=True)
class ListBaseChanged:
    """The list is no longer what the proposal was compared with."""

    code: ClassVar[str] = "list.base_changed"
    proposal_id: int

    @property
    def message(self) -> Label:
        """That it has to be proposed anew."""
        return Label(
            f"清单在拟议 {self.proposal_id} 之后已有变化，请否决后重新拟议。",
            f"the list has changed since proposal {self.proposal_id}: reject it and propose anew",
        )


@dataclass(frozen=True, slots=True)
class ListNotPublished:
    """Taking the version in came to nothing; nothing was changed."""

    code: ClassVar[str] = "list.not_published"
    proposal_id: int
    why: str

    @property
    def message(self) -> Label:
        """What the ingest said."""
        return Label(
            f"拟议 {self.proposal_id} 未能公布：{self.why}。",
            f"proposal {self.proposal_id} could not be published",
        )
