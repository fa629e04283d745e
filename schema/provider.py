"""Whose data it is: the departments and trades whose systems the hub's rows come from."""

from enum import StrEnum


class Provider(StrEnum):
    """Who provides the rows of an entity, and is told by the audit how many of them went out to whom."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str, en: str) -> "Provider":
        """A code for programs, and a name for people."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh, member.en = zh, en
        return member

    DRUG_REGULATOR = "drug_regulator", "药品监督管理部门", "drug regulator"
    INDUSTRY = "industry", "工业和信息化部门", "industry department"
    HEALTHCARE_SECURITY = "healthcare_security", "医疗保障部门", "healthcare security"
    HEALTH = "health", "卫生健康部门", "health commission"
    PHARMACIES = "pharmacies", "药店", "pharmacies"
    POST = "post", "邮政", "the post"
    CIVIL_AFFAIRS = "civil_affairs", "民政部门", "civil affairs"
    #: what the hub itself keeps: books, judgements, what it found out
    HUB = "hub", "保供平台", "this hub"
