"""Whether what an act is about lies within the caller's reach: who may not see a thing may not decide about it."""

from collections.abc import Sequence
from typing import Any

from hub.errors import RefusedActError
from hub.ingest.judging import ItemName
from hub.web.reader import StoreReader
from schema.declare import Entity, field_of
from schema.entities import Batch, Judgement, ListProposal, Sender
from schema.entities.matched import Matched
from schema.graph.errors import ErrorCode, graph_error
from schema.list_refusals import ListProposalNotFound
from schema.plan.memory.reach import lets_in
from schema.plan.nodes import NOW, All, Compare, Operator, Source, Times
from schema.plan.values import Constant
from schema.refusals import ItemNotFound, JudgementNotFound
from schema.rows import BY_SENDER

#: whenever it held, as now known
_PERIODS = Times(periods=True)


class ReachCheck:
    """Checks acts by what their caller's reader sees."""

    def __init__(self, reader: StoreReader) -> None:
        self._reader = reader

    async def check_item(self, entity: type[Matched], item: ItemName) -> None:
        """An item that is not seen is as good as none. Raises RefusedActError."""
        named = {"id": item} if isinstance(item, int) else dict(zip(entity.judged_by, item, strict=False))
        if not await self._reader.count(Source(entity, _PERIODS, (), _equal(entity, named))):
            told = (str(item),) if isinstance(item, int) else tuple(item)
            raise RefusedActError(ItemNotFound(str(entity.__tablename__), told))

    async def check_judgement(self, number: int) -> None:
        """A judgement that is not seen is as good as none. Raises RefusedActError."""
        if not await self._reader.count(Source(Judgement, NOW, (), _equal(Judgement, {"id": number}))):
            raise RefusedActError(JudgementNotFound(number))

    async def check_proposal(self, number: int) -> None:
        """A proposed version of a list that is not seen is as good as none. Raises RefusedActError."""
        if not await self._reader.count(Source(ListProposal, NOW, (), _equal(ListProposal, {"id": number}))):
            raise RefusedActError(ListProposalNotFound(number))

    async def check_list(self, region_code: str, sender_code: str) -> None:
        """Lists are proposed where their division or their sender belongs. Raises GraphQLError."""
        if self._reader.caller.reach.is_country:
            return
        sender = await self._reader.one(Sender, "code", sender_code, NOW)

        def rows_of(_senders: type[Entity]) -> Sequence[Any]:
            return [sender] if sender is not None else []

        said = {"region_code": region_code, "sender_code": sender_code}
        if not lets_in(self._reader.caller.reach, ListProposal.about.rows.ways, said, rows_of):
            raise graph_error(
                ErrorCode.FORBIDDEN_FIELD,
                "该清单不属于您的辖区，也不是您的机构的。",
                "the list is neither of your division nor your own",
            )

    async def check_batch(self, batch_id: int) -> None:
        """Batches are open, but decided about where their sender belongs. Raises GraphQLError."""
        batch = await self._reader.one(Batch, "id", batch_id, NOW)
        if batch is None or self._reader.caller.reach.is_country:
            return  # one that is not there is told of by whoever decides
        sender = await self._reader.one(Sender, "code", batch["sender_code"], NOW)

        def rows_of(_senders: type[Entity]) -> Sequence[Any]:
            return [sender] if sender is not None else []

        if not lets_in(self._reader.caller.reach, BY_SENDER, batch, rows_of):
            raise graph_error(
                ErrorCode.FORBIDDEN_FIELD,
                "该批次的发送方不在您的辖区，也不是您的机构。",
                "the batch is of a sender that is neither of your division nor your own",
            )


def _equal(entity: type[Entity], values: dict[str, Any]) -> All:
    """The row has these values; None: nothing."""
    parts = (
        Compare(field_of(entity, name), Operator.IS_NULL, Constant(True))
        if value is None
        else Compare(field_of(entity, name), Operator.EQ, Constant(value))
        for name, value in values.items()
    )
    return All(tuple(parts))
