"""What mutations take, and what they answer with: what was changed, or why nothing was."""

from enum import Enum
from typing import Annotated, Any

import strawberry

from schema.entities import Batch, Judgement
from schema.graph.directives import requires
from schema.graph.items import ItemKind, MatchedItem, bounded, items
from schema.graph.resolve import GraphInfo
from schema.graph.told import HubBusy, InvalidInput
from schema.graph.user_errors import (
    BatchNotFound,
    BatchNotHeld,
    ItemIncomplete,
    ItemNotFound,
    JudgementNotFound,
    JudgementStands,
    JudgementWithdrawn,
    ProductNotFound,
    entity_field,
)
from schema.graph.writer import Act, Judged
from schema.plan.conditions import DEFAULT_PAGE
from schema.scopes import Scope

_BY = "决定人，按本单位的称呼 Who decides, as the organisation names its people"
_REASON = "理由 Why"
_ERRORS = "未能照办的原因；空则已办 Why nothing was changed; empty: it is done"

JudgeItemError = Annotated[
    InvalidInput | ItemIncomplete | ItemNotFound | ProductNotFound | JudgementStands | HubBusy,
    strawberry.union("JudgeItemError", description="判定未成的原因 Why an item was not judged."),
]
WithdrawJudgementError = Annotated[
    InvalidInput | JudgementNotFound | JudgementWithdrawn | HubBusy,
    strawberry.union("WithdrawJudgementError", description="撤回未成的原因 Why nothing was withdrawn."),
]
DecideBatchError = Annotated[
    InvalidInput | BatchNotFound | BatchNotHeld | HubBusy,
    strawberry.union("DecideBatchError", description="决定未成的原因 Why nothing was decided."),
]


@strawberry.enum(description="判定的结论 What a person says of an item.")
class JudgeVerdict(Enum):
    """What a person says of an item."""

    PRODUCT = strawberry.enum_value("product", description="是所写批准文号的药品 The medicine of this number")
    NONE = strawberry.enum_value("none", description="不是注册药品 No registered medicine")


@strawberry.input(description="一个判定 A judgement.")
class JudgeItemInput:
    """A judgement: which item, and what it is."""

    kind: ItemKind = strawberry.field(description="对象类别 Kind of item")
    item: list[str | None] | None = strawberry.field(
        default=None,
        description="对象：依次写发送方与编码，与 itemId 二选一"
        " The item by its sender and codes in their order; this or `itemId`",
    )
    item_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="对象某条记录的标识，与 item 二选一 The item by any row's `id`; this or `item`",
    )
    verdict: JudgeVerdict = strawberry.field(description="结论 What it is")
    approval_number: str | None = strawberry.field(
        default=None, description="批准文号，仅与 PRODUCT 同用 Approval number, with PRODUCT and only then"
    )
    decided_by: str = strawberry.field(description=_BY)
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="撤回一个判定 The withdrawal of a judgement.")
class WithdrawJudgementInput:
    """The withdrawal of a judgement."""

    judgement_id: int = strawberry.field(description="判定编号 Judgement")
    decided_by: str = strawberry.field(description=_BY)
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="对被扣留批次的决定 A decision about a held batch.")
class DecideBatchInput:
    """A decision about a held batch."""

    batch_id: int = strawberry.field(description="批次 Batch")
    decided_by: str = strawberry.field(description=_BY)
    reason: str = strawberry.field(description=_REASON)


def act_of(given: JudgeItemInput | WithdrawJudgementInput | DecideBatchInput) -> Act:
    """Who decides, and why."""
    return Act(given.decided_by, given.reason)


async def _items(root: Any, info: GraphInfo, first: int = DEFAULT_PAGE) -> Any:
    judged: Judged | None = root.judged
    if judged is None:
        return []
    return await items(info, [(judged.item_kind, row_id) for row_id in bounded(judged.row_ids, first)])


def _items_field() -> Any:
    return strawberry.field(
        resolver=_items,
        graphql_type=list[MatchedItem] | None,
        description="该对象现有的记录，只列令牌可读的类别"
        " The rows that now hold of the item, of kinds that the token opens",
        directives=[requires(Scope.IDENTITY_JUDGE)],
    )


def _errors_field(scope: Scope) -> Any:
    return strawberry.field(description=_ERRORS, directives=[requires(scope)], default_factory=list)


class _OfJudgement:
    """What both payloads about judgements hold."""

    judged: Judged | None

    @property
    def judgement_id(self) -> int | None:
        """The judgement's number."""
        return None if self.judged is None else self.judged.judgement_id


@strawberry.type(description="判定的结果 What became of a judgement.")
class JudgeItemPayload(_OfJudgement):
    """What became of a judgement."""

    judgement: Any = entity_field(Judgement, "judgement_id", "所作的判定 The judgement that was made")
    items: Any = _items_field()
    errors: list[JudgeItemError] = _errors_field(Scope.IDENTITY_JUDGE)
    judged: strawberry.Private[Judged | None] = None


@strawberry.type(description="撤回的结果 What became of a withdrawal.")
class WithdrawJudgementPayload(_OfJudgement):
    """What became of a withdrawal."""

    judgement: Any = entity_field(Judgement, "judgement_id", "被撤回的判定 The judgement that was withdrawn")
    items: Any = _items_field()
    errors: list[WithdrawJudgementError] = _errors_field(Scope.IDENTITY_JUDGE)
    judged: strawberry.Private[Judged | None] = None


@strawberry.type(description="决定的结果 What became of a decision.")
class DecideBatchPayload:
    """What became of a decision."""

    batch: Any = entity_field(
        Batch,
        "batch_id",
        "该批次及其现状；放行后也可能拒收 The batch as it is now; released, it may be refused",
    )
    errors: list[DecideBatchError] = _errors_field(Scope.FEED_DECIDE)
    batch_id: strawberry.Private[int | None] = None
