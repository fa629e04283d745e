"""Registrations of active substances (原料药登记): who may supply what medicines are made of."""

from datetime import date
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
)
from schema.entities.dimensions import by, by_date, by_medicine
from schema.entities.fact import Fact, fact_table
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_KEY = ("id",)


class Substance(Fact, table=True):
    """原料药登记."""

    __tablename__ = "substance"
    __table_args__ = fact_table(
        "substance", _KEY, ("registration_number",), ("name_zh", "id"), ("company_name_id", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("原料药登记", "Registration of an active substance"),
        provider=Provider.DRUG_REGULATOR,
        plural="substances",
        roots=Label(
            "原料药登记，含与制剂共同审评审批结果", "Registrations of active substances, with their status"
        ),
        scope=Scope.REGISTRATION_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne(
                "company",
                Label("登记企业名称", "Name of the company"),
                "OrganizationName",
                "company_name_id",
                "id",
            ),
            ToMany(
                "products", Label("关联药品", "Medicines it is in"), "SubstanceProduct", "id", "substance_id"
            ),
        ),
        dimensions=(
            by("substance", "品种名称", "Substance", "name_zh"),
            by("company", "企业名称", "Company", "company_name"),
            by("organization", "机构标识", "Organisation, by identifier", "organization_id", "company"),
            by("origin", "产品来源", "Origin", "origin_name"),
            by("review_status", "审评审批结果", "Result of the joint review", "review_status_code"),
            by("status", "登记状态", "Status", "status_code"),
            *by_date("updated", "更新日期", "Updated", "updated_on"),
        ),
    )

    id: int = identifier(
        "原料药标识", "Substance identifier", release=Release.OPEN, sortable=True, filterable=True
    )
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
    company_name: str | None = declared(
        "企业名称", "Company", release=Release.OPEN, filterable=True, sortable=True
    )
    company_name_id: int | None = identifier(
        "企业名称标识", "Identifier of the company's name", release=Release.OPEN, filterable=True
    )
    origin_name: str | None = declared("产品来源", "Origin", release=Release.OPEN, filterable=True)
    package_specification: str | None = declared("包装规格", "Package", release=Release.OPEN)
    updated_on: date | None = declared(
        "更新日期", "Updated on", release=Release.OPEN, filterable=True, sortable=True
    )
    review_status_code: str = coded(
        "与制剂共同审评审批结果",
        "Result of the joint review",
        release=Release.OPEN,
        filterable=True,
        note=("A 已通过，I 未通过", "A: passed with a medicine; I: not yet"),
    )
    status_code: str | None = coded(
        "登记状态",
        "Status of the registration",
        release=Release.OPEN,
        filterable=True,
        note=(
            "用词同药品批准；空为来源未写明",
            "in the words of authorisations; empty: the source does not say",
        ),
    )
    related_approvals: str | None = declared(
        "关联制剂", "Medicines it is in", release=Release.OPEN, filterable=True, note=("原文", "as received")
    )


class SubstanceProduct(Entity, table=True):
    """原料药与制剂: a registered substance is in a medicine, and how that is known. The hub works it out."""

    __tablename__ = "substance_product"
    __table_args__ = (Index("substance_product_by_product", "product_id", "substance_id"),)
    about: ClassVar[Subject] = Subject(
        label=Label("原料药与制剂", "Substance of a medicine"),
        provider=Provider.DRUG_REGULATOR,
        plural="substance_products",
        roots=Label("原料药与用它的药品", "Active substances and the medicines made of them"),
        scope=Scope.REGISTRATION_READ,
        key=("substance_id", "product_id"),
        rows=EVERYBODY,
        relations=(
            ToOne(
                "substance",
                Label("原料药登记", "Registration of the substance"),
                "Substance",
                "substance_id",
                "id",
            ),
            ToOne("product", Label("药品", "Medicinal product"), "Product", "product_id", "id"),
        ),
        dimensions=(
            by("method", "关联方法", "How it is known", "method_code"),
            by("substance", "品种名称", "Substance", "name_zh", "substance"),
            *by_medicine("product"),
        ),
        temporal=False,
    )

    substance_id: int = identifier(
        "原料药标识",
        "Substance identifier",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
    )
    product_id: int = identifier(
        "药品标识",
        "Product identifier",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
    )
    method_code: str = coded(
        "关联方法",
        "How it is known",
        release=Release.OPEN,
        filled=Filled.HUB,
        filterable=True,
        note=(
            "stated 登记写明批准文号，name 药名去掉剂型后与原料药名全同（同一原料药，未必此来源）",
            "stated: the registration names the approval number; name: the same substance, perhaps another source",
        ),
    )
