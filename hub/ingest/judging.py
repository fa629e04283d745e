"""People judge what an item is, and withdraw judgements; either takes effect at once, in one transaction."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg

from hub.clock import Clock
from hub.errors import JudgementError
from hub.ingest import batch_store, identity_store, judgement_store
from hub.ingest.changes_store import tell_changes
from hub.ingest.judgement_store import Ruling
from hub.ingest.matching import match_one
from hub.ingest.people import Person
from hub.ingest.recorded import recorded_at
from schema.declare import Label
from schema.entities import MATCHED
from schema.entities.matched import Matched
from schema.identifiers import IdentifierError, parse_approval_number
from schema.refusals import (
    InvalidInput,
    ItemIncomplete,
    ItemNotFound,
    JudgementNotFound,
    JudgementStands,
    JudgementWithdrawn,
    ProductNotFound,
)

#: what people call the kinds of items: their tables' names
KINDS: dict[str, type[Matched]] = {str(entity.__tablename__): entity for entity in MATCHED}

#: how an item is named: by its values of `judged_by` in their order, or by the identifier of any of its rows
ItemName = Sequence[str | None] | int


class Judging:
    """Judgements and withdrawals over one connection."""

    def __init__(
        self, connection: asyncpg.Connection, clock: Clock, at_most: timedelta | None = None
    ) -> None:
        """`at_most`: how long to wait for ingests to end; None: as long as it takes."""
        self._connection = connection
        self._clock = clock
        self._at_most = at_most

    async def judge(
        self, entity: type[Matched], item: ItemName, approval_number: str | None, person: Person
    ) -> int:
        """Say that an item is this medicine, or (None) none; gives the number.

        Raises JudgementError: no such item or medicine, or a judgement about the item stands.
        """
        number = None if approval_number is None else _understood(approval_number)
        async with self._turn():
            key = await self._key_of(entity, item)
            product_id = await self._product(number)
            ruling = await self._ruling(person)
            judgement_id = await judgement_store.insert_judgement(
                self._connection, entity, key, product_id, ruling
            )
            await match_one(self._connection, entity, key, ruling.decided_at)
        return judgement_id

    async def withdraw(self, number: int, person: Person) -> None:
        """Let a judgement stand no longer: what is believed is as if it had never been made. JudgementError."""
        async with self._turn():
            kind, key = await self._standing(number)
            ruling = await self._ruling(person)
            await judgement_store.insert_withdrawal(self._connection, number, ruling)
            await match_one(self._connection, KINDS[kind], key, ruling.decided_at)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One transaction in which nobody else ingests or judges."""
        await batch_store.lock_ingest(self._connection, self._at_most)
        try:
            async with self._connection.transaction():
                yield
                await tell_changes(self._connection)
        finally:
            await batch_store.unlock_ingest(self._connection)

    async def _ruling(self, person: Person) -> Ruling:
        return Ruling(person.name, person.reason, await recorded_at(self._connection, self._clock))

    async def _key_of(self, entity: type[Matched], item: ItemName) -> str:
        kind = str(entity.__tablename__)
        if isinstance(item, int):
            key = await identity_store.key_of_row(self._connection, entity, item)
            named: tuple[str | None, ...] = (str(item),)
        else:
            if len(item) != len(entity.judged_by):
                raise JudgementError(ItemIncomplete(kind, entity.judged_by))
            key = await identity_store.key_of(self._connection, entity, item)
            named = tuple(item)
        if key is None:
            raise JudgementError(ItemNotFound(kind, named))
        number = await judgement_store.standing_number(self._connection, entity, key)
        if number is not None:
            raise JudgementError(JudgementStands(number))
        return key

    async def _product(self, approval_number: str | None) -> int | None:
        if approval_number is None:
            return None
        found = await judgement_store.find_product(self._connection, approval_number)
        if found is None:
            raise JudgementError(ProductNotFound(approval_number))
        return found

    async def _standing(self, number: int) -> tuple[str, str]:
        found = await judgement_store.judged_item(self._connection, number)
        if found is None:
            raise JudgementError(JudgementNotFound(number))
        kind, key, stands = found
        if not stands:
            raise JudgementError(JudgementWithdrawn(number))
        return kind, key


def _understood(approval_number: str) -> str:
    """The number as it is kept."""
    try:
        return parse_approval_number(approval_number).text
    except IdentifierError as error:
        hint = Label(error.hint_zh, error.hint_en)
        raise JudgementError(InvalidInput("approvalNumber", error.code, hint)) from error
