"""Versions of lists that people propose, and what a second person decides. Append-only, kept for ever."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index

from schema.declare import (
    Entity,
    Filled,
    Label,
    Release,
    Subject,
    ToOne,
    coded,
    declared,
    identifier,
    instant,
)
from schema.entities.dimensions import by, by_date, by_region
from schema.provider import Provider
from schema.rows import BY_SENDER, InRegion, Through, limited
from schema.scopes import Scope

_REST: dict[str, Any] = {"filled": Filled.HUB, "release": Release.RESTRICTED}


class ListProposal(Entity, table=True):
    """清单拟议: a whole version of a list that somebody wants to be published."""

    __tablename__ = "list_proposal"
    __table_args__ = (
        Index("list_proposal_by_list", "list_id", "id"),
        Index("list_proposal_by_version", "version_id", "id"),
        Index("list_proposal_by_region", "region_code", "id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("清单拟议", "Proposed version of a list"),
        plural="list_proposals",
        roots=Label("清单拟议，含已决定的", "Proposed versions of lists, decided ones too"),
        scope=Scope.LIST_PROPOSAL_READ,
        key=("id",),
        provider=Provider.HEALTH,
        rows=limited(InRegion("region_code"), *BY_SENDER),
        relations=(
            ToOne("list", Label("清单", "List, if there is one yet"), "DrugList", "list_id", "id"),
            ToOne("version", Label("公布的版本", "Version, once published"), "DrugListVersion", "version_id", "id"),
            ToOne("region", Label("所属区划", "Division it is of"), "Region", "region_code", "code"),
            ToOne("decision", Label("决定", "Decision"), "ListDecision", "id", "proposal_id"),
        ),
        dimensions=(
            by("kind", "清单类型", "Kind of list", "kind_code"),
            *by_region(),
            *by_date("proposed", "拟议时间", "Proposed", "proposed_at"),
        ),
        temporal=False,
        release=Release.RESTRICTED,
    )  # fmt: skip

    id: int = declared(
        "拟议编号",
        "Proposal",
        sortable=True,
        filterable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        **_REST,
    )
    sender_code: str = coded("发送方代码", "Sender code", filterable=True, **_REST)
    list_id: int = identifier("清单标识", "List identifier", release=Release.RESTRICTED, filterable=True)
    version_id: int = identifier(
        "版本标识", "Version identifier", release=Release.RESTRICTED, filterable=True
    )
    kind_code: str = coded("清单类型", "Kind of list", filterable=True, **_REST)
    region_code: str = coded("行政区划代码", "Division code", filterable=True, **_REST)
    list_name: str = declared("清单名称", "Name of the list", filterable=True, **_REST)
    effective_on: date = declared("生效日期", "Effective on", filterable=True, sortable=True, **_REST)
    document_title: str = declared("文件名称", "Title of the document", **_REST)
    file_name: str = declared("文件名", "File name", **_REST)
    sha256: str = coded("文件校验和", "SHA-256 of the file", **_REST)
    added: int = declared("调入条数", "Entries that come in", measured=True, **_REST)
    removed: int = declared("调出条数", "Entries that leave", measured=True, **_REST)
    changed: int = declared("改动条数", "Entries that change", measured=True, **_REST)
    base_digest: str = coded(
        "拟议所据",
        "What it is compared with",
        note=("生效日前在列条目的校验和", "digest of the entries that stand before its day"),
        **_REST,
    )
    proposed_by: str = declared("拟议人", "Proposed by", filterable=True, **_REST)
    subject: str | None = coded("拟议人令牌主体", "Subject of the proposer's token", filterable=True, **_REST)
    reason: str = declared("理由", "Reason", **_REST)
    proposed_at: datetime = instant("拟议时间", "Proposed at", filterable=True, sortable=True, **_REST)


class ListDecision(Entity, table=True):
    """对拟议的决定: a second person publishes a proposed version, or rejects it."""

    __tablename__ = "list_decision"
    __table_args__ = (Index("list_decision_by_batch", "batch_id", unique=True),)
    about: ClassVar[Subject] = Subject(
        label=Label("对清单拟议的决定", "Decision about a proposed version"),
        plural="list_decisions",
        scope=Scope.LIST_PROPOSAL_READ,
        key=("proposal_id",),
        provider=Provider.HEALTH,
        rows=limited(Through("ListProposal", "proposal_id", "id")),
        relations=(
            ToOne("proposal", Label("拟议", "Proposal"), "ListProposal", "proposal_id", "id"),
            ToOne("batch", Label("公布的批次", "Batch that published it"), "Batch", "batch_id", "id"),
        ),
        dimensions=(
            by("verdict", "决定", "Verdict", "verdict_code"),
            *by_date("decided", "决定时间", "Decided", "decided_at"),
        ),
        temporal=False,
        release=Release.RESTRICTED,
    )

    proposal_id: int = declared(
        "拟议编号",
        "Proposal",
        primary_key=True,
        foreign_key="list_proposal.id",
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
        **_REST,
    )
    verdict_code: str = coded(
        "决定",
        "Verdict",
        filterable=True,
        note=("publish 公布，reject 否决", "published, or rejected"),
        **_REST,
    )
    batch_id: int | None = declared(
        "批次", "Batch", filterable=True, note=("否决则为空", "empty: rejected"), **_REST
    )
    decided_by: str = declared("决定人", "Decided by", filterable=True, **_REST)
    subject: str | None = coded("决定人令牌主体", "Subject of the decider's token", filterable=True, **_REST)
    reason: str = declared("理由", "Reason", **_REST)
    decided_at: datetime = instant("决定时间", "Decided at", filterable=True, sortable=True, **_REST)
