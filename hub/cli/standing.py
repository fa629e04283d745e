"""What `client` and `user` share: roles and reach as options, proposals, and what is taken away."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from hub.access.administration import Outcome, understood
from hub.access.holders import HolderKind
from hub.access.new_secrets import new_secret_for
from hub.access.passwords import Passwords
from hub.cli.acting import acting
from hub.clock import system_clock
from schema.scopes import Scope

Roles = Annotated[
    list[str] | None, typer.Option("--role", help="角色，可多次，见 access roles Role, see `access roles`.")
]
Scopes = Annotated[
    list[Scope] | None, typer.Option("--scope", help="角色以外的权限，可多次 Scope beside the roles.")
]
Region = Annotated[
    str | None,
    typer.Option(help="辖区区划代码，全国为 000000 Division whose rows are seen; 000000: all."),
]
Organization = Annotated[
    list[str] | None,
    typer.Option(help="只看本机构数据，如 sender:chain-a，可多次 Only rows of this organisation."),
]


def standing(
    roles: list[str] | None, scopes: list[Scope] | None, region: str | None, organization: list[str] | None
) -> dict[str, Any]:
    """Options as a proposal has them."""
    return {
        "roles": roles or [],
        "scopes": scopes or [],
        "region": region,
        "organization": organization or None,
    }


async def propose(given: Mapping[str, Any], by: str | None, reason: str | None) -> tuple[Outcome, str | None]:
    """Propose a change; what became of it, and the secret that is shown this once."""
    what = understood(dict(given), system_clock())
    secret = await new_secret_for(what, Passwords())
    async with acting(by, reason, Scope.ACCESS_PROPOSE) as now:
        outcome = await now.administration.propose(what, now.actor, secret.hashed if secret else None)
    return outcome, secret.plain if secret else None


async def take_away(kind: HolderKind, holder: str, by: str | None, reason: str | None) -> Outcome:
    """Disable a client or an account, at once."""
    async with acting(by, reason, Scope.ACCESS_PROPOSE, Scope.ACCESS_APPROVE) as now:
        return await now.administration.disable(kind, holder, now.actor)
