"""Organisations, their names, and what they do: all but the changes of name is worked out of the other facts."""

from datetime import date
from typing import ClassVar

from sqlalchemy import Index

from schema.declare import Entity, Filled, Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date
from schema.entities.fact import Fact, fact_table
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_HUB = Filled.HUB


class OrganizationNameChange(Fact, table=True):
    """企业名称变更: a register says which name an organisation had until which day."""

    __tablename__ = "organization_name_change"
    __table_args__ = fact_table("organization_name_change", ("id",), ("uscc", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("企业名称变更", "Change of an organisation's name"),
        provider=Provider.DRUG_REGULATOR,
        plural="organization_name_changes",
        scope=Scope.REGISTRATION_READ,
        key=("id",),
        rows=EVERYBODY,
        relations=(ToOne("organization", Label("机构", "Organisation"), "Organization", "uscc", "uscc"),),
        dimensions=by_date("changed", "变更日期", "Changed", "changed_on"),
    )

    id: int = identifier(
        "变更标识", "Change identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    uscc: str = coded("统一社会信用代码", "Unified social credit code", release=Release.OPEN, filterable=True)
    former_name: str = declared("原名称", "Former name", release=Release.OPEN, filterable=True, sortable=True)
    name: str = declared("现名称", "Name since", release=Release.OPEN, filterable=True, sortable=True)
    changed_on: date = declared(
        "变更日期", "Changed on", release=Release.OPEN, filterable=True, sortable=True
    )


class Organization(Entity, table=True):
    """机构: one for each social credit code, and one for each name whose code nobody has told yet."""

    __tablename__ = "organization"
    __table_args__ = (
        Index("organization_by_uscc", "uscc", unique=True),
        Index("organization_by_name", "name", "id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("机构", "Organisation"),
        provider=Provider.DRUG_REGULATOR,
        plural="organizations",
        roots=Label(
            "机构：持有人、生产单位、药店连锁、医疗机构等", "Organisations: holders, makers, chains …"
        ),
        scope=Scope.REGISTRATION_READ,
        key=("id",),
        rows=EVERYBODY,
        relations=(
            ToMany("names", Label("名称", "Names that mean it"), "OrganizationName", "id", "organization_id"),
            ToMany(
                "aliases",
                Label("名称沿革", "Names it has or had"),
                "OrganizationAlias",
                "id",
                "organization_id",
            ),
            ToMany(
                "name_changes",
                Label("名称变更", "Changes of its name"),
                "OrganizationNameChange",
                "uscc",
                "uscc",
            ),
            ToMany(
                "production_reports",
                Label("生产报告", "Production reports"),
                "ProductionReport",
                "uscc",
                "uscc",
            ),
            ToMany("supply_notices", Label("停复产通知", "Supply notices"), "SupplyNotice", "uscc", "uscc"),
            ToMany(
                "institutions",
                Label("医疗机构登记", "Medical institutions that it is"),
                "Institution",
                "uscc",
                "uscc",
            ),
            ToMany("roles", Label("角色", "What it does"), "OrganizationRole", "id", "organization_id"),
        ),
        temporal=False,
    )

    id: int = identifier(
        "机构标识",
        "Organisation identifier",
        release=Release.OPEN,
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
    )
    uscc: str | None = coded(
        "统一社会信用代码",
        "Unified social credit code",
        release=Release.OPEN,
        filled=_HUB,
        filterable=True,
        note=("空为尚无来源写明", "empty: no source has told it yet"),
        sortable=True,
    )
    name: str = declared(
        "机构名称", "Name", release=Release.OPEN, filled=_HUB, filterable=True, sortable=True
    )


class OrganizationName(Entity, table=True):
    """机构名称: a name as registers write it, and the organisation it means."""

    __tablename__ = "organization_name"
    __table_args__ = (Index("organization_name_by_organization", "organization_id", "id"),)
    about: ClassVar[Subject] = Subject(
        label=Label("机构名称", "Name of an organisation"),
        provider=Provider.DRUG_REGULATOR,
        plural="organization_names",
        roots=Label("机构名称，含尚无代码或有矛盾者", "Names, those without a code or in conflict too"),
        scope=Scope.REGISTRATION_READ,
        key=("id",),
        rows=EVERYBODY,
        relations=(
            ToOne("organization", Label("机构", "Organisation"), "Organization", "organization_id", "id"),
            ToMany(
                "authorizations",
                Label("所持批准", "Authorisations held"),
                "Authorization",
                "id",
                "holder_name_id",
            ),
            ToMany("sites", Label("生产场地", "Manufacturing sites"), "ManufacturingSite", "id", "name_id"),
            ToMany(
                "substances",
                Label("原料药登记", "Substances registered"),
                "Substance",
                "id",
                "company_name_id",
            ),
            ToMany(
                "authorization_events",
                Label("成为持有人的批准事项", "Events that made it a holder"),
                "AuthorizationEvent",
                "id",
                "holder_name_id",
            ),
            ToMany("roles", Label("角色", "What the organisation does"), "OrganizationRole", "id", "name_id"),
        ),
        dimensions=(by("state", "名称状态", "What is known of the name", "name_state_code"),),
        temporal=False,
    )

    id: int = identifier(
        "名称标识",
        "Name identifier",
        release=Release.OPEN,
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
    )
    name: str = declared("名称", "Name", release=Release.OPEN, filled=_HUB, filterable=True, sortable=True)
    organization_id: int | None = identifier(
        "机构标识", "Organisation identifier", release=Release.OPEN, filterable=True
    )
    name_state_code: str = coded(
        "名称状态",
        "What is known of the name",
        release=Release.OPEN,
        filled=_HUB,
        filterable=True,
        note=(
            "identified 已知代码，uncoded 尚无代码，conflict 两个代码同用此名，均不采用",
            "its code is known, no code yet, or two codes claim it and neither is taken",
        ),
    )
    evidence: str | None = declared("依据", "Evidence", release=Release.RESTRICTED, filled=_HUB)


class OrganizationAlias(Entity, table=True):
    """名称沿革: a name that an organisation has or had, who says so, and when."""

    __tablename__ = "organization_alias"
    __table_args__ = (Index("organization_alias_by_organization", "organization_id", "id"),)
    about: ClassVar[Subject] = Subject(
        label=Label("名称沿革", "Name an organisation has or had"),
        provider=Provider.DRUG_REGULATOR,
        plural="organization_aliases",
        roots=Label("机构现用和曾用的名称及其时段", "Names that organisations have or had, and when"),
        scope=Scope.REGISTRATION_READ,
        key=("id",),
        rows=EVERYBODY,
        relations=(
            ToOne("organization", Label("机构", "Organisation"), "Organization", "organization_id", "id"),
        ),
        dimensions=(
            by("method", "来历", "How it is known", "method_code"),
            *by_date("from", "启用日期", "In use from", "from_on"),
        ),
        temporal=False,
    )

    id: int = identifier(
        "沿革标识",
        "Alias identifier",
        release=Release.OPEN,
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
    )
    organization_id: int = identifier(
        "机构标识", "Organisation identifier", release=Release.OPEN, filterable=True
    )
    name: str = declared("名称", "Name", release=Release.OPEN, filled=_HUB, filterable=True, sortable=True)
    from_on: date | None = declared(
        "启用日期", "In use from", release=Release.OPEN, filled=_HUB, filterable=True, sortable=True
    )
    to_on: date | None = declared(
        "停用日期", "In use until", release=Release.OPEN, filled=_HUB, filterable=True, sortable=True
    )
    method_code: str = coded(
        "来历",
        "How it is known",
        release=Release.OPEN,
        filled=_HUB,
        filterable=True,
        note=(
            "name_change 名称变更文件，report 报告方自报，register 注册数据",
            "a file of changes of name, the organisation's own report, or the register",
        ),
    )


class OrganizationRole(Entity, table=True):
    """机构角色: what the organisation of a name does, by the register that names it."""

    __tablename__ = "organization_role"
    __table_args__ = (Index("organization_role_by_organization", "organization_id", "name_id"),)
    about: ClassVar[Subject] = Subject(
        label=Label("机构角色", "What an organisation does"),
        provider=Provider.DRUG_REGULATOR,
        plural="organization_roles",
        roots=Label(
            "机构的角色：持有人、生产单位、配送企业等",
            "What organisations do: holders, makers, distributors …",
        ),
        scope=Scope.REGISTRATION_READ,
        key=("name_id", "role_code"),
        rows=EVERYBODY,
        relations=(
            ToOne("organization", Label("机构", "Organisation"), "Organization", "organization_id", "id"),
            ToOne("name", Label("名称", "Name"), "OrganizationName", "name_id", "id"),
        ),
        dimensions=(by("role", "角色", "Role", "role_code"),),
        temporal=False,
    )

    name_id: int = identifier(
        "名称标识",
        "Name identifier",
        release=Release.OPEN,
        sortable=True,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        filterable=True,
    )
    role_code: str = coded(
        "角色", "Role", release=Release.OPEN, filled=_HUB, filterable=True, sortable=True, primary_key=True
    )
    organization_id: int | None = identifier(
        "机构标识", "Organisation identifier", release=Release.OPEN, filterable=True
    )
