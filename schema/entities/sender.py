"""The registry of senders: who each code of a sender stands for, and which division it is registered in."""

from typing import ClassVar

from sqlalchemy import Index

from schema.declare import Entity, Filled, Label, Release, Subject, ToOne, coded, declared
from schema.entities.dimensions import by_region
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_HUB = Filled.HUB


class Sender(Entity, table=True):
    """发送方: who sends under a code. One that is not registered is of no known division."""

    __tablename__ = "sender"
    __table_args__ = (Index("sender_by_region", "region_code", "code"),)
    about: ClassVar[Subject] = Subject(
        label=Label("发送方", "Sender"),
        plural="senders",
        roots=Label("已登记的发送方及其区划", "Senders on record, and their divisions"),
        scope=Scope.FEED_READ,
        key=("code",),
        provider=Provider.HUB,
        rows=EVERYBODY,
        relations=(
            ToOne(
                "region", Label("登记区划", "Division it is registered in"), "Region", "region_code", "code"
            ),
        ),
        dimensions=by_region(),
        temporal=False,
        release=Release.RESTRICTED,
    )

    code: str = coded(
        "发送方代码",
        "Sender code",
        filled=_HUB,
        release=Release.RESTRICTED,
        primary_key=True,
        sortable=True,
        filterable=True,
    )
    name: str = declared(
        "名称", "Name", filled=_HUB, release=Release.RESTRICTED, filterable=True, sortable=True
    )
    region_code: str | None = coded(
        "登记区划代码",
        "Code of the division",
        filled=_HUB,
        release=Release.RESTRICTED,
        filterable=True,
        sortable=True,
        note=(
            "其数据不能另行归入区划者归此；全国为 000000",
            "where its rows belong that tell no division themselves; 000000 is the whole country",
        ),
    )
    uscc: str | None = coded(
        "统一社会信用代码",
        "Unified social credit code",
        filled=_HUB,
        release=Release.RESTRICTED,
        filterable=True,
    )
