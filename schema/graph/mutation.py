"""What people do through the graph: judge items, decide about held batches and about lists, change access."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from schema.declare import Label
from schema.graph.access import decide_access, propose_access, take_access_away
from schema.graph.directives import requires
from schema.graph.list_mutation import (
    propose_list_version,
    publish_list_proposal,
    reject_list_proposal,
)
from schema.graph.payloads import (
    DecideBatchInput,
    DecideBatchPayload,
    JudgeItemInput,
    JudgeItemPayload,
    JudgeVerdict,
    WithdrawJudgementInput,
    WithdrawJudgementPayload,
    act_of,
)
from schema.graph.resolve import GraphInfo
from schema.graph.user_errors import user_error
from schema.graph.writer import ACTS, Judged
from schema.refusals import InvalidInput

_INPUT = strawberry.argument(name="input")
_UNCLEAR_ITEM = InvalidInput(
    "item", "act.item", Label("item 与 itemId 须选其一。", "give either `item` or `itemId`")
)
_UNCLEAR_ID = InvalidInput("itemId", "act.item", Label("itemId 不是标识。", "`itemId` is no identifier"))
_UNCLEAR_VERDICT = InvalidInput(
    "approvalNumber",
    "act.verdict",
    Label("PRODUCT 须写批准文号，NONE 则不写。", "PRODUCT takes an approval number, NONE takes none"),
)


async def _judge_item(info: GraphInfo, given: Annotated[JudgeItemInput, _INPUT]) -> JudgeItemPayload | None:
    item = _item(given)
    if isinstance(item, InvalidInput):
        return JudgeItemPayload(errors=[user_error(item)])
    if (given.approval_number is None) == (given.verdict is JudgeVerdict.PRODUCT):
        return JudgeItemPayload(errors=[user_error(_UNCLEAR_VERDICT)])
    done = await info.context.writer.judge(given.kind.value, item, given.approval_number, act_of(given))
    if isinstance(done, Judged):
        return JudgeItemPayload(judged=done)
    return JudgeItemPayload(errors=[user_error(done, "itemId" if given.item is None else "item")])


async def _withdraw_judgement(
    info: GraphInfo, given: Annotated[WithdrawJudgementInput, _INPUT]
) -> WithdrawJudgementPayload | None:
    done = await info.context.writer.withdraw(given.judgement_id, act_of(given))
    if isinstance(done, Judged):
        return WithdrawJudgementPayload(judged=done)
    return WithdrawJudgementPayload(errors=[user_error(done)])


async def _release_batch(
    info: GraphInfo, given: Annotated[DecideBatchInput, _INPUT]
) -> DecideBatchPayload | None:
    return await _decide(info, given, release=True)


async def _reject_batch(
    info: GraphInfo, given: Annotated[DecideBatchInput, _INPUT]
) -> DecideBatchPayload | None:
    return await _decide(info, given, release=False)


def _item(given: JudgeItemInput) -> Sequence[str | None] | int | InvalidInput:
    """How the item is named."""
    if (given.item is None) == (given.item_id is None):
        return _UNCLEAR_ITEM
    if given.item is not None:
        return given.item
    text = str(given.item_id)
    # an identifier has 64 bits
    is_id = text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) <= 20
    return int(text) if is_id and -(1 << 63) <= int(text) < 1 << 63 else _UNCLEAR_ID


async def _decide(info: GraphInfo, given: DecideBatchInput, *, release: bool) -> DecideBatchPayload | None:
    refusal = await info.context.writer.decide(given.batch_id, release=release, act=act_of(given))
    if refusal is None:
        return DecideBatchPayload(batch_id=given.batch_id)
    return DecideBatchPayload(errors=[user_error(refusal)])


@strawberry.type(
    description="人所做的事；每项或全部办成，或什么也不改 What people do; each wholly, or not at all."
)
class Mutation:
    """The acts. Several in one document are done one after the other, each for itself: payloads may be null, so that
    a defect in one does not hide what became of the others.
    """

    judge_item = strawberry.mutation(
        resolver=_judge_item,
        directives=[requires(ACTS["judgeItem"])],
        description="判定一个对象是哪种药品或不是药品，撤回之前优先于规则"
        " Judge what an item is; stands above the ladder until withdrawn",
    )
    withdraw_judgement = strawberry.mutation(
        resolver=_withdraw_judgement,
        directives=[requires(ACTS["withdrawJudgement"])],
        description="撤回判定：现状如同从未判定，历史保留 Withdraw a judgement: as if never made; history keeps both",
    )
    release_batch = strawberry.mutation(
        resolver=_release_batch,
        directives=[requires(ACTS["releaseBatch"])],
        description="放行被扣留的批次：不再设防，照常入库，办完才答复"
        " Promote a held batch all the same; answers when that is done",
    )
    reject_batch = strawberry.mutation(
        resolver=_reject_batch,
        directives=[requires(ACTS["rejectBatch"])],
        description="否决被扣留的批次：不入库，文件留存 Keep a held batch out; its file stays in landing",
    )
    propose_list_version = propose_list_version
    publish_list_proposal = publish_list_proposal
    reject_list_proposal = reject_list_proposal
    propose_access = propose_access
    decide_access = decide_access
    take_access_away = take_access_away
