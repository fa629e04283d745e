"""Carries out what people decide about access through the graph, by the same code as the command line."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from hub.access.administration import Actor, Administration, Outcome, understood
from hub.access.caller import Caller
from hub.access.holders import HolderKind
from hub.access.new_secrets import new_secret_for
from hub.audit.access_events import access_recorder
from hub.errors import AuditUnavailableError, RefusedActError
from hub.ingest.people import person
from hub.web.writer import Desk
from schema.graph.errors import ErrorCode, forbidden, graph_error
from schema.graph.writer import AccessDone
from schema.refusals import Refusal
from schema.scopes import Scope

_TAKERS = (Scope.ACCESS_PROPOSE, Scope.ACCESS_APPROVE)


class StoreAdministrator:
    """The administrator of one request: a person who is signed in. Systems decide nothing about access."""

    def __init__(self, desk: Desk, caller: Caller, forget: Callable[[], None]) -> None:
        """`forget`: called when what the request read may be so no longer."""
        self._desk = desk
        self._record = access_recorder(desk.audit)
        self._caller = caller
        self._forget = forget

    async def propose(self, proposal: Mapping[str, Any], reason: str) -> AccessDone | Refusal:
        """Propose a change, or make it while the hub is being installed."""
        try:
            actor = self._actor(reason)
            what = understood(dict(proposal), self._desk.clock())
            secret = await new_secret_for(what, self._desk.passwords)
            async with self._acting("proposeAccess", Scope.ACCESS_PROPOSE) as administration:
                outcome = await administration.propose(what, actor, secret.hashed if secret else None)
        except RefusedActError as error:
            return error.refusal
        return _done(outcome, secret.plain if secret else None)

    async def decide(self, change_id: int, reason: str, *, approve: bool) -> AccessDone | Refusal:
        """Approve or reject what somebody else proposed."""
        try:
            actor = self._actor(reason)
            async with self._acting("decideAccess", Scope.ACCESS_APPROVE) as administration:
                decide = administration.approve if approve else administration.reject
                return _done(await decide(change_id, actor))
        except RefusedActError as error:
            return error.refusal

    async def take_away(self, holder_kind: str, holder: str, reason: str) -> AccessDone | Refusal:
        """Disable a client or an account, at once."""
        try:
            actor = self._actor(reason)
            async with self._acting("takeAccessAway", *_TAKERS) as administration:
                return _done(await administration.disable(HolderKind(holder_kind), holder, actor))
        except RefusedActError as error:
            return error.refusal

    async def revoke(self, grant_id: int, reason: str) -> AccessDone | Refusal:
        """Take a grant back, at once."""
        try:
            actor = self._actor(reason)
            async with self._acting("takeAccessAway", *_TAKERS) as administration:
                return _done(await administration.revoke(grant_id, actor))
        except RefusedActError as error:
            return error.refusal

    def _actor(self, reason: str) -> Actor:
        who = person(self._caller.subject, reason)
        return Actor(who.name, who.reason)

    @asynccontextmanager
    async def _acting(self, field: str, *any_of: Scope) -> AsyncIterator[Administration]:
        """The person may still do this, as their account says now, whatever the token's age."""
        if not self._caller.is_person or not await self._desk.may_still(self._caller, *any_of):
            raise forbidden({f"Mutation.{field}": [[scope.value] for scope in any_of]})
        async with self._desk.connection() as connection:
            try:
                yield Administration(connection, self._desk.clock, self._record)
            except AuditUnavailableError as error:
                raise graph_error(ErrorCode.AUDIT_UNAVAILABLE, error.message.zh, error.message.en) from error
            finally:
                self._forget()


def _done(outcome: Outcome, secret: str | None = None) -> AccessDone:
    return AccessDone(outcome.change_id, outcome.grant_id, secret)
