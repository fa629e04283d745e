"""Changes of access through the graph: what is proposed, who decides, what is taken away, and what became of it."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from schema.declare import Label
from schema.entities import AccessChange, AccessGrant
from schema.graph.access_errors import (
    EITHER,
    ChangeDecided,
    ChangeNotFound,
    GrantNotFound,
    HolderNotFound,
    HolderTaken,
    LastOfficer,
    SamePerson,
)
from schema.graph.directives import requires
from schema.graph.resolve import GraphInfo
from schema.graph.told import InvalidInput
from schema.graph.user_errors import entity_field, user_error
from schema.graph.writer import ACTS, AccessDone
from schema.refusals import InvalidInput as InvalidInputRefusal
from schema.refusals import Refusal

_REASON = "理由 Why"
_INPUT = strawberry.argument(name="input")
_UNCLEAR = InvalidInputRefusal(
    "what", "access.input", Label("grantId 不是授权编号。", "`grantId` is no number of a grant")
)

AccessError = Annotated[
    InvalidInput
    | ChangeNotFound
    | ChangeDecided
    | SamePerson
    | HolderNotFound
    | HolderTaken
    | GrantNotFound
    | LastOfficer,
    strawberry.union("AccessError", description="权限变更未成的原因 Why nothing was changed."),
]


@strawberry.input(description="角色、权限与可见的数据行 Roles, scopes beside them, and whose rows.")
class StandingInput:
    """What somebody is and may do."""

    roles: list[str] = strawberry.field(
        default_factory=list, description="角色代码，见 docs/security.md Codes of roles"
    )
    scopes: list[str] = strawberry.field(
        default_factory=list, description="角色以外的权限 Scopes beside those of the roles"
    )
    region: str | None = strawberry.field(
        default=None, description="辖区区划代码，全国为 000000 Division; 000000 is the country"
    )
    organization: list[str] | None = strawberry.field(
        default=None, description="或只看本机构，如 sender:chain-a Or an organisation's own rows only"
    )

    def told(self) -> dict[str, Any]:
        """As the hub reads it."""
        return {
            "roles": self.roles,
            "scopes": self.scopes,
            "region": self.region,
            "organization": self.organization,
        }


@strawberry.input(description="登记一个系统 A system that may ask for tokens.")
class AddClientInput:
    """A new client."""

    client_id: str = strawberry.field(description="客户端编号 Client id")
    name: str = strawberry.field(description="名称：部门与系统 What it is: department and system")
    sender: str | None = strawberry.field(
        default=None, description="可推送其数据的发送方 Whose data it may push"
    )
    bound: bool = strawberry.field(
        default=False, description="只发与密钥绑定的令牌 Whether it gets only tokens bound to a key"
    )
    standing: StandingInput = strawberry.field(description="角色与范围 Roles and reach")

    def told(self) -> dict[str, Any]:
        """As the hub reads it."""
        return {
            "kind": "client_add",
            "holder": self.client_id,
            "name": self.name,
            "sender": self.sender,
            "bound": self.bound,
            "standing": self.standing.told(),
        }


@strawberry.input(description="改变一个系统的角色与范围 Another standing for a client.")
class SetClientInput:
    """Another standing for a client."""

    client_id: str = strawberry.field(description="客户端编号 Client id")
    standing: StandingInput = strawberry.field(description="角色与范围 Roles and reach")

    def told(self) -> dict[str, Any]:
        """As the hub reads it."""
        return {"kind": "client_set", "holder": self.client_id, "standing": self.standing.told()}


@strawberry.input(description="登记一个人员 A person who may sign in.")
class AddAccountInput:
    """A new account."""

    user_name: str = strawberry.field(description="登录名 User name")
    display_name: str = strawberry.field(description="姓名或称呼 Name as people read it")
    organization_name: str = strawberry.field(description="单位 Organisation")
    oidc_subject: str | None = strawberry.field(
        default=None, description="在外部身份提供方的标识 `sub` at the OpenID provider"
    )
    standing: StandingInput = strawberry.field(description="角色与范围 Roles and reach")

    def told(self) -> dict[str, Any]:
        """As the hub reads it."""
        return {
            "kind": "account_add",
            "holder": self.user_name,
            "display_name": self.display_name,
            "organization_name": self.organization_name,
            "oidc_subject": self.oidc_subject,
            "standing": self.standing.told(),
        }


@strawberry.input(description="改变一个人员的角色与范围 Another standing for a person.")
class SetAccountInput:
    """Another standing for a person."""

    user_name: str = strawberry.field(description="登录名 User name")
    standing: StandingInput = strawberry.field(description="角色与范围 Roles and reach")

    def told(self) -> dict[str, Any]:
        """As the hub reads it."""
        return {"kind": "account_set", "holder": self.user_name, "standing": self.standing.told()}


@strawberry.input(description="重设一个人员的登录凭据 A person begins anew.")
class ResetAccountInput:
    """What a person signs in with."""

    user_name: str = strawberry.field(description="登录名 User name")
    password: bool = strawberry.field(default=False, description="重设初始口令 A new first password")
    second_factor: bool = strawberry.field(
        default=False, description="解除验证器，下次登录重新绑定 No second factor until the next sign-in"
    )

    def told(self) -> dict[str, Any]:
        """As the hub reads it."""
        return {
            "kind": "account_reset",
            "holder": self.user_name,
            "password": self.password,
            "second_factor": self.second_factor,
        }


@strawberry.input(description="系统或人员，二选一 A client or an account.", one_of=True)
class HolderInput:
    """A client or an account."""

    client_id: str | None = strawberry.field(default=UNSET, description="客户端编号 Client id")
    user_name: str | None = strawberry.field(default=UNSET, description="登录名 User name")

    def told(self) -> tuple[str, str]:
        """Kind and name."""
        return ("client", self.client_id) if self.client_id else ("account", str(self.user_name))


@strawberry.input(
    description="有条件共享授权：须写明用途、批准文件与到期时间"
    " Conditional sharing, with purpose, approval and expiry."
)
class AddGrantInput:
    """A grant."""

    holder: HolderInput = strawberry.field(description="授予谁 To whom")
    scopes: list[str] = strawberry.field(description="开放哪些读取权限 Which reading scopes it opens")
    region: str | None = strawberry.field(
        default=None,
        description="开放哪个辖区的数据行；不写则仍限本来的范围 Whose rows it opens; none: its own",
    )
    organization: list[str] | None = strawberry.field(
        default=None, description="或开放哪个机构的数据行 Or an organisation's rows"
    )
    purpose: str = strawberry.field(description="用途 What for")
    approval_document: str = strawberry.field(description="批准文件 Document of the approval")
    expires_at: datetime = strawberry.field(description="到期时间，至多一年 Until when, at most a year")

    def told(self) -> dict[str, Any]:
        """As the hub reads it."""
        kind, holder = self.holder.told()
        return {
            "kind": "grant_add",
            "holder_kind": kind,
            "holder": holder,
            "scopes": self.scopes,
            "region": self.region,
            "organization": self.organization,
            "purpose": self.purpose,
            "approval_document": self.approval_document,
            "expires_at": self.expires_at,
        }


@strawberry.input(description="登记发送方及其区划，或改变登记 A sender and its division.")
class SetSenderInput:
    """Who sends under a code."""

    code: str = strawberry.field(description="发送方代码 Sender code")
    name: str = strawberry.field(description="名称 Name")
    region: str | None = strawberry.field(
        default=None,
        description="登记区划代码，全国为 000000；其数据不能另行归入区划者归此"
        " Division where its rows belong that tell none themselves",
    )
    uscc: str | None = strawberry.field(
        default=None, description="统一社会信用代码 Unified social credit code"
    )

    def told(self) -> dict[str, Any]:
        """As the hub reads it."""
        return {
            "kind": "sender_set",
            "holder": self.code,
            "name": self.name,
            "region": self.region,
            "uscc": self.uscc,
        }


@strawberry.input(description="提议的变更，择一 What is proposed: one of these.", one_of=True)
class AccessProposalInput:
    """One of these."""

    add_client: AddClientInput | None = strawberry.field(default=UNSET, description="登记系统 A new client")
    set_client: SetClientInput | None = strawberry.field(
        default=UNSET, description="改变系统 Another standing"
    )
    add_account: AddAccountInput | None = strawberry.field(
        default=UNSET, description="登记人员 A new account"
    )
    set_account: SetAccountInput | None = strawberry.field(
        default=UNSET, description="改变人员 Another standing"
    )
    reset_account: ResetAccountInput | None = strawberry.field(
        default=UNSET, description="重设登录凭据 A person begins anew"
    )
    add_grant: AddGrantInput | None = strawberry.field(default=UNSET, description="授权 A grant")
    set_sender: SetSenderInput | None = strawberry.field(
        default=UNSET, description="登记发送方 A sender and its division"
    )

    def told(self) -> dict[str, Any]:
        """As the hub reads it."""
        given = (
            self.add_client,
            self.set_client,
            self.add_account,
            self.set_account,
            self.reset_account,
            self.add_grant,
            self.set_sender,
        )
        return next(each.told() for each in given if each)


@strawberry.input(description="提议一项权限变更 A proposal.")
class ProposeAccessInput:
    """A proposal."""

    proposal: AccessProposalInput = strawberry.field(description="变更 What is proposed")
    reason: str = strawberry.field(description=_REASON)


@strawberry.enum(description="审批结论 What is decided.")
class AccessVerdict(Enum):
    """What is decided."""

    APPROVE = strawberry.enum_value("approve", description="批准 It takes effect")
    REJECT = strawberry.enum_value("reject", description="否决 It comes to nothing")


@strawberry.input(description="审批一项权限变更 A decision about a proposal.")
class DecideAccessInput:
    """A decision."""

    change_id: int = strawberry.field(description="变更编号 Change")
    verdict: AccessVerdict = strawberry.field(description="结论 What is decided")
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="收回什么，择一 What is taken away: one of these.", one_of=True)
class TakenInput:
    """One of these."""

    client_id: str | None = strawberry.field(default=UNSET, description="停用系统 Disable a client")
    user_name: str | None = strawberry.field(default=UNSET, description="停用人员 Disable an account")
    grant_id: int | None = strawberry.field(default=UNSET, description="收回授权 Take a grant back")


@strawberry.input(description="收回权限，即时生效 What is taken away, at once.")
class TakeAccessAwayInput:
    """What is taken away."""

    what: TakenInput = strawberry.field(description="收回什么 What is taken away")
    reason: str = strawberry.field(description=_REASON)


@strawberry.type(description="权限变更的结果 What became of a change of access.")
class AccessPayload:
    """What became of a change of access."""

    change: Any = entity_field(AccessChange, "change_id", "该变更及其状态 The change, with its state")
    grant: Any = entity_field(
        AccessGrant, "grant_id", "作出或收回的授权 The grant that was made or taken back"
    )
    secret: str | None = strawberry.field(
        default=None,
        description="新系统的密钥或新人员的初始口令，只显示这一次"
        " A client's secret or a person's first password, shown this once",
        directives=[EITHER],
    )
    errors: list[AccessError] = strawberry.field(
        description="未能照办的原因；空则已办 Why nothing was changed; empty: it is done",
        directives=[EITHER],
        default_factory=list,
    )
    change_id: strawberry.Private[int | None] = None
    grant_id: strawberry.Private[int | None] = None


def _payload(done: AccessDone | Refusal) -> AccessPayload:
    if isinstance(done, AccessDone):
        return AccessPayload(secret=done.secret, change_id=done.change_id, grant_id=done.grant_id)
    return AccessPayload(errors=[user_error(done)])


async def _propose(info: GraphInfo, given: Annotated[ProposeAccessInput, _INPUT]) -> AccessPayload | None:
    return _payload(await info.context.administrator.propose(given.proposal.told(), given.reason))


async def _decide(info: GraphInfo, given: Annotated[DecideAccessInput, _INPUT]) -> AccessPayload | None:
    approve = given.verdict is AccessVerdict.APPROVE
    return _payload(await info.context.administrator.decide(given.change_id, given.reason, approve=approve))


async def _take_away(info: GraphInfo, given: Annotated[TakeAccessAwayInput, _INPUT]) -> AccessPayload | None:
    administrator, what = info.context.administrator, given.what
    if what.client_id:
        return _payload(await administrator.take_away("client", what.client_id, given.reason))
    if what.user_name:
        return _payload(await administrator.take_away("account", what.user_name, given.reason))
    if what.grant_id:
        return _payload(await administrator.revoke(what.grant_id, given.reason))
    return _payload(_UNCLEAR)


propose_access = strawberry.mutation(
    resolver=_propose,
    directives=[requires(ACTS["proposeAccess"])],
    description="提议一项权限变更，由另一人批准后生效"
    " Propose a change of access; another person's approval makes it so",
)
decide_access = strawberry.mutation(
    resolver=_decide,
    directives=[requires(ACTS["decideAccess"])],
    description="批准或否决他人提议的权限变更 Approve or reject what somebody else proposed",
)
take_access_away = strawberry.mutation(
    resolver=_take_away,
    directives=[EITHER],
    description="停用系统或人员、收回授权，即时生效 Disable a client or an account, or take a grant back: at once",
)
