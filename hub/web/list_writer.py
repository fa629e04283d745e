"""Carries out what people decide about lists through the graph, by the same code as the command line."""

import io
import json
from collections.abc import Mapping
from typing import Any

from hub.errors import RefusedActError
from hub.ingest.people import Person
from hub.lists.proposing import Proposing, actor
from hub.lists.store import Actor
from hub.web.reach_check import ReachCheck
from hub.web.writer import WAIT, Desk, StoreWriter
from schema.graph.writer import Act
from schema.refusals import Refusal

#: what the document of a proposal is called, which is the file of its batch once it is published
_FILE_NAME = "proposal.json"


class StoreListWriter:
    """The writer about lists of one request."""

    def __init__(self, desk: Desk, writer: StoreWriter, reach: ReachCheck, subject: str) -> None:
        """`subject`: of the token; whose subject proposed a version cannot publish it."""
        self._desk = desk
        self._writer = writer
        self._reach = reach
        self._subject = subject

    async def propose(self, sender_code: str, document: Mapping[str, Any], act: Act) -> int | Refusal:
        """Propose a version of a list; gives the number of the proposal."""
        source = io.BytesIO(json.dumps(document, ensure_ascii=False).encode())
        try:
            async with self._writer.acting(act, "proposeListVersion", {"sender": sender_code}) as (
                connection,
                who,
            ):
                await self._reach.check_list(str(document["regionCode"]), sender_code)
                proposing = Proposing(connection, self._desk.landing, self._desk.clock, WAIT)
                number, _ = await proposing.propose(sender_code, _FILE_NAME, source, self._actor(who))
                return number
        except RefusedActError as error:
            return self._writer.told(error.refusal)

    async def settle(self, proposal_id: int, *, publish: bool, act: Act) -> Refusal | None:
        """Publish a proposed version, or reject it."""
        field = "publishListProposal" if publish else "rejectListProposal"
        try:
            async with self._writer.acting(act, field, {"proposal": proposal_id}) as (connection, who):
                await self._reach.check_proposal(proposal_id)
                proposing = Proposing(connection, self._desk.landing, self._desk.clock, WAIT)
                if publish:
                    await proposing.approve(proposal_id, self._actor(who))
                else:
                    await proposing.reject(proposal_id, self._actor(who))
        except RefusedActError as error:
            return self._writer.told(error.refusal)
        return None

    def _actor(self, who: Person) -> Actor:
        return actor(who, self._subject)
