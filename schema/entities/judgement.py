"""People's judgements of what an item is. Append-only: a judgement is withdrawn by a row of its own, never changed."""

from datetime import datetime
from typing import Any, ClassVar

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
    instant,
)
from schema.entities.dimensions import by, by_date, by_medicine
from schema.provider import Provider
from schema.reach import OwnerKind
from schema.rows import OwnedBy, Through, limited
from schema.scopes import Scope

_REST: dict[str, Any] = {"filled": Filled.HUB, "release": Release.RESTRICTED}


def _judged(name: str, zh: str, en: str, target: str) -> ToMany:
    """Items whose link rests on the judgement: none once it is withdrawn."""
    return ToMany(name, Label(f"依此对应的{zh}", f"{en} linked by it"), target, "id", "match_judgement_id")


class Judgement(Entity, table=True):
    """人工判定: a person says which registered medicine an item is, or that it is none."""

    __tablename__ = "judgement"
    __table_args__ = (
        Index("judgement_by_item", "item_kind", "item_key", "id"),
        Index("judgement_by_product", "product_id", "id"),
        Index("judgement_by_date", "decided_at"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("人工判定", "Judgement of an item"),
        provider=Provider.HUB,
        plural="judgements",
        roots=Label("人工判定，含已撤回的", "Judgements of items by people, withdrawn ones too"),
        scope=Scope.IDENTITY_READ,
        key=("id",),
        rows=limited(OwnedBy(OwnerKind.SENDER, "sender_code"), of_every_region=True),
        relations=(
            ToOne(
                "product", Label("判定的药品", "Medicine it was judged to be"), "Product", "product_id", "id"
            ),
            ToOne("withdrawal", Label("撤回", "Withdrawal"), "JudgementWithdrawal", "id", "judgement_id"),
            _judged("packs", "包装", "Packs", "PackagedProduct"),
            _judged("local_items", "药店商品", "Pharmacies' items", "LocalItem"),
            _judged("institution_items", "医疗机构药品", "Institutions' items", "InstitutionItem"),
            _judged("platform_products", "平台产品", "Platforms' products", "PlatformProduct"),
            _judged("filed_purchases", "备案采购", "Filed purchases", "FiledPurchase"),
            _judged("production_reports", "生产报告", "Production reports", "ProductionReport"),
            _judged("supply_notices", "停复产通知", "Supply notices", "SupplyNotice"),
        ),
        dimensions=(
            by("kind", "对象类别", "Kind of item", "item_kind"),
            by("verdict", "判定", "Verdict", "verdict_code"),
            *by_date("decided", "判定时间", "Decided", "decided_at"),
            *by_medicine("product"),
        ),
        temporal=False,
        release=Release.RESTRICTED,
    )

    id: int = declared(
        "判定编号",
        "Judgement",
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
        **_REST,
    )
    item_kind: str = coded(
        "对象类别",
        "Kind of item",
        filterable=True,
        note=(
            "local_item 药店商品，production_report 生产报告，supply_notice 停复产通知等",
            "table of the item",
        ),
        **_REST,
    )
    item_key: str = coded(
        "对象",
        "Item",
        filterable=True,
        note=("发送方及其编码，JSON 数组", "its sender and codes, as a JSON array"),
        **_REST,
    )
    sender_code: str = coded(
        "发送方代码",
        "Sender code",
        filterable=True,
        note=("对象是谁的", "whose the item is"),
        **_REST,
    )
    verdict_code: str = coded(
        "判定",
        "Verdict",
        filterable=True,
        note=("product 是所指药品，none 不是注册药品", "it is the product named, or no registered medicine"),
        **_REST,
    )
    product_id: int | None = identifier(
        "药品标识", "Product identifier", release=Release.RESTRICTED, filterable=True
    )
    decided_by: str = declared("判定人", "Decided by", filterable=True, **_REST)
    reason: str = declared("理由", "Reason", **_REST)
    decided_at: datetime = instant("判定时间", "Decided at", filterable=True, sortable=True, **_REST)


class JudgementWithdrawal(Entity, table=True):
    """判定撤回: a judgement no longer stands; the graph is as if it had never been made."""

    __tablename__ = "judgement_withdrawal"
    __table_args__ = (Index("judgement_withdrawal_by_date", "decided_at"),)
    about: ClassVar[Subject] = Subject(
        label=Label("判定撤回", "Withdrawal of a judgement"),
        provider=Provider.HUB,
        plural="judgement_withdrawals",
        scope=Scope.IDENTITY_READ,
        key=("judgement_id",),
        rows=limited(Through("Judgement", "judgement_id", "id"), of_every_region=True),
        relations=(ToOne("judgement", Label("人工判定", "Judgement"), "Judgement", "judgement_id", "id"),),
        dimensions=by_date("decided", "撤回时间", "Withdrawn", "decided_at"),
        temporal=False,
        release=Release.RESTRICTED,
    )

    judgement_id: int = declared(
        "判定编号",
        "Judgement",
        primary_key=True,
        foreign_key="judgement.id",
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
        **_REST,
    )
    decided_by: str = declared("撤回人", "Withdrawn by", filterable=True, **_REST)
    reason: str = declared("撤回理由", "Reason of the withdrawal", **_REST)
    decided_at: datetime = instant("撤回时间", "Withdrawn at", filterable=True, **_REST)
