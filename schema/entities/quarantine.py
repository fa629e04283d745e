"""Faults, rows in quarantine, and what settled them. All are only ever added to."""

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
    identifier,
    recorded,
)
from schema.entities.dimensions import by, by_date
from schema.provider import Provider
from schema.rows import BY_SENDER, Through, limited
from schema.scopes import Scope

_HUB = Filled.HUB
#: batches are open, what is wrong in their rows is the sender's
_OF_BATCH = Through("Batch", "batch_id", "id", BY_SENDER)


class Fault(Entity, table=True):
    """问题行: what in a row could not be understood; the row waits in quarantine."""

    __tablename__ = "fault"
    __table_args__ = (Index("fault_by_row", "row_id"), Index("fault_by_code", "code", "row_id"))
    about: ClassVar[Subject] = Subject(
        label=Label("问题行", "Fault"),
        provider=Provider.HUB,
        plural="faults",
        roots=Label("问题：哪一行、哪一列、原文和提示", "Faults: which row and column, the text and a hint"),
        scope=Scope.FEED_RAW_READ,
        key=("batch_id", "row_number", "ordinal"),
        rows=limited(_OF_BATCH),
        relations=(
            ToOne("batch", Label("批次", "Batch"), "Batch", "batch_id", "id"),
            # nothing where it is a notice: the row came in
            ToOne("row", Label("隔离行", "Row in quarantine"), "QuarantinedRow", "row_id", "id"),
            ToOne("settlement", Label("重新入库", "Settlement"), "FaultSettlement", "row_id", "row_id"),
        ),
        dimensions=(
            by("code", "问题代码", "Fault code", "code"),
            by("notice", "仅为提示", "Whether only a notice", "is_notice"),
            by("column_name", "列名", "Column", "column_name"),
            by("batch", "批次", "Batch", "batch_id"),
            by("feed", "数据源", "Feed", "feed_code", "batch"),
            by("sender", "发送方", "Sender", "sender_code", "batch"),
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
        sortable=True,
        filterable=True,
    )
    row_number: int = declared(
        "行号",
        "Row number",
        filled=_HUB,
        release=Release.RESTRICTED,
        primary_key=True,
        sortable=True,
        filterable=True,
    )
    ordinal: int = declared(
        "行内序号",
        "Number within the row",
        filled=_HUB,
        release=Release.RESTRICTED,
        primary_key=True,
        sortable=True,
    )
    code: str = coded("问题代码", "Fault code", filled=_HUB, release=Release.RESTRICTED, filterable=True)
    is_notice: bool = declared(
        "仅为提示",
        "Whether only a notice",
        filled=_HUB,
        release=Release.RESTRICTED,
        filterable=True,
        note=("提示不影响该行入库", "a notice does not keep the row out"),
    )
    column_name: str | None = declared(
        "列名", "Column", filled=_HUB, release=Release.RESTRICTED, filterable=True
    )
    found_text: str | None = declared("原文", "Text found", filled=_HUB, release=Release.RESTRICTED)
    hint: str = declared("说明", "Hint", filled=_HUB, release=Release.RESTRICTED)
    row_id: int = identifier("隔离行标识", "Row in quarantine", release=Release.RESTRICTED, filterable=True)


class QuarantinedRow(Entity, table=True):
    """隔离行: a row of a file that is kept out because something in it could not be understood."""

    __tablename__ = "quarantined_row"
    __table_args__ = (
        Index("quarantined_row_by_batch", "batch_id", "row_number"),
        Index("quarantined_row_of_batch", "batch_id", "id"),
        Index("quarantined_row_by_identity", "subject_code", "identity"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("隔离行", "Row in quarantine"),
        provider=Provider.HUB,
        plural="quarantined_rows",
        roots=Label("隔离的行", "Rows that were kept out"),
        scope=Scope.FEED_RAW_READ,
        key=("id",),
        rows=limited(_OF_BATCH),
        relations=(
            ToOne("batch", Label("批次", "Batch"), "Batch", "batch_id", "id"),
            ToMany("faults", Label("问题行", "Faults"), "Fault", "id", "row_id"),
            ToOne("settlement", Label("重新入库", "Settlement"), "FaultSettlement", "id", "row_id"),
        ),
        dimensions=(
            by("subject", "记录类别", "Kind of record", "subject_code"),
            by("feed", "数据源", "Feed", "feed_code", "batch"),
            by("sender", "发送方", "Sender", "sender_code", "batch"),
            by("settled_by", "重新入库方式", "How it was settled", "method_code", "settlement"),
        ),
        temporal=False,
    )

    id: int = identifier(
        "隔离行标识",
        "Identifier",
        release=Release.RESTRICTED,
        primary_key=True,
        sortable=True,
        note=("由批次与行号推得", "derived from batch and row number"),
        filterable=True,
    )
    batch_id: int = declared(
        "批次", "Batch", filled=_HUB, release=Release.RESTRICTED, foreign_key="batch.id", filterable=True
    )
    row_number: int = declared(
        "行号", "Row number", filled=_HUB, release=Release.RESTRICTED, filterable=True, sortable=True
    )
    subject_code: str = coded(
        "记录类别",
        "Kind of record",
        filled=_HUB,
        release=Release.RESTRICTED,
        filterable=True,
        note=("该行应成为哪张表的记录", "the table that the row is a record of"),
    )
    identity: str = coded(
        "行的标识",
        "What the row is about",
        filled=_HUB,
        release=Release.RESTRICTED,
        note=(
            "key: 自然键可辨；sha256: 键不可辨，以内容计；row: 本字段启用之前的行",
            "key: its natural key; sha256: of its content, where the key is not understood; row: from before",
        ),
    )


class FaultSettlement(Entity, table=True):
    """重新入库: a row in quarantine came in after all, or a later row said the same thing rightly."""

    __tablename__ = "fault_settlement"
    __table_args__ = (
        Index("fault_settlement_by_batch", "batch_id", "row_id"),
        Index("fault_settlement_by_cause", "cause_batch_id", "row_id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("重新入库", "Settlement of a row in quarantine"),
        provider=Provider.HUB,
        plural="fault_settlements",
        scope=Scope.FEED_RAW_READ,
        key=("row_id",),
        rows=limited(Through("QuarantinedRow", "row_id", "id")),
        relations=(
            ToOne("first", Label("原隔离行", "Row as it first came"), "QuarantinedRow", "row_id", "id"),
            ToOne("batch", Label("入库批次", "Batch that has it now"), "Batch", "batch_id", "id"),
            ToOne("cause", Label("起因批次", "Batch that brought it about"), "Batch", "cause_batch_id", "id"),
            ToMany("faults", Label("问题行", "Faults of the row"), "Fault", "row_id", "row_id"),
        ),
        dimensions=(
            by("method", "方式", "How", "method_code"),
            by("feed", "数据源", "Feed", "feed_code", "batch"),
            *by_date("settled", "入库时间", "Settled", "settled_at"),
        ),
        temporal=False,
    )

    row_id: int = identifier(
        "隔离行标识",
        "Row in quarantine",
        release=Release.RESTRICTED,
        primary_key=True,
        foreign_key="quarantined_row.id",
        filterable=True,
        sortable=True,
    )
    method_code: str = coded(
        "方式",
        "How",
        filled=_HUB,
        release=Release.RESTRICTED,
        note=(
            "restated 后来的行说明了同一事项，reentered 原行重读后入库",
            "restated by a later row about the same thing, or reentered: the row itself, read again",
        ),
        filterable=True,
    )
    batch_id: int = declared(
        "入库批次",
        "Batch that has it now",
        filled=_HUB,
        release=Release.RESTRICTED,
        foreign_key="batch.id",
        filterable=True,
    )
    row_number: int = declared("入库行号", "Row that has it now", filled=_HUB, release=Release.RESTRICTED)
    cause_batch_id: int = declared(
        "起因批次",
        "Batch that brought it about",
        filled=_HUB,
        release=Release.RESTRICTED,
        foreign_key="batch.id",
        note=(
            "更正文件，或带来新门店、新区划的文件",
            "the corrected file, or the one with the new store or division",
        ),
        filterable=True,
    )
    settled_at: datetime = recorded(
        "入库时间", "Settled at", release=Release.RESTRICTED, filterable=True, sortable=True
    )
