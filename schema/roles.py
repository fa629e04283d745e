"""Roles: named sets of scopes for each department and kind of organisation, read from `roles.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from schema.declare import Label
from schema.reach import Reach
from schema.scopes import ADMINISTRATIVE, Scope


class Bound(StrEnum):
    """What limits the rows of whoever has a role."""

    REGION = "region"
    ORGANIZATION = "organization"
    #: an administrator: no rows of its own
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Role:
    """One role."""

    code: str
    label: Label
    bound: Bound
    #: its own scopes and those that all share
    scopes: frozenset[Scope]

    @property
    def is_administrator(self) -> bool:
        """Whether it is one of the three administrators, who exclude each other and all other roles."""
        return self.bound is Bound.NOTHING


class RoleError(ValueError):
    """Roles that cannot be held so; the message says why, Chinese first."""


class _Said(BaseModel):
    """What the file says of one role."""

    model_config = ConfigDict(extra="forbid")
    label: tuple[str, str]
    bound: Bound
    scopes: frozenset[Scope]


class _File(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid")
    shared: frozenset[Scope]
    roles: dict[str, _Said]


@cache
def roles() -> Mapping[str, Role]:
    """All roles by their codes."""
    file = _file()
    return {code: _role(code, said, file.shared) for code, said in file.roles.items()}


def shared_scopes() -> frozenset[Scope]:
    """What every department and organisation has: what is the same for all of them."""
    return _file().shared


@cache
def _file() -> _File:
    return _File.model_validate(yaml.safe_load(files("schema").joinpath("roles.yaml").read_text("utf-8")))


def scopes_of(codes: Iterable[str]) -> frozenset[Scope]:
    """What roles open together. Raises RoleError for one that does not exist."""
    return frozenset[Scope]().union(*(_known(code).scopes for code in codes))


def check_roles(codes: Iterable[str], reach: Reach) -> None:
    """Whether somebody may hold these roles with this reach. Raises RoleError.

    Separation of duties: the three administrators exclude each other and every other role.
    """
    held = [_known(code) for code in sorted(set(codes))]
    if len(held) > 1 and any(role.is_administrator for role in held):
        raise RoleError(
            f"角色互斥，不能兼任：{_names(held)} / these roles exclude each other: "
            f"{', '.join(role.code for role in held)}"
        )
    for role in held:
        if (role.bound is Bound.REGION) != (reach.region_code is not None) or (
            role.bound is Bound.ORGANIZATION
        ) != (reach.owners is not None):
            raise RoleError(_unfit(role))


def _known(code: str) -> Role:
    role = roles().get(code)
    if role is None:
        raise RoleError(f"没有角色 {code}，可用 {'、'.join(roles())} / no such role: {code}")
    return role


def _names(held: Iterable[Role]) -> str:
    return "、".join(role.label.zh for role in held)


def _unfit(role: Role) -> str:
    match role.bound:
        case Bound.REGION:
            return f"角色“{role.label.zh}”须有辖区 / role {role.code} takes a division"
        case Bound.ORGANIZATION:
            return f"角色“{role.label.zh}”须限于本机构 / role {role.code} takes an organisation"
        case Bound.NOTHING:
            return f"角色“{role.label.zh}”不带辖区或机构 / role {role.code} takes neither division nor organisation"


def _role(code: str, said: _Said, shared: frozenset[Scope]) -> Role:
    is_administrator = said.bound is Bound.NOTHING
    if bool(said.scopes & (ADMINISTRATIVE - {Scope.ACCESS_READ})) != is_administrator:
        raise RoleError(f"roles.yaml: {code}: administrative scopes and no others belong to administrators")
    scopes = said.scopes if is_administrator else said.scopes | shared
    return Role(code, Label(*said.label), said.bound, scopes)
