"""Coded values as people read them, by the column that holds them."""

from schema.declare import Label
from schema.identifiers import ApprovalKind, ApprovalOrigin
from schema.postal import ServiceMode
from schema.production import NoticeKind, Planning, StopCause
from schema.regions import RegionLevel
from schema.special_control import SpecialControl

CODES: dict[str, dict[str, Label]] = {
    "availability_code": {
        "in_stock": Label("有货", "In stock"),
        "out_of_stock": Label("无货", "Out of stock"),
        "unknown": Label("不详", "Not stated"),
    },
    "state_code": {
        "landed": Label("已收", "Landed"),
        "promoted": Label("已入库", "Promoted"),
        "held": Label("已扣留", "Held"),
        "refused": Label("已拒收", "Refused"),
    },
    "match_code": {
        "linked": Label("已对应", "Linked"),
        "waiting": Label("待人工", "Waiting"),
        "conflict": Label("各码矛盾", "Conflict"),
    },
    "level_code": {
        RegionLevel.COUNTRY: Label("全国", "Country"),
        RegionLevel.PROVINCE: Label("省级", "Province"),
        RegionLevel.CITY: Label("市级", "City"),
        RegionLevel.COUNTY: Label("县级", "County"),
    },
    "approval_origin_code": {
        ApprovalOrigin.DOMESTIC: Label("境内", "Domestic"),
        ApprovalOrigin.IMPORTED: Label("进口", "Imported"),
        ApprovalOrigin.HONG_KONG_MACAU_TAIWAN: Label("港澳台", "Hong Kong, Macau, Taiwan"),
    },
    "approval_kind_code": {
        ApprovalKind.CHEMICAL: Label("化学药品", "Chemical"),
        ApprovalKind.CHINESE_MEDICINE: Label("中药", "Chinese medicine"),
        ApprovalKind.BIOLOGICAL: Label("生物制品", "Biological"),
        ApprovalKind.IMPORT_REPACK: Label("进口分包装", "Repacked import"),
        ApprovalKind.FORMER_HEALTH: Label("原保健药品", "Former health medicine"),
        ApprovalKind.IN_VITRO_DIAGNOSTIC: Label("体外诊断试剂", "In-vitro diagnostic"),
        ApprovalKind.EXCIPIENT: Label("药用辅料", "Excipient"),
    },
    "special_control_code": {
        SpecialControl.NARCOTIC: Label("麻醉药品", "Narcotic"),
        SpecialControl.PSYCHOTROPIC_1: Label("第一类精神药品", "Psychotropic, class I"),
        SpecialControl.PSYCHOTROPIC_2: Label("第二类精神药品", "Psychotropic, class II"),
        SpecialControl.TOXIC: Label("医疗用毒性药品", "Toxic"),
        SpecialControl.RADIOACTIVE: Label("放射性药品", "Radioactive"),
        SpecialControl.PRECURSOR: Label("药品类易制毒化学品", "Precursor"),
    },
    "review_status_code": {
        "A": Label("已通过（A）", "Passed (A)"),
        "I": Label("未通过（I）", "Not yet passed (I)"),
    },
    "payment_standard_code": {
        "priced": Label("已公布", "Published"),
        "confidential": Label("保密", "Confidential"),
        "elsewhere": Label("见备注", "Stated elsewhere"),
        "none": Label("未定", "None"),
    },
    "notice_kind_code": {
        NoticeKind.STOP: Label("停产", "Production stops"),
        NoticeKind.SUSPEND: Label("暂停生产", "Production paused"),
        NoticeKind.REDUCE: Label("减产", "Production cut"),
        NoticeKind.RESUME: Label("复产", "Production resumes"),
    },
    "planning_code": {
        Planning.PLANNED: Label("计划", "Planned"),
        Planning.UNPLANNED: Label("非计划", "Not planned"),
    },
    "cause_code": {
        StopCause.DISASTER: Label("灾害或事故", "Disaster or accident"),
        StopCause.ENVIRONMENT: Label("环境保护要求", "Environmental requirements"),
        StopCause.QUALITY: Label("质量或生产规范整改", "Quality or good manufacturing practice"),
        StopCause.SUBSTANCE: Label("原料药、辅料或包装材料供应", "Supply of substances or materials"),
        StopCause.PRICE: Label("价格或成本", "Price or cost"),
        StopCause.DEMAND_SURGE: Label("需求增加、产能不足", "Demand beyond capacity"),
        StopCause.LOW_DEMAND: Label("需求不足", "Low demand"),
        StopCause.DISTRIBUTION: Label("配送流通", "Distribution"),
        StopCause.APPROVAL: Label("注册、变更或转让", "Registration, variation or transfer"),
        StopCause.RELOCATION: Label("搬迁或异地建厂", "Relocation"),
        StopCause.EQUIPMENT: Label("设备检修或改造", "Equipment"),
        StopCause.BUSINESS: Label("企业经营调整", "Business decision"),
        StopCause.OTHER: Label("其他", "Other"),
    },
    "service_mode_code": {
        ServiceMode.TO_THE_DOOR: Label("投递到户", "To the door"),
        ServiceMode.TO_THE_VILLAGE: Label("投递到村", "To the village"),
        ServiceMode.PICK_UP: Label("自提", "Picked up"),
        ServiceMode.CONTRACTOR: Label("委办投递", "By a contractor"),
    },
    "partnership_code": {
        "yes": Label("是", "Yes"),
        "no": Label("否", "No"),
        "unknown": Label("未写明", "Not stated"),
    },
    "pharmacy_link_code": {
        "licence": Label("许可证号一致", "By licence number"),
        "name": Label("同一区划内名称一致", "By name within the division"),
        "ambiguous": Label("不止一家，未对应", "More than one: not linked"),
        "conflict": Label("许可证号与名称不一致，未对应", "Licence and name disagree: not linked"),
        "unlinked": Label("未找到", "Not found"),
    },
    "cadence": {
        "daily": Label("每日", "Daily"),
        "weekly": Label("每周", "Weekly"),
        "monthly": Label("每月", "Monthly"),
        "yearly": Label("每年", "Yearly"),
    },
    "kind": {
        "text": Label("文本", "Text"),
        "integer": Label("整数", "Integer"),
        "decimal": Label("小数", "Decimal"),
        "date": Label("日期", "Date"),
        "instant": Label("时刻", "Instant"),
        "boolean": Label("是否", "Boolean"),
    },
}


def code_label(column: str, value: object) -> Label | None:
    """What a coded value means; None where the column is not coded or the value is not known."""
    return CODES.get(column, {}).get(str(value))
