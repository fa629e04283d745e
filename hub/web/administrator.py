"""Carries out what people decide about access through the graph, by the same code as the command line."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from hub.access.accounts import initial_password
from hub.access.administration import Actor, Administration, Outcome, understood
from hub.access.caller import Caller
from hub.access.change_store import held_by_account
from hub.access.clients import hash_secret
from hub.access.entitlement import scopes_held
from hub.access.passwords import hash_password
from hub.access.proposals import AddAccount, AddClient, HolderKind
from hub.errors import RefusedActError
from hub.ingest.people import person
from hub.web.writer import Desk
from schema.graph.errors import forbidden
from schema.graph.writer import AccessDone
from schema.refusals import Refusal
from schema.scopes import Scope


class StoreAdministrator:
    """The administrator of one request: a person who is signed in. Systems decide nothing about access."""

    def __init__(self, desk: Desk, caller: Caller, forget: Callable[[], None]) -> None:
        self._desk = desk
        self._caller = caller
        self._forget = forget
