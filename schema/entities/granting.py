"""Who was given what: changes of access with their two persons, and grants with purpose, approval and expiry."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index

from schema.declare import Entity, Filled, Label, Release, Subject, ToMany, ToOne, coded, declared, instant
from schema.entities.dimensions import by, by_date
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_REST: dict[str, Any] = {"filled": Filled.HUB, "release": Release.RESTRICTED}


def _blank(column: str) -> CheckConstraint:
    """What may not be empty, whoever writes the row."""
    return CheckConstraint(f"btrim({column}) <> ''", name=f"access_grant_{column}_said")


class AccessChange(Entity, table=True):
    """权限变更: one person proposes, another approves or rejects; what is taken away takes effect at once."""

    __tablename__ = "access_change"
    __table_args__ = (
        Index("access_change_by_state", "state_code", "id"),
        Index("access_change_by_subject", "subject_kind_code", "subject_code", "id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("权限变更", "Change of access"),
        provider=Provider.HUB,
        plural="access_changes",
        roots=Label("权限变更，含待批与已办的", "Changes of access, pending and done"),
        scope=Scope.ACCESS_READ,
        key=("id",),
        # administrators have no rows of their own: whoever may read changes of access reads all of them
        rows=EVERYBODY,
        relations=(ToMany("grants", Label("授权", "Grants it made"), "AccessGrant", "id", "change_id"),),
        dimensions=(
            by("state", "状态", "State", "state_code"),
            by("kind", "类别", "Kind", "change_kind_code"),
            *by_date("proposed", "提出时间", "Proposed", "proposed_at"),
        ),
        temporal=False,
        release=Release.RESTRICTED,
    )

    id: int = declared("变更编号", "Change", sortable=True, filterable=True, primary_key=True, **_REST)
    change_kind_code: str = coded(
        "类别",
        "Kind",
        filterable=True,
        note=(
            (
                "client_add、client_set、client_disable、account_add、account_set、account_reset、"
                "account_disable、grant_add、grant_revoke、sender_set"
            ),
            "what is changed of whom",
        ),
        **_REST,
    )
    subject_kind_code: str = coded(
        "对象类别",
        "Kind of subject",
        filterable=True,
        note=("client 系统，account 人员，sender 发送方", "a system, a person, or a sender"),
        **_REST,
    )
    subject_code: str = coded("对象", "Subject", filterable=True, **_REST)
    content: str = declared(
        "内容", "Content", note=("JSON；不含口令与密钥", "JSON, without passwords and secrets"), **_REST
    )
    state_code: str = coded(
        "状态",
        "State",
        filterable=True,
        note=(
            "pending 待批，approved 已批准，rejected 已否决，at_once 即时生效（收回权限，或安装期）",
            "waits; approved; rejected; took effect at once (access taken away, or while installing)",
        ),
        **_REST,
    )
    proposed_by: str = declared("提出人", "Proposed by", filterable=True, **_REST)
    proposed_at: datetime = instant("提出时间", "Proposed at", filterable=True, sortable=True, **_REST)
    reason: str = declared("理由", "Reason", **_REST)
    decided_by: str | None = declared("审批人", "Decided by", filterable=True, **_REST)
    decided_at: datetime | None = instant("审批时间", "Decided at", filterable=True, **_REST)
    decision_reason: str | None = declared("审批理由", "Reason of the decision", **_REST)


class AccessGrant(Entity, table=True):
    """有条件共享授权: scopes beyond a holder's roles, for a purpose, by an approval document, until a day."""

    __tablename__ = "access_grant"
    __table_args__ = (
        _blank("purpose"),
        _blank("approval_document"),
        CheckConstraint("expires_at > granted_at", name="access_grant_expires"),
        Index("access_grant_by_holder", "holder_kind_code", "holder_code", "id"),
        Index("access_grant_by_change", "change_id"),
        Index("access_grant_by_region", "region_code", "id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("有条件共享授权", "Grant of conditional sharing"),
        provider=Provider.HUB,
        plural="access_grants",
        roots=Label(
            "有条件共享授权，含到期与收回的", "Grants of conditional sharing, those that are over too"
        ),
        scope=Scope.ACCESS_READ,
        key=("id",),
        # administrators have no rows of their own: whoever may read changes of access reads all of them
        rows=EVERYBODY,
        relations=(
            ToOne("change", Label("权限变更", "Change that made it"), "AccessChange", "change_id", "id"),
            ToOne(
                "region", Label("所及辖区", "Division whose rows it opens"), "Region", "region_code", "code"
            ),
        ),
        dimensions=(
            by("holder", "持有者", "Holder", "holder_code"),
            *by_date("expires", "到期时间", "Expires", "expires_at"),
        ),
        temporal=False,
        release=Release.RESTRICTED,
    )

    id: int = declared("授权编号", "Grant", sortable=True, filterable=True, primary_key=True, **_REST)
    change_id: int = declared("变更编号", "Change", foreign_key="access_change.id", filterable=True, **_REST)
    holder_kind_code: str = coded("持有者类别", "Kind of holder", filterable=True, **_REST)
    holder_code: str = coded("持有者", "Holder", filterable=True, **_REST)
    scopes: str = declared("权限", "Scopes", note=("以空格分隔", "separated by spaces"), **_REST)
    region_code: str | None = coded(
        "所及辖区",
        "Division whose rows it opens",
        filterable=True,
        note=("空为持有者本来的范围", "empty: those that the holder sees anyway"),
        **_REST,
    )
    owners: str | None = declared(
        "所及机构", "Organisation whose rows it opens", note=("以空格分隔", "separated by spaces"), **_REST
    )
    purpose: str = declared("用途", "Purpose", **_REST)
    approval_document: str = declared("批准文件", "Approval document", filterable=True, **_REST)
    granted_at: datetime = instant("授予时间", "Granted at", filterable=True, sortable=True, **_REST)
    expires_at: datetime = instant("到期时间", "Expires at", filterable=True, sortable=True, **_REST)
    revoked_at: datetime | None = instant("收回时间", "Revoked at", filterable=True, **_REST)
