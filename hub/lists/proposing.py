"""A person proposes a version of a list, a second person publishes or rejects it. Nothing is ever overwritten.

A version that is published comes in as any other file of its feed: the bytes that were proposed are taken in, in the
transaction of the decision, and their facts lead to their rows.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import BinaryIO

import asyncpg

from connectors.registry import CONNECTORS
from hub.clock import Clock
from hub.errors import RefusedActError
from hub.ingest import batch_store
from hub.ingest.batches import BatchState, Decision
from hub.ingest.batches import Verdict as BatchVerdict
from hub.ingest.changes_store import tell_changes
from hub.ingest.door import take_in
from hub.ingest.landing import Landed, Landing
from hub.ingest.people import Person, name_alone
from hub.ingest.run import Delivery, Ingest, Outcome
from hub.lists import store
from hub.lists.store import Actor, Proposal, Verdict
from hub.lists.versions import FEED, Difference, Proposed, difference, digest, read_version
from schema.list_refusals import (
    ListBaseChanged,
    ListNothingNew,
    ListNotPublished,
    ListProposalDecided,
    ListProposalNotFound,
    ListSamePerson,
)

#: how a published proposal came
TRANSPORT = "proposal"


class Proposing:
    """Proposals and decisions over one connection."""

    def __init__(
        self, connection: asyncpg.Connection, landing: Landing, clock: Clock, at_most: timedelta | None = None
    ) -> None:
        """`at_most`: how long to wait for ingests to end; None: as long as it takes."""
        self._connection = connection
        self._landing = landing
        self._clock = clock
        self._at_most = at_most

    async def propose(
        self, sender_code: str, file_name: str, source: BinaryIO, who: Actor
    ) -> tuple[int, Difference]:
        """Propose the version that a file holds; gives its number and what it would change.

        RefusedActError: the file is not one whole version of a list, or says nothing new.
        """
        landed = await asyncio.to_thread(take_in, self._landing, CONNECTORS[FEED].manifest, source)
        proposed = await asyncio.to_thread(read_version, landed.path, sender_code)
        async with self._turn():
            found = await self._compared(proposed)
            if found.is_nothing and proposed.version_id in await store.version_ids(
                self._connection, proposed.list_id
            ):
                raise RefusedActError(ListNothingNew())
            number = await store.insert_proposal(
                self._connection,
                sender_code,
                (file_name, landed.sha256),
                proposed,
                found,
                await self._base(proposed),
                who,
                self._clock(),
            )
        return number, found

    async def approve(self, number: int, who: Actor) -> Outcome:
        """Publish a proposed version. RefusedActError where it cannot be; nothing is changed then."""
        async with self._turn():
            proposal = await self._open(number)
            if is_same_person(proposal, who):
                raise RefusedActError(ListSamePerson(number))
            path = self._landing.path_of(proposal.sha256)
            proposed = await asyncio.to_thread(read_version, path, proposal.sender_code)
            if await self._base(proposed) != proposal.base_digest:
                raise RefusedActError(ListBaseChanged(number))
            outcome = await self._take(proposal, who)
            if outcome.state is not BatchState.PROMOTED or outcome.is_repeat:
                why = outcome.stop.reason if outcome.stop else outcome.state.value
                raise RefusedActError(ListNotPublished(number, why))
            await store.insert_decision(
                self._connection, number, Verdict.PUBLISH, outcome.batch.id, who, self._clock()
            )
        return outcome

    async def reject(self, number: int, who: Actor) -> None:
        """Let a proposed version never be published. RefusedActError where it is decided, or there is none."""
        async with self._turn():
            await self._open(number)
            await store.insert_decision(self._connection, number, Verdict.REJECT, None, who, self._clock())

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One transaction in which nobody else ingests or decides."""
        await batch_store.lock_ingest(self._connection, self._at_most)
        try:
            async with self._connection.transaction():
                yield
                await tell_changes(self._connection)
        finally:
            await batch_store.unlock_ingest(self._connection)

    async def _open(self, number: int) -> Proposal:
        proposal = await store.fetch_proposal(self._connection, number)
        if proposal is None:
            raise RefusedActError(ListProposalNotFound(number))
        if proposal.verdict_code is not None:
            raise RefusedActError(ListProposalDecided(number, proposal.verdict_code))
        return proposal

    async def _compared(self, proposed: Proposed) -> Difference:
        """What the version would change: of the version that takes effect that day, or of the one before."""
        is_known = proposed.version_id in await store.version_ids(self._connection, proposed.list_id)
        before = await store.lines_at(self._connection, proposed.list_id, proposed.as_of, before=not is_known)
        return difference(before, proposed.lines)

    async def _base(self, proposed: Proposed) -> str:
        """All that the proposal rests on."""
        before = await store.lines_at(self._connection, proposed.list_id, proposed.as_of, before=True)
        there = await store.lines_at(self._connection, proposed.list_id, proposed.as_of, before=False)
        return digest([*before, *there], await store.version_ids(self._connection, proposed.list_id))

    async def _take(self, proposal: Proposal, who: Actor) -> Outcome:
        path = self._landing.path_of(proposal.sha256)
        size = path.stat().st_size
        landed = Landed(proposal.sha256, size, path, proposal.sha256, size)
        ingest = Ingest(self._connection, self._landing, self._clock)
        delivery = Delivery(FEED, proposal.sender_code, proposal.file_name, TRANSPORT)
        outcome = await ingest.take_landed(delivery, landed)
        if outcome.state is not BatchState.HELD:
            return outcome
        # whoever approves has seen how much leaves the list
        released = Decision(BatchVerdict.RELEASE, who.name, who.reason, self._clock())
        return await ingest.decide(outcome.batch.id, released)


def actor(who: Person, subject: str | None = None) -> Actor:
    """Whoever acts. The one place where it is said who somebody is: by the token's subject, and by name."""
    return Actor(who.name, who.reason, subject)


def is_same_person(proposal: Proposal, who: Actor) -> bool:
    """Whether the decider may be who proposed: by one token's subject, or by the same name."""
    if proposal.subject is not None and proposal.subject == who.subject:
        return True
    return name_alone(proposal.proposed_by) == name_alone(who.name)
