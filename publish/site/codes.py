"""Coded values as people read them, by the column that holds them."""

from schema.authorizations import AuthorizationStatus, EventKind
from schema.cadence import Cadence
from schema.declare import Label
from schema.identifiers import ApprovalKind, ApprovalOrigin
from schema.organizations import NameState, Role
from schema.postal import ServiceMode
from schema.procurement import PriceState, PurchaseMode
from schema.production import NoticeKind, Planning, StopCause
from schema.regions import RegionLevel
from schema.special_control import SpecialControl

CODES: dict[str, dict[str, Label]] = {
    "availability_code": {
        "in_stock": Label("有货", "In stock"),
        "out_of_stock": Label("无货", "Out of stock"),
        "unknown": Label("不详", "Not stated"),
    },
    "stock_band_code": {
        "in_stock": Label("有货", "In stock"),
        "few": Label("少量", "Few"),
        "out_of_stock": Label("无货", "Out of stock"),
        "unknown": Label("不详", "Not stated"),
    },
    "state_code": {
        "landed": Label("已收", "Landed"),
        "promoted": Label("已入库", "Promoted"),
        "held": Label("已扣留", "Held"),
        "refused": Label("已拒收", "Refused"),
    },
    "kind_code": {
        "ean13": Label("条码", "Bar code"),
        "trace_prefix": Label("追溯码标识", "Trace prefix"),
    },
    "match_code": {
        "linked": Label("已对应", "Linked"),
        "waiting": Label("待人工", "Waiting"),
        "conflict": Label("各码矛盾", "Conflict"),
        "concept": Label("只知品种", "Concept only"),
        "none": Label("不是注册药品", "No registered medicine"),
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
    "status_code": {
        AuthorizationStatus.VALID: Label("有效", "Valid"),
        AuthorizationStatus.EXPIRED: Label("已过期", "Expired"),
        AuthorizationStatus.SUSPENDED: Label("暂停", "Suspended"),
        AuthorizationStatus.CANCELLED: Label("注销", "Cancelled"),
        AuthorizationStatus.REVOKED: Label("撤销", "Revoked"),
    },
    "event_kind_code": {
        EventKind.ISSUE: Label("批准", "Issued"),
        EventKind.RENEWAL: Label("再注册", "Renewed"),
        EventKind.REISSUE: Label("换发", "Reissued under another number"),
        EventKind.HOLDER_TRANSFER: Label("持有人变更", "Holder changed"),
        EventKind.SUPPLEMENT: Label("补充申请", "Supplement"),
        EventKind.CANCELLATION: Label("注销", "Cancelled"),
        EventKind.REVOCATION: Label("撤销", "Revoked"),
    },
    "name_state_code": {
        NameState.IDENTIFIED: Label("已知代码", "Code known"),
        NameState.UNCODED: Label("尚无代码", "No code yet"),
        NameState.CONFLICT: Label("代码矛盾", "Codes in conflict"),
    },
    "role_code": {
        Role.HOLDER: Label("上市许可持有人", "Holder"),
        Role.MANUFACTURER: Label("生产单位", "Manufacturer"),
        Role.SUBSTANCE_SUPPLIER: Label("原料药企业", "Supplier of substances"),
        Role.DISTRIBUTOR: Label("配送企业", "Distributor"),
        Role.INSTITUTION: Label("医疗机构", "Institution"),
        Role.PHARMACY: Label("药店连锁", "Pharmacy chain"),
        Role.POSTAL: Label("邮政", "Post"),
        Role.PLATFORM: Label("采购平台", "Procurement platform"),
    },
    "method_code": {
        "name_change": Label("名称变更文件", "File of changes of name"),
        "report": Label("报告方自报", "Own report"),
        "register": Label("注册数据", "Register"),
        "stated": Label("登记写明", "Stated in the registration"),
        "name": Label("药名全同", "Name equal to the letter"),
    },
    "payment_standard_code": {
        "priced": Label("已公布", "Published"),
        "confidential": Label("保密", "Confidential"),
        "elsewhere": Label("见备注", "Stated elsewhere"),
        "none": Label("未定", "None"),
    },
    "price_state_code": {
        PriceState.STATED: Label("已载明", "Stated"),
        PriceState.ZERO: Label("标为零", "Zero"),
        PriceState.CONFIDENTIAL: Label("保密", "Confidential"),
        PriceState.MISSING: Label("未载明", "Missing"),
    },
    "mode_code": {
        PurchaseMode.VOLUME_BASED: Label("集采", "Volume-based procurement"),
        PurchaseMode.NEGOTIATED: Label("国家谈判", "Negotiated"),
        PurchaseMode.LISTED: Label("挂网", "Listed"),
        PurchaseMode.FILED: Label("备案", "Filed"),
        PurchaseMode.BARGAINED: Label("议价", "Bargained"),
        PurchaseMode.TENDERED: Label("招标", "Tendered"),
        PurchaseMode.DESIGNATED: Label("定点生产", "Designated"),
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
    "cadence": {cadence.value: cadence.label for cadence in Cadence},
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
