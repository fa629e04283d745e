"""What mutations about lists take, and what they answer with: the proposal, or why nothing was changed."""

from dataclasses import asdict, fields
from typing import Annotated, Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from schema import list_refusals
from schema.entities import ListProposal
from schema.graph.directives import requires
from schema.graph.told import HubBusy, InvalidInput, Told
from schema.graph.user_errors import entity_field, user_error
from schema.graph.writer import Act
from schema.refusals import HubBusy as Busy
from schema.refusals import InvalidInput as Invalid
from schema.refusals import Refusal
from schema.scopes import Scope

_BY = "何人，按本单位的称呼 Who, as the organisation names its people"
_REASON = "理由 Why"
_ERRORS = "未能照办的原因；空则已办 Why nothing was changed; empty: it is done"


def _proposing(description: str) -> Any:
    return strawberry.field(description=description, directives=[requires(Scope.LIST_PROPOSE)])


def _publishing(description: str) -> Any:
    return strawberry.field(description=description, directives=[requires(Scope.LIST_PUBLISH)])


@strawberry.type(name="ListFault", description="拟议的一行有误 What in a row is wrong.")
class RowFault:
    """What in a row of a proposed version is wrong."""

    row_number: int = _proposing(
        "第几行，首个在列药品为 1；0 为整体 Row, the first medicine is 1; 0: the whole"
    )
    code: str = _proposing("错误代码 Stable code, see docs/errors.md")
    column: str | None = _proposing("哪一项 Which value")
    found: str | None = _proposing("原文 The text there")
    hint: str = _proposing("说明 What was expected")


@strawberry.type(description="拟议的版本不能读懂 The version is not understood; nothing is kept.")
class ListFileFaulty(Told):
    """The proposed version is not understood."""

    faults: list[RowFault] = _proposing("各处错误 All that is wrong")


@strawberry.type(description="与现有内容相同 The version says what stands already.")
class ListNothingNew(Told):
    """Nothing would change."""


@strawberry.type(description="没有此拟议 There is no such proposal.")
class ListProposalNotFound(Told):
    """No such proposal."""

    proposal_id: int = _publishing("拟议编号 Proposal")


@strawberry.type(description="已有人决定 Somebody decided already.")
class ListProposalDecided(Told):
    """Somebody was first."""

    proposal_id: int = _publishing("拟议编号 Proposal")
    verdict_code: str = _publishing("其决定 How it was decided")


@strawberry.type(description="须由拟议人以外的人公布 Whoever proposed it cannot publish it.")
class ListSamePerson(Told):
    """A second person is needed."""

    proposal_id: int = _publishing("拟议编号 Proposal")


@strawberry.type(description="清单已有变化 The list is not what the proposal was compared with.")
class ListBaseChanged(Told):
    """It has to be proposed anew."""

    proposal_id: int = _publishing("拟议编号 Proposal")


@strawberry.type(description="未能公布 Taking the version in came to nothing.")
class ListNotPublished(Told):
    """What the ingest said."""

    proposal_id: int = _publishing("拟议编号 Proposal")
    why: str = _publishing("原因 Why")


ProposeListVersionError = Annotated[
    InvalidInput | ListFileFaulty | ListNothingNew | HubBusy,
    strawberry.union("ProposeListVersionError", description="拟议未成的原因 Why nothing was proposed."),
]
DecideListProposalError = Annotated[
    InvalidInput
    | ListProposalNotFound
    | ListProposalDecided
    | ListSamePerson
    | ListBaseChanged
    | ListNotPublished
    | HubBusy,
    strawberry.union("DecideListProposalError", description="决定未成的原因 Why nothing was decided."),
]
_TYPES: dict[type[Any], type[Told]] = {
    list_refusals.ListFileFaulty: ListFileFaulty,
    list_refusals.ListNothingNew: ListNothingNew,
    list_refusals.ListProposalNotFound: ListProposalNotFound,
    list_refusals.ListProposalDecided: ListProposalDecided,
    list_refusals.ListSamePerson: ListSamePerson,
    list_refusals.ListBaseChanged: ListBaseChanged,
    list_refusals.ListNotPublished: ListNotPublished,
}


@strawberry.input(description="版本中的一种药品；层级随所写各项而定 A medicine of a version.")
class ListEntryInput:
    """A medicine of a version; the names are those of the feed's layout."""

    name_zh: str = strawberry.field(description="药品名称 Name")
    dosage_form: str | None = strawberry.field(default=None, description="剂型 Dosage form")
    strength: str | None = strawberry.field(default=None, description="规格 Strength")
    approval_number: str | None = strawberry.field(default=None, description="批准文号 Approval number")
    category: str | None = strawberry.field(default=None, description="类别 Part of the list")
    direction: str | None = strawberry.field(
        default=None, description="在列、调入或调出，不写为在列 On the list, or what leaves it"
    )
    reason: str | None = strawberry.field(
        default=None, description="列入或调出的原因 Why it comes in or leaves"
    )
    remark: str | None = strawberry.field(default=None, description="备注 Remark")


@strawberry.input(description="清单的一个完整版本 A whole version of a list.")
class ProposeListVersionInput:
    """A whole version of a list; the names are those of the feed's layout."""

    sender_code: str = strawberry.field(description="发送方代码 Sender code of who keeps the list")
    list_kind: str = strawberry.field(description="清单类型，中文名称或代码 Kind of list, its name or code")
    list_name: str = strawberry.field(description="清单名称 Name of the list")
    region_code: str = strawberry.field(
        description="行政区划代码，全国为 000000 Division; 000000 is the country"
    )
    effective_on: str = strawberry.field(description="生效日期 Effective on, such as 2026-01-01")
    announced_on: str | None = strawberry.field(default=None, description="公布日期 Announced on")
    document_title: str = strawberry.field(description="文件名称 Title of the document")
    document_number: str | None = strawberry.field(default=None, description="文号 Document number")
    document_url: str | None = strawberry.field(default=None, description="文件网址 Address of the document")
    drug_list: list[ListEntryInput] = strawberry.field(
        description="全部在列药品；不再写的即调出 All that is on the list: what is not there leaves it"
    )
    proposed_by: str = strawberry.field(description=_BY)
    reason: str = strawberry.field(description=_REASON)

    def document(self) -> dict[str, Any]:
        """The version as a document of the feed: its values by the names of the layout, what is not given left out."""
        given = {name: value for name, value in asdict(self).items() if name not in _OF_THE_ACT}
        entries = [_stated(entry) for entry in given.pop("drug_list")]
        return {**_stated(given), "drugList": entries}


_OF_THE_ACT = ("sender_code", "proposed_by", "reason")


@strawberry.input(description="对拟议的决定 A decision about a proposed version.")
class DecideListProposalInput:
    """A decision about a proposed version."""

    proposal_id: int = strawberry.field(description="拟议编号 Proposal")
    decided_by: str = strawberry.field(description=_BY)
    reason: str = strawberry.field(description=_REASON)

    @property
    def act(self) -> Act:
        """Who decides, and why."""
        return Act(self.decided_by, self.reason)


@strawberry.type(description="拟议的结果 What became of a proposal.")
class ProposeListVersionPayload:
    """What became of a proposal."""

    proposal: Any = entity_field(ListProposal, "proposal_id", "所作的拟议 The proposal that was made")
    errors: list[ProposeListVersionError] = strawberry.field(
        description=_ERRORS, directives=[requires(Scope.LIST_PROPOSE)], default_factory=list
    )
    proposal_id: strawberry.Private[int | None] = None


@strawberry.type(description="决定的结果 What became of a decision.")
class DecideListProposalPayload:
    """What became of a decision."""

    proposal: Any = entity_field(
        ListProposal, "proposal_id", "该拟议，连同其决定 The proposal with its decision"
    )
    errors: list[DecideListProposalError] = strawberry.field(
        description=_ERRORS, directives=[requires(Scope.LIST_PUBLISH)], default_factory=list
    )
    proposal_id: strawberry.Private[int | None] = None


def list_error(refusal: Refusal) -> Any:
    """A refusal as the graph tells it."""
    if isinstance(refusal, Invalid | Busy):
        return user_error(refusal)
    stated: Any = refusal
    own = {each.name: _shown(getattr(refusal, each.name)) for each in fields(stated)}
    path = ["input", "proposalId"] if "proposal_id" in own else ["input", "drugList"]
    return _TYPES[type(refusal)](message=str(refusal.message), code=refusal.code, path=path, **own)


def _shown(value: Any) -> Any:
    return [RowFault(**asdict(each)) for each in value] if isinstance(value, tuple) else value


def _stated(given: dict[str, Any]) -> dict[str, Any]:
    return {to_camel_case(name): value for name, value in given.items() if value is not None}
