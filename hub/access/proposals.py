"""What somebody wants changed of who may do what: each kind with its own shape, checked before it is kept."""

from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from hub.access.accounts import USER_NAME
from hub.access.apps import APPS
from hub.access.clients import CLIENT_ID, SENDER_CODE, check_sender
from hub.access.holders import HolderKind
from schema.identifiers import check_uscc
from schema.reach import NOWHERE, Reach, owners_of
from schema.regions import complete_code
from schema.roles import check_roles, roles, scopes_of
from schema.scopes import ADMINISTRATIVE, CONDITIONAL, WRITE_SCOPES, Scope

#: the longest that a grant may last before it has to be given anew
LONGEST_GRANT = timedelta(days=366)


def _said(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ValueError("不能为空 / must not be empty")
    return text


Said = Annotated[str, Field(max_length=500), AfterValidator(_said)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rows(_Shape):
    """Whose rows: a division's, or an organisation's codes (`kind:code`)."""

    region: str | None = None
    organization: tuple[str, ...] | None = None

    @property
    def reach(self) -> Reach:
        """The same as a reach. Raises ValueError."""
        if self.organization is not None and self.region is None:
            return Reach(None, owners_of(self.organization))
        if self.organization is None:
            return NOWHERE if self.region is None else Reach(complete_code(self.region))
        raise ValueError("辖区与机构只能选一 / a division or an organisation, not both")


class Standing(Rows):
    """What somebody is and may do: roles, scopes beside them, and whose rows."""

    roles: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_roles(self.roles, self.reach)
        if not self.roles and not self.scopes:
            raise ValueError("至少要一个角色或权限 / at least one role or scope is needed")
        if self.is_administrator and self.scopes:
            raise ValueError("管理角色不能另有权限 / an administrator has no scopes beside the role")
        if self.reach == NOWHERE and not self.is_administrator:
            raise ValueError("须说明辖区或机构 / a division or an organisation is needed")
        own = frozenset(self.scopes)
        if own & ADMINISTRATIVE:
            raise ValueError(
                "管理权限只随管理角色 / administrative scopes come with an administrator's role only"
            )
        if named := own & CONDITIONAL - scopes_of(self.roles):
            raise ValueError(
                f"{'、'.join(sorted(named))} 须凭授权，写明用途、批准文件与到期日"
                " / it takes a grant, with purpose, approval document and expiry"
            )
        return self

    @property
    def is_administrator(self) -> bool:
        """Whether it is one of the three administrators."""
        return any(roles()[code].is_administrator for code in self.roles)


def _all_scopes(standing: Standing) -> frozenset[str]:
    return frozenset(standing.scopes) | scopes_of(standing.roles)


class _OfClient(_Shape):
    holder_kind: Literal[HolderKind.CLIENT] = HolderKind.CLIENT
    holder: Annotated[str, Field(pattern=f"^{CLIENT_ID.pattern}$")]
    standing: Standing

    @model_validator(mode="after")
    def _no_administrator(self) -> Self:
        if self.standing.is_administrator:
            raise ValueError("管理角色只属于人，不属于系统 / administrators are people, not systems")
        return self


class AddClient(_OfClient):
    """A system that may ask for tokens."""

    kind: Literal["client_add"] = "client_add"
    name: Said
    sender: Annotated[str, Field(pattern=f"^{SENDER_CODE.pattern}$")] | None = None

    #: whether it gets only tokens that are bound to a key of its own
    bound: bool = False

    @model_validator(mode="after")
    def _pushes_for_somebody(self) -> Self:
        check_sender(self.sender, _all_scopes(self.standing), self.standing.reach)
        return self


class SetClient(_OfClient):
    """Another standing for a system that is there."""

    kind: Literal["client_set"] = "client_set"


class _OfAccount(_Shape):
    holder_kind: Literal[HolderKind.ACCOUNT] = HolderKind.ACCOUNT
    holder: Annotated[str, Field(pattern=f"^{USER_NAME.pattern}$")]
    standing: Standing

    @model_validator(mode="after")
    def _person(self) -> Self:
        if self.holder in APPS:
            raise ValueError("这是系统自带应用的名称 / this is the name of one of the hub's applications")
        if _all_scopes(self.standing) & WRITE_SCOPES:
            raise ValueError("推送数据只能用客户端 / only a client may push")
        return self


class AddAccount(_OfAccount):
    """A person who may sign in."""

    kind: Literal["account_add"] = "account_add"
    display_name: Said
    organization_name: Said
    oidc_subject: str | None = None


class SetAccount(_OfAccount):
    """Another standing for a person who is there."""

    kind: Literal["account_set"] = "account_set"


class ResetAccount(_Shape):
    """A new first password, or no second factor any more: whoever did it alone could sign in as somebody else."""

    kind: Literal["account_reset"] = "account_reset"
    holder_kind: Literal[HolderKind.ACCOUNT] = HolderKind.ACCOUNT
    holder: Annotated[str, Field(pattern=f"^{USER_NAME.pattern}$")]
    password: bool = False
    second_factor: bool = False

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.password and not self.second_factor:
            raise ValueError("须说明重设什么 / say what is reset: password, second_factor")
        return self


class AddGrant(Rows):
    """Conditional sharing: scopes beyond roles, or others' rows; never without purpose, approval and expiry."""

    kind: Literal["grant_add"] = "grant_add"
    holder_kind: HolderKind
    holder: Annotated[str, Field(min_length=1, max_length=64)]
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1)]
    purpose: Said
    approval_document: Said
    expires_at: AwareDatetime

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if frozenset(self.scopes) & ADMINISTRATIVE:
            raise ValueError("管理权限不能授予 / administrative scopes cannot be granted")
        if any(not scope.endswith(":read") for scope in self.scopes):
            raise ValueError("授权只开放读取 / a grant opens reading only")
        _ = self.reach
        return self

    def check_time(self, now: datetime) -> None:
        """Raise ValueError unless it ends between now and a year from now."""
        if not now < self.expires_at <= now + LONGEST_GRANT:
            raise ValueError(
                f"到期须在今后 {LONGEST_GRANT.days} 天内 / must expire within {LONGEST_GRANT.days} days from now"
            )


class SetSender(_Shape):
    """Who sends under a code, and where they are registered: it says who sees rows that tell no division themselves."""

    kind: Literal["sender_set"] = "sender_set"
    holder_kind: Literal["sender"] = "sender"
    holder: Annotated[str, Field(pattern=f"^{SENDER_CODE.pattern}$")]
    name: Said
    #: None: of no division, then seen by the whole country's callers alone
    region: Annotated[str, AfterValidator(complete_code)] | None = None
    uscc: Annotated[str, AfterValidator(check_uscc)] | None = None


class TakeAway(_Shape):
    """What is taken away, at once."""

    kind: Literal["client_disable", "account_disable", "grant_revoke"]
    holder_kind: HolderKind
    holder: str
    grant: int | None = None


Proposal = AddClient | SetClient | AddAccount | SetAccount | ResetAccount | AddGrant | SetSender
Change = Annotated[Proposal | TakeAway, Field(discriminator="kind")]
CHANGE: TypeAdapter[Proposal | TakeAway] = TypeAdapter(Change)
