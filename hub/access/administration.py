"""Changes of access: one person proposes, another decides; what is taken away takes effect at once.

While nobody is security officer yet, the hub is being installed and changes take effect at once; they say so.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
from pydantic import ValidationError

from hub.access import change_store
from hub.access.account_store import insert_account, reset_totp, set_password
from hub.access.accounts import Account
from hub.access.authorizations import end_everything
from hub.access.clients import Client
from hub.access.events import AccessEvent, EventName, Record, log_nothing
from hub.access.grant_store import insert_grant, revoke_grant
from hub.access.holders import HolderKind
from hub.access.proposals import (
    CHANGE,
    AddAccount,
    AddClient,
    AddGrant,
    Proposal,
    ResetAccount,
    SetAccount,
    SetClient,
    SetSender,
    TakeAway,
)
from hub.access.revocation_store import revoke
from hub.access.revocations import Revoked
from hub.access.sender_store import is_division, register_sender
from hub.access.store import insert_client
from hub.errors import RefusedActError
from schema.declare import Label
from schema.entities import Sender
from schema.refusals import (
    ChangeDecided,
    ChangeNotFound,
    GrantNotFound,
    HolderNotFound,
    HolderTaken,
    InvalidInput,
    LastOfficer,
    SamePerson,
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, by the name they signed in with, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change."""

    change_id: int
    #: as `access_change.state_code` has it
    state: str
    #: the grant that was made, where one was
    grant_id: int | None = None


def understood(given: dict[str, Any], now: datetime) -> Proposal:
    """A proposal as somebody wrote it. Raises RefusedActError, naming the value that makes no sense."""
    try:
        proposal = CHANGE.validate_python(given)
        if isinstance(proposal, AddGrant):
            proposal.check_time(now)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:]) or "proposal"
        raise _invalid(field, str(first["msg"]).removeprefix("Value error, ")) from error
    except ValueError as error:
        raise _invalid("expires_at", str(error)) from error
    if isinstance(proposal, TakeAway):
        raise _invalid("kind", "收回权限无须提议 / what is taken away needs no proposal")
    return proposal


class Administration:
    """Changes of access over one connection; each act is one transaction."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        clock: Callable[[], datetime],
        record: Record = log_nothing,
    ) -> None:
        """`record` keeps what was done, before it is."""
        self._connection = connection
        self._clock = clock
        self._record = record

    async def is_installed(self) -> bool:
        """Whether changes wait for a second person: from the first security officer on."""
        return await change_store.is_installed(self._connection)

    async def propose(self, what: Proposal, actor: Actor, secret_hash: str | None = None) -> Outcome:
        """Keep a proposal, or carry it out while the hub is being installed. Raises RefusedActError."""
        async with self._connection.transaction():
            await change_store.lock(self._connection)
            await self._check(what)
            waits = await change_store.is_installed(self._connection)
            number = await self._keep(what, "pending" if waits else "at_once", actor)
            await self._tell(EventName.ACCESS_PROPOSED, actor, number, what.kind)
            if not waits:
                return Outcome(number, "at_once", await self._carry_out(number, what, secret_hash))
            if secret_hash is not None:
                await change_store.keep_secret(self._connection, number, secret_hash)
            return Outcome(number, "pending")

    async def approve(self, number: int, actor: Actor) -> Outcome:
        """Let a proposal take effect. Raises RefusedActError: whoever proposed it cannot."""
        async with self._connection.transaction():
            change = await self._pending(number)
            if change["proposed_by"] == actor.name:
                raise RefusedActError(SamePerson(number))
            what = CHANGE.validate_python(json.loads(change["content"]))
            if isinstance(what, TakeAway):
                raise TypeError(f"change {number} was never a proposal")
            await self._check(what)
            grant = await self._carry_out(number, what, change["secret_hash"])
            await change_store.decide(
                self._connection, number, "approved", actor.name, self._clock(), actor.reason
            )
            await self._tell(EventName.ACCESS_APPROVED, actor, number, what.kind)
            return Outcome(number, "approved", grant)

    async def reject(self, number: int, actor: Actor) -> Outcome:
        """Let a proposal come to nothing. Raises RefusedActError."""
        async with self._connection.transaction():
            change = await self._pending(number)
            await change_store.decide(
                self._connection, number, "rejected", actor.name, self._clock(), actor.reason
            )
            await self._tell(EventName.ACCESS_REJECTED, actor, number, change["change_kind_code"])
            return Outcome(number, "rejected")

    async def disable(self, kind: HolderKind, code: str, actor: Actor) -> Outcome:
        """Take a client's or a person's access away, at once. Raises RefusedActError."""
        async with self._connection.transaction():
            await change_store.lock(self._connection)
            await self._keep_an_officer(kind, code)
            if not await change_store.disable(self._connection, kind, code, self._clock()):
                raise RefusedActError(HolderNotFound(kind, code))
            await self._end_tokens(kind, code)
            taken = TakeAway(
                kind="client_disable" if kind is HolderKind.CLIENT else "account_disable",
                holder_kind=kind,
                holder=code,
            )
            number = await self._keep(taken, "at_once", actor)
            await self._tell(EventName.ACCESS_TAKEN_AWAY, actor, number, taken.kind)
            return Outcome(number, "at_once")

    async def revoke(self, grant: int, actor: Actor) -> Outcome:
        """Take a grant back, at once. Raises RefusedActError."""
        async with self._connection.transaction():
            await change_store.lock(self._connection)
            holder = await revoke_grant(self._connection, grant, self._clock())
            if holder is None:
                raise RefusedActError(GrantNotFound(grant))
            await revoke(self._connection, Revoked.GRANT, str(grant), self._clock())
            taken = TakeAway(kind="grant_revoke", holder_kind=holder[0], holder=holder[1], grant=grant)
            number = await self._keep(taken, "at_once", actor)
            await self._tell(EventName.ACCESS_TAKEN_AWAY, actor, number, taken.kind)
            return Outcome(number, "at_once", grant)

    async def _pending(self, number: int) -> asyncpg.Record:
        await change_store.lock(self._connection)
        change = await change_store.fetch_change(self._connection, number)
        if change is None:
            raise RefusedActError(ChangeNotFound(number))
        if change["state_code"] != "pending":
            raise RefusedActError(ChangeDecided(number, change["state_code"]))
        return change

    async def _check(self, what: Proposal) -> None:
        """The holder is there, or not there yet; of a sender its division is."""
        if isinstance(what, SetSender):
            if what.region is not None and not await is_division(self._connection, what.region):
                raise _invalid("region", f"没有区划 {what.region} / there is no division {what.region}")
            return
        exists = await change_store.holder_exists(self._connection, what.holder_kind, what.holder)
        match what:
            case AddClient() | AddAccount() if exists:
                raise RefusedActError(HolderTaken(what.holder_kind, what.holder))
            case SetClient() | SetAccount() | ResetAccount() | AddGrant() if not exists:
                raise RefusedActError(HolderNotFound(what.holder_kind, what.holder))
            case SetAccount() if "security_officer" not in what.standing.roles:
                await self._keep_an_officer(what.holder_kind, what.holder)
            case _:
                return

    async def _keep_an_officer(self, kind: HolderKind, code: str) -> None:
        """Without a security officer nothing could be approved any more."""
        if kind is HolderKind.ACCOUNT and await change_store.is_last_officer(self._connection, code):
            raise RefusedActError(LastOfficer(code))

    async def _reset(self, what: ResetAccount, secret_hash: str | None) -> None:
        """Let a person begin anew; wherever they are signed in, that ends."""
        now = self._clock()
        if what.password and secret_hash is not None:
            await set_password(self._connection, what.holder, secret_hash, now, initial=True)
        if what.second_factor:
            await reset_totp(self._connection, what.holder)
        await self._end_tokens(what.holder_kind, what.holder)

    async def _end_tokens(self, kind: HolderKind, code: str) -> None:
        """What they hold says what is so no longer: their tokens are worthless, and people sign in anew."""
        now = self._clock()
        if kind is HolderKind.ACCOUNT:
            await end_everything(self._connection, code, now, "access_changed")
        await revoke(self._connection, _TOKENS[kind], code, now)

    async def _tell(self, name: EventName, actor: Actor, number: int, kind: str) -> None:
        await self._record(AccessEvent(name, self._clock(), actor.name, reason=f"{kind} {number}"))

    async def _keep(self, what: Proposal | TakeAway, state: str, actor: Actor) -> int:
        return await change_store.insert_change(
            self._connection,
            what.kind,
            (what.holder_kind, what.holder),
            what.model_dump_json(exclude_none=True),
            state,
            (actor.name, self._clock(), actor.reason),
        )

    async def _carry_out(self, number: int, what: Proposal, secret_hash: str | None) -> int | None:
        now = self._clock()
        match what:
            case AddClient() if secret_hash is not None:
                await insert_client(self._connection, _client(what, secret_hash, now))
            case AddAccount():
                await insert_account(self._connection, _account(what, now), secret_hash)
            case SetClient() | SetAccount():
                await change_store.set_standing(self._connection, what)
                await self._end_tokens(what.holder_kind, what.holder)
            case ResetAccount():
                await self._reset(what, secret_hash)
            case AddGrant():
                return await insert_grant(self._connection, number, what, now)
            case SetSender():
                await register_sender(self._connection, _sender(what))
            case _:
                raise TypeError(f"{what.kind} without what its secret is checked by")
        return None


#: how the tokens of a holder are named when they are revoked
_TOKENS = {HolderKind.CLIENT: Revoked.CLIENT, HolderKind.ACCOUNT: Revoked.SUBJECT}


def _client(what: AddClient, secret_hash: str, now: datetime) -> Client:
    return Client(
        client_id=what.holder,
        name=what.name,
        secret_hash=secret_hash,
        scopes=frozenset(what.standing.scopes),
        reach=what.standing.reach,
        created_at=now,
        sender_code=what.sender,
        must_bind=what.bound,
        roles=frozenset(what.standing.roles),
    )


def _account(what: AddAccount, now: datetime) -> Account:
    return Account(
        user_name=what.holder,
        display_name=what.display_name,
        organization_name=what.organization_name,
        scopes=frozenset(what.standing.scopes),
        reach=what.standing.reach,
        created_at=now,
        password_is_initial=True,
        password_changed_at=now,
        oidc_subject=what.oidc_subject,
        roles=frozenset(what.standing.roles),
    )


def _sender(what: SetSender) -> Sender:
    return Sender(code=what.holder, name=what.name, region_code=what.region, uscc=what.uscc)


def _invalid(field: str, message: str) -> RefusedActError:
    zh, _, en = message.partition(" / ")
    return RefusedActError(InvalidInput(field, "access.input", Label(f"{field}：{zh}", en or field)))
