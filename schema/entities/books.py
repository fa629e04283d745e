"""The hub's own books: feeds, batches, deliveries of bytes, and what people decided about batches."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index

from schema.declare import (
    Entity,
    Filled,
    Label,
    Release,
    Subject,
    ToMany,
    ToOne,
    coded,
    declared,
    instant,
    recorded,
)
from schema.entities.dimensions import by, by_date
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_HUB = Filled.HUB


class Feed(Entity, table=True):
    """数据源."""

    __tablename__ = "feed"
    about: ClassVar[Subject] = Subject(
        label=Label("数据源", "Feed"),
        provider=Provider.HUB,
        plural="feeds",
        roots=Label("数据源及其批次", "Feeds and their batches"),
        scope=Scope.FEED_READ,
        key=("code",),
        rows=EVERYBODY,
        relations=(
            ToMany("batches", Label("批次", "Batches"), "Batch", "code", "feed_code"),
            ToMany("pulls", Label("取数记录", "Pulls"), "Pull", "code", "feed_code"),
        ),
        dimensions=(by("cadence", "更新频率", "Cadence", "cadence"),),
        temporal=False,
    )

    code: str = coded(
        "数据源代码",
        "Feed code",
        release=Release.OPEN,
        filled=_HUB,
        sortable=True,
        primary_key=True,
        filterable=True,
    )
    name_zh: str = declared("名称", "Name", release=Release.OPEN, filled=_HUB, filterable=True)
    name_en: str = declared("英文名称", "English name", release=Release.OPEN, filled=_HUB)
    cadence: str = declared("更新频率", "Cadence", release=Release.OPEN, filled=_HUB, filterable=True)


class Batch(Entity, table=True):
    """批次: what one delivery of new bytes became."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("batch_by_feed", "feed_code", "id"),
        Index("batch_by_bytes", "feed_code", "sender_code", "received_sha256"),
        Index("batch_by_promotion", "promoted_at"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("批次", "Batch"),
        provider=Provider.HUB,
        plural="batches",
        roots=Label("批次", "Batches"),
        scope=Scope.FEED_READ,
        key=("id",),
        rows=EVERYBODY,
        relations=(
            ToOne("feed", Label("数据源", "Feed"), "Feed", "feed_code", "code"),
            ToMany("deliveries", Label("送达记录", "Deliveries"), "Delivery", "id", "batch_id"),
            ToMany("faults", Label("问题行", "Faults"), "Fault", "id", "batch_id"),
            ToMany(
                "quarantined_rows", Label("隔离行", "Rows in quarantine"), "QuarantinedRow", "id", "batch_id"
            ),
            ToOne("decision", Label("人工决定", "Decision"), "BatchDecision", "id", "batch_id"),
            ToOne(
                "list_decision",
                Label("所公布清单的决定", "Decision that published it"),
                "ListDecision",
                "id",
                "batch_id",
            ),
            ToMany(
                "settlements",
                Label("重新入库的隔离行", "Rows of quarantine that it has now"),
                "FaultSettlement",
                "id",
                "batch_id",
            ),
            ToMany(
                "settlements_caused",
                Label("由其引起的重新入库", "Settlements that it brought about"),
                "FaultSettlement",
                "id",
                "cause_batch_id",
            ),
        ),
        dimensions=(
            by("feed", "数据源", "Feed", "feed_code"),
            by("sender", "发送方", "Sender", "sender_code"),
            by("state", "状态", "State", "state_code"),
            by("layout", "版式", "Layout", "layout_code"),
            by("stop", "停止原因代码", "Code of the stop", "stop_code"),
            *by_date("received", "收到时间", "Received", "received_at"),
            *by_date("as_of", "数据日期", "As of", "as_of"),
        ),
        temporal=False,
    )

    id: int = declared(
        "批次",
        "Batch",
        release=Release.OPEN,
        filled=_HUB,
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
    )
    feed_code: str = coded(
        "数据源代码", "Feed code", release=Release.OPEN, filled=_HUB, filterable=True, foreign_key="feed.code"
    )
    sender_code: str = coded("发送方代码", "Sender code", release=Release.OPEN, filled=_HUB, filterable=True)
    file_name: str = declared("文件名", "File name", release=Release.OPEN, filled=_HUB, filterable=True)
    sha256: str = coded("SHA-256 校验值", "SHA-256", release=Release.OPEN, filled=_HUB, filterable=True)
    byte_count: int = declared(
        "字节数", "Bytes", release=Release.OPEN, filled=_HUB, unit="B", is_big=True, sortable=True
    )
    received_sha256: str = coded(
        "原文件 SHA-256",
        "SHA-256 as received",
        release=Release.RESTRICTED,
        filled=_HUB,
        filterable=True,
        note=(
            "可能含个人信息的数据源只保留筛除后的内容，此为收到时的校验值",
            "of feeds that may hold persons only a part is kept; this is of the bytes as they came",
        ),
    )
    received_byte_count: int = declared(
        "原文件字节数", "Bytes received", release=Release.RESTRICTED, filled=_HUB, unit="B", is_big=True
    )
    received_at: datetime = recorded(
        "收到时间", "Received at", release=Release.OPEN, sortable=True, filterable=True
    )
    as_of: datetime = instant(
        "数据时点", "Data as of", release=Release.OPEN, filled=_HUB, filterable=True, sortable=True
    )
    state_code: str = coded(
        "状态",
        "State",
        release=Release.OPEN,
        filled=_HUB,
        filterable=True,
        note=(
            "landed 已收，promoted 已入库，held 已扣留，rejected 人工否决，refused 已拒收，failed 系统故障",
            "landed, promoted, held, rejected by a person, refused, or failed by a defect",
        ),
    )
    layout_code: str | None = coded("文件格式", "Layout", release=Release.OPEN, filled=_HUB, filterable=True)
    promoted_at: datetime | None = recorded(
        "入库时间", "Promoted at", release=Release.OPEN, filterable=True, sortable=True
    )
    rows_read: int | None = declared(
        "读到行数", "Rows read", release=Release.OPEN, filled=_HUB, unit="行", filterable=True, sortable=True
    )
    rows_promoted: int | None = declared(
        "入库行数",
        "Rows promoted",
        release=Release.OPEN,
        filled=_HUB,
        unit="行",
        filterable=True,
        sortable=True,
    )
    rows_unchanged: int | None = declared(
        "未变行数",
        "Rows unchanged",
        release=Release.OPEN,
        filled=_HUB,
        unit="行",
        filterable=True,
        sortable=True,
    )
    rows_quarantined: int | None = declared(
        "隔离行数",
        "Rows in quarantine",
        release=Release.OPEN,
        filled=_HUB,
        unit="行",
        filterable=True,
        sortable=True,
    )
    rows_skipped: int | None = declared(
        "按规则略过行数",
        "Rows skipped by rule",
        release=Release.OPEN,
        filled=_HUB,
        unit="行",
        filterable=True,
        sortable=True,
    )
    facts_closed: int | None = declared(
        "结束的记录数",
        "Facts closed",
        release=Release.OPEN,
        filled=_HUB,
        note=("全量文件中不再出现的记录", "facts that a full file no longer names"),
        filterable=True,
        sortable=True,
        measured=True,
    )
    rules_sha256: str | None = coded(
        "规则校验值",
        "Digest of the rules",
        release=Release.OPEN,
        filled=_HUB,
        note=("读入此文件所用程序规则的 SHA-256", "SHA-256 of the code by which the file was read"),
        filterable=True,
    )
    stop_code: str | None = coded(
        "拒收或扣留代码", "Code of the refusal or hold", release=Release.OPEN, filled=_HUB, filterable=True
    )
    stop_reason: str | None = declared(
        "拒收或扣留原因", "Reason of the refusal or hold", release=Release.RESTRICTED, filled=_HUB
    )


class Delivery(Entity, table=True):
    """送达记录: bytes came in; the same bytes again are a repeat of the batch they made the first time."""

    __tablename__ = "delivery"
    __table_args__ = (Index("delivery_by_batch", "batch_id", "id"),)
    about: ClassVar[Subject] = Subject(
        label=Label("送达记录", "Delivery"),
        provider=Provider.HUB,
        plural="deliveries",
        roots=Label("送达记录，含重复送达", "Deliveries, repeats too"),
        scope=Scope.FEED_READ,
        key=("id",),
        rows=EVERYBODY,
        relations=(ToOne("batch", Label("批次", "Batch"), "Batch", "batch_id", "id"),),
        dimensions=(
            by("transport", "送达方式", "Transport", "transport_code"),
            by("repeat", "是否重复送达", "Sent before", "is_repeat"),
            by("feed", "数据源", "Feed", "feed_code", "batch"),
            by("sender", "发送方", "Sender", "sender_code", "batch"),
            *by_date("received", "收到时间", "Received", "received_at"),
        ),
        temporal=False,
    )

    id: int = declared(
        "送达编号",
        "Delivery",
        filled=_HUB,
        release=Release.RESTRICTED,
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
    )
    batch_id: int = declared(
        "批次", "Batch", filled=_HUB, release=Release.RESTRICTED, foreign_key="batch.id", filterable=True
    )
    file_name: str = declared("文件名", "File name", filled=_HUB, release=Release.RESTRICTED, filterable=True)
    received_at: datetime = recorded(
        "收到时间", "Received at", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    transport_code: str = coded(
        "送达方式", "Transport", filled=_HUB, release=Release.RESTRICTED, filterable=True
    )
    is_repeat: bool = declared(
        "是否重复", "Whether a repeat", filled=_HUB, release=Release.RESTRICTED, filterable=True
    )


class BatchDecision(Entity, table=True):
    """人工决定: a person released or rejected a batch that a guard held."""

    __tablename__ = "batch_decision"
    about: ClassVar[Subject] = Subject(
        label=Label("人工决定", "Decision about a held batch"),
        provider=Provider.HUB,
        plural="batch_decisions",
        roots=Label("对被扣留批次的人工决定", "Decisions about held batches"),
        scope=Scope.FEED_READ,
        key=("batch_id",),
        rows=EVERYBODY,
        relations=(ToOne("batch", Label("批次", "Batch"), "Batch", "batch_id", "id"),),
        dimensions=(
            by("verdict", "决定", "Verdict", "verdict_code"),
            by("feed", "数据源", "Feed", "feed_code", "batch"),
            *by_date("decided", "决定时间", "Decided", "decided_at"),
        ),
        temporal=False,
    )

    batch_id: int = declared(
        "批次",
        "Batch",
        filled=_HUB,
        release=Release.RESTRICTED,
        primary_key=True,
        foreign_key="batch.id",
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
    )
    verdict_code: str = coded(
        "决定",
        "Verdict",
        filled=_HUB,
        release=Release.RESTRICTED,
        note=("release 放行，reject 否决", "release or reject"),
        filterable=True,
    )
    decided_by: str = declared(
        "决定人", "Decided by", filled=_HUB, release=Release.RESTRICTED, filterable=True
    )
    reason: str = declared("理由", "Reason", filled=_HUB, release=Release.RESTRICTED)
    decided_at: datetime = recorded("决定时间", "Decided at", release=Release.RESTRICTED, filterable=True)
