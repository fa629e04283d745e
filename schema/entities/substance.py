"""Registrations of active substances (原料药登记): who may supply what medicines are made of."""

from datetime import date
from typing import ClassVar

from schema.declare import Label, Release, Subject, coded, declared, identifier
from schema.entities.fact import Fact, fact_table
from schema.scopes import Scope

_KEY = ("id",)


class Substance(Fact, table=True):
    """原料药登记."""

    __tablename__ = "substance"
    __table_args__ = fact_table("substance", _KEY, ("registration_number",), ("name_zh", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("原料药登记", "Registration of an active substance"),
        scope=Scope.REGISTRATION_READ,
        key=_KEY,
    )

    id: int = identifier("原料药标识", "Substance identifier", release=Release.OPEN, sortable=True)
    registration_number: str = coded(
        "登记号",
        "Registration number",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        note=(
            "Y 加 4 位年份、7 位流水号；形状不同只作提示",
            "Y, year of 4 and serial of 7 digits; another shape is only a notice",
        ),
    )
    name_zh: str = declared("品种名称", "Substance", release=Release.OPEN, filterable=True, sortable=True)
    company_name: str | None = declared("企业名称", "Company", release=Release.OPEN, filterable=True)
    origin_name: str | None = declared("产品来源", "Origin", release=Release.OPEN, filterable=True)
    package_specification: str | None = declared("包装规格", "Package", release=Release.OPEN)
    updated_on: date | None = declared("更新日期", "Updated on", release=Release.OPEN, filterable=True)
    review_status_code: str = coded(
        "与制剂共同审评审批结果",
        "Result of the joint review",
        release=Release.OPEN,
        filterable=True,
        note=("A 已通过，I 未通过", "A: passed with a medicine; I: not yet"),
    )
    related_approvals: str | None = declared(
        "关联制剂", "Medicines it is in", release=Release.OPEN, filterable=True, note=("原文", "as received")
    )
