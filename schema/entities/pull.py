"""Pulls: when the hub went to a source system to fetch, and what came of it."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index

from schema.declare import Entity, Filled, Label, Release, Subject, ToOne, coded, declared, recorded
from schema.entities.dimensions import by, by_date
from schema.provider import Provider
from schema.rows import BY_SENDER, limited
from schema.scopes import Scope

_HUB = Filled.HUB


class Pull(Entity, table=True):
    """取数记录: the hub went to a source system to fetch; on record also when it came back with nothing."""

    __tablename__ = "pull"
    __table_args__ = (Index("pull_by_feed", "feed_code", "id"),)
    about: ClassVar[Subject] = Subject(
        label=Label("取数记录", "Pull"),
        provider=Provider.HUB,
        plural="pulls",
        roots=Label("取数记录，含失败的", "Pulls, those that failed too"),
        scope=Scope.FEED_READ,
        key=("id",),
        rows=limited(*BY_SENDER),
        relations=(ToOne("feed", Label("数据源", "Feed"), "Feed", "feed_code", "code"),),
        dimensions=(
            by("feed", "数据源", "Feed", "feed_code"),
            by("sender", "发送方", "Sender", "sender_code"),
            by("source", "来源", "Source", "source_code"),
            by("transport", "送达方式", "Transport", "transport_code"),
            by("stop", "失败代码", "Code of the failure", "stop_code"),
            *by_date("started", "开始时间", "Started", "started_at"),
        ),
        temporal=False,
    )

    id: int = declared(
        "取数编号",
        "Pull",
        filled=_HUB,
        release=Release.RESTRICTED,
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
    )
    feed_code: str = coded(
        "数据源代码",
        "Feed code",
        filled=_HUB,
        release=Release.RESTRICTED,
        filterable=True,
        foreign_key="feed.code",
    )
    sender_code: str = coded(
        "发送方代码", "Sender code", filled=_HUB, release=Release.RESTRICTED, filterable=True
    )
    source_code: str = coded(
        "来源代码", "Source code", filled=_HUB, release=Release.RESTRICTED, filterable=True
    )
    transport_code: str = coded(
        "送达方式", "Transport", filled=_HUB, release=Release.RESTRICTED, filterable=True
    )
    started_at: datetime = recorded(
        "开始时间", "Started at", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    finished_at: datetime = recorded(
        "结束时间", "Finished at", release=Release.RESTRICTED, sortable=True, filterable=True
    )
    file_count: int = declared(
        "取到文件数",
        "Files fetched",
        filled=_HUB,
        release=Release.RESTRICTED,
        unit="个",
        filterable=True,
        sortable=True,
    )
    stop_code: str | None = coded(
        "失败代码",
        "Code of the failure",
        filled=_HUB,
        release=Release.RESTRICTED,
        note=("空：取数成功", "empty: the pull went well"),
        filterable=True,
    )
    stop_reason: str | None = declared(
        "失败原因", "Reason of the failure", filled=_HUB, release=Release.RESTRICTED
    )
