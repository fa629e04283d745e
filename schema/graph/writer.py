"""What the graph asks of whoever carries acts out and knows texts; `hub/web/writer.py` and `inspector.py` do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from schema.inspection import CodeReading
from schema.refusals import Refusal
from schema.scopes import Scope

#: the acts, by the field of the graph that asks for them, and what each takes
ACTS: Mapping[str, Scope] = {
    "judgeItem": Scope.IDENTITY_JUDGE,
    "withdrawJudgement": Scope.IDENTITY_JUDGE,
    "releaseBatch": Scope.FEED_DECIDE,
    "rejectBatch": Scope.FEED_DECIDE,
    "proposeListVersion": Scope.LIST_PROPOSE,
    "publishListProposal": Scope.LIST_PUBLISH,
    "rejectListProposal": Scope.LIST_PUBLISH,
    "proposeAccess": Scope.ACCESS_PROPOSE,
    "decideAccess": Scope.ACCESS_APPROVE,
}

#: a row of what knows a code, with at least its `id`, or of a division its `code`
Known = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """Who decides, as the organisation names its people, and why."""

    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement that was made or withdrawn, and the rows that now hold of the item it is about."""

    judgement_id: int
    #: table of the item
    item_kind: str
    #: newest first, at most a page
    row_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AccessDone:
    """What became of a change of access."""

    change_id: int
    #: the grant that was made or taken back
    grant_id: int | None = None
    #: a client's secret or a person's initial password, which can be shown only this once
    secret: str | None = None


class Administrator(Protocol):
    """Carries out, for one request, what people decide about access: each act whole, or refused."""

    async def propose(self, proposal: Mapping[str, Any], reason: str) -> AccessDone | Refusal:
        """Propose a change, or make it while the hub is being installed."""
        ...

    async def decide(self, change_id: int, reason: str, *, approve: bool) -> AccessDone | Refusal:
        """Approve or reject what somebody else proposed."""
        ...

    async def take_away(self, holder_kind: str, holder: str, reason: str) -> AccessDone | Refusal:
        """Disable a client or an account, at once."""
        ...

    async def revoke(self, grant_id: int, reason: str) -> AccessDone | Refusal:
        """Take a grant back, at once."""
        ...


class Writer(Protocol):
    """Carries acts out for one request: each is done whole when it returns, or refused and nothing was changed."""

    async def judge(
        self, kind: str, item: Sequence[str | None] | int, approval_number: str | None, act: Act
    ) -> Judged | Refusal:
        """Say that an item is this medicine, or (None) no registered one."""
        ...

    async def withdraw(self, judgement_id: int, act: Act) -> Judged | Refusal:
        """Let a judgement stand no longer."""
        ...

    async def decide(self, batch_id: int, *, release: bool, act: Act) -> Refusal | None:
        """Release a held batch or reject it."""
        ...


class ListWriter(Protocol):
    """Carries acts about lists out for one request."""

    async def propose(self, sender_code: str, document: Mapping[str, Any], act: Act) -> int | Refusal:
        """Propose a version of a list; gives the number of the proposal."""
        ...

    async def settle(self, proposal_id: int, *, publish: bool, act: Act) -> Refusal | None:
        """Publish a proposed version, or reject it."""
        ...


class Inspector(Protocol):
    """Tells who in the store knows a text."""

    async def who_knows(self, what: str, reading: CodeReading) -> Sequence[Known]:
        """Products, packs, items, organizations or regions that have a code."""
        ...

    async def items_by_own_code(self, text: str) -> Sequence[Known]:
        """Items whose sender calls them this."""
        ...

    async def organizations_named(self, text: str, readings: Sequence[CodeReading]) -> Sequence[Known]:
        """Organisations that a text names."""
        ...

    async def label(self, text: str, readings: Sequence[CodeReading]) -> Mapping[str, Any] | None:
        """What a text says as a label, and what the ladder finds; None where it is no label."""
        ...
