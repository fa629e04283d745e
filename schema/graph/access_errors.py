"""Errors in the payloads of changes of access, a type for each refusal."""

from typing import Any

import strawberry

from schema import refusals
from schema.graph.directives import RequiresScopes
from schema.graph.told import Told
from schema.scopes import Scope

#: whoever proposes, and whoever approves
EITHER = RequiresScopes(scopes=[[Scope.ACCESS_PROPOSE.value], [Scope.ACCESS_APPROVE.value]])


def _field(description: str) -> Any:
    return strawberry.field(description=description, directives=[EITHER])


@strawberry.type(description="没有此编号的权限变更 There is no such change of access.")
class ChangeNotFound(Told):
    """No such change."""

    change_id: int = _field("变更编号 Change")


@strawberry.type(description="该变更已不待批 It is not pending: somebody decided, or it took effect at once.")
class ChangeDecided(Told):
    """Somebody was first."""

    change_id: int = _field("变更编号 Change")
    state_code: str = _field("变更的状态 The state that it is in")


@strawberry.type(description="提出人不能批准自己的变更 Whoever proposed it cannot approve it.")
class SamePerson(Told):
    """A second person is needed."""

    change_id: int = _field("变更编号 Change")


@strawberry.type(
    description="没有这个系统或人员，或已停用 There is no such client or account, or it is disabled."
)
class HolderNotFound(Told):
    """No such holder."""

    holder_kind: str = _field("client 系统，account 人员 A system or a person")
    holder: str = _field("名称 Its name")


@strawberry.type(description="名称已被占用 The name is taken.")
class HolderTaken(Told):
    """There is one already."""

    holder_kind: str = _field("client 系统，account 人员 A system or a person")
    holder: str = _field("名称 Its name")


@strawberry.type(description="最后一位安全管理员 Nobody else could approve changes any more.")
class LastOfficer(Told):
    """An officer is needed."""

    holder: str = _field("登录名 User name")


@strawberry.type(description="没有此编号的有效授权 There is no such grant that stands.")
class GrantNotFound(Told):
    """No such grant."""

    grant_id: int = _field("授权编号 Grant")


ACCESS_ERRORS: dict[type[Any], type[Told]] = {
    refusals.ChangeNotFound: ChangeNotFound,
    refusals.ChangeDecided: ChangeDecided,
    refusals.SamePerson: SamePerson,
    refusals.HolderNotFound: HolderNotFound,
    refusals.HolderTaken: HolderTaken,
    refusals.GrantNotFound: GrantNotFound,
    refusals.LastOfficer: LastOfficer,
}
#: which input each is about
ACCESS_INPUTS: dict[type[Any], str] = {
    refusals.ChangeNotFound: "changeId",
    refusals.ChangeDecided: "changeId",
    refusals.SamePerson: "changeId",
    refusals.HolderNotFound: "proposal",
    refusals.HolderTaken: "proposal",
    refusals.GrantNotFound: "what",
    refusals.LastOfficer: "what",
}
