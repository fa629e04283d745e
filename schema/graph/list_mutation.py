"""What people do with lists through the graph: propose a version, publish or reject what somebody else proposed."""

from typing import Annotated, Any

import strawberry

from schema.graph.directives import requires
from schema.graph.list_payloads import (
    DecideListProposalInput,
    DecideListProposalPayload,
    ProposeListVersionInput,
    ProposeListVersionPayload,
    list_error,
)
from schema.graph.resolve import GraphInfo
from schema.graph.writer import ACTS, Act

_INPUT = strawberry.argument(name="input")


async def _propose(
    info: GraphInfo, given: Annotated[ProposeListVersionInput, _INPUT]
) -> ProposeListVersionPayload | None:
    act = Act(given.proposed_by, given.reason)
    done = await info.context.list_writer.propose(given.sender_code, given.document(), act)
    if isinstance(done, int):
        return ProposeListVersionPayload(proposal_id=done)
    return ProposeListVersionPayload(errors=[list_error(done)])


async def _publish(
    info: GraphInfo, given: Annotated[DecideListProposalInput, _INPUT]
) -> DecideListProposalPayload | None:
    return await _settle(info, given, publish=True)


async def _reject(
    info: GraphInfo, given: Annotated[DecideListProposalInput, _INPUT]
) -> DecideListProposalPayload | None:
    return await _settle(info, given, publish=False)


async def _settle(
    info: GraphInfo, given: DecideListProposalInput, *, publish: bool
) -> DecideListProposalPayload | None:
    refusal = await info.context.list_writer.settle(given.proposal_id, publish=publish, act=given.act)
    if refusal is None:
        return DecideListProposalPayload(proposal_id=given.proposal_id)
    return DecideListProposalPayload(errors=[list_error(refusal)])


def _act(name: str, resolver: Any, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, directives=[requires(ACTS[name])], description=description)


#: the acts
propose_list_version = _act(
    "proposeListVersion",
    _propose,
    "拟议清单的一个完整版本，由另一人决定公布 Propose a whole version of a list; a second person publishes it",
)
publish_list_proposal = _act(
    "publishListProposal",
    _publish,
    "公布拟议的版本，拟议人自己不能 Publish a proposed version, which its proposer cannot",
)
reject_list_proposal = _act(
    "rejectListProposal", _reject, "否决拟议的版本 Let a proposed version never be published"
)
