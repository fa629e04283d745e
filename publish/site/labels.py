"""Every text that a visitor of the site reads, Chinese and English side by side, under one key each."""

from schema.declare import Label

TEXTS: dict[str, Label] = {
    # frame
    "site.title": Label("短缺药品保供稳价公开数据", "Open data on medicines in short supply"),
    "site.skip": Label("跳到正文", "Skip to content"),
    "site.demo": Label(
        "演示数据：本站内容为演示用虚构数据，请勿据此购药或用药。",
        "Demonstration data: fictitious, not for buying or using medicines.",
    ),
    "nav.label": Label("主导航", "Main navigation"),
    "nav.home": Label("首页", "Home"),
    "nav.tables": Label("数据表", "Tables"),
    "nav.dictionary": Label("数据字典", "Dictionary"),
    "nav.about": Label("关于", "About"),
    "footer.release": Label("发布版本", "Release"),
    "footer.as_of": Label("数据截至", "Data as of"),
    "footer.source": Label("数据来源：保供数据交换平台各数据源", "Source: the feeds of the Baogong data hub"),
    "footer.licence": Label("许可：待发布单位确定", "Licence: to be determined by the publisher"),
    "footer.time_zone": Label("本站时间均为北京时间。", "All times are China Standard Time (UTC+8)."),
    "crumbs.label": Label("当前位置", "You are here"),
    # shared words
    "word.not_stated": Label("未提供", "not stated"),
    "word.empty": Label("（空）", "empty"),
    "word.yes": Label("是", "yes"),
    "word.no": Label("否", "no"),
    "word.row_link": Label("查看", "Open"),
    "word.count_rows": Label("{count} 行", "{count} rows"),
    "page.next": Label("下一页", "Next page"),
    "page.first": Label("回到第一页", "First page"),
    "page.navigation": Label("翻页", "Pages"),
    "source.heading": Label("数据来源", "Provenance"),
    "source.sentence": Label(
        "来源：{feed} 批次 {batch}，文件 {file} 第 {row} 行，SHA-256 {digest}",
        "Source: {feed}, batch {batch}, file {file}, row {row}; SHA-256 as above",
    ),
    "source.short": Label("批次 {batch} 第 {row} 行", "batch {batch}, row {row}"),
    "source.column": Label("来源", "Source"),
    "source.row": Label("数据行", "Data row"),
    # search
    "search.label": Label(
        "药名、拼音首字母、英文名或批准文号", "Name, pinyin initials, English name or approval number"
    ),
    "search.button": Label("查询", "Search"),
    "search.title": Label("查询药品", "Search medicines"),
    "search.found": Label("“{query}”：找到 {count} 个药品", "“{query}”: {count} medicines found"),
    "search.none": Label("没有找到“{query}”", "Nothing found for “{query}”"),
    "search.cut": Label(
        "查询词较长，只使用了前 {count} 个字符。",
        "The query is long; its first {count} characters were used.",
    ),
    "search.ask": Label("请输入至少一个字。", "Please enter at least one character."),
    "search.try": Label("可以试试：", "You might try:"),
    "search.try_short": Label(
        "只输入药名中的两三个字，例如“阿莫”", "two or three characters of the name, such as 阿莫"
    ),
    "search.try_initials": Label(
        "拼音首字母，例如“amxl”（阿莫西林）", "pinyin initials, such as amxl for 阿莫西林"
    ),
    "search.try_number": Label(
        "药盒上的批准文号，可以不写“国药准字”，只写开头也行，例如“H2019”",
        "the approval number on the pack, or its beginning, such as H2019",
    ),
    "search.on_sale": Label("有药店在售", "On sale"),
    # home
    "home.lead": Label(
        "查药品、看哪里在售、查每个数字的出处。",
        "Look up a medicine, where it is on sale, and where each figure comes from.",
    ),
    "home.content": Label("本次发布的内容", "In this release"),
    "home.stock_takes": Label("最近确认的药店", "Pharmacies confirmed most recently"),
    "home.tables": Label("浏览全部数据", "Browse all data"),
    "home.dictionary": Label("每个字段的含义见数据字典", "What each field means: the dictionary"),
    "home.about": Label("哪些内容不公开、如何引用", "What is not published, and how to cite"),
    # medicine
    "medicine.crumb": Label("药品", "Medicines"),
    "medicine.on_sale": Label("哪里在售", "Where it is on sale"),
    "medicine.special": Label(
        "本品属特殊管理药品（{kind}），依规不公开在售地点。如需使用，请凭处方向医疗机构咨询。",
        "This medicine is under special control ({kind}); where it is on sale is not published."
        " Please ask a medical institution.",
    ),
    "medicine.summary": Label(
        "本次发布的数据中，{region}有 {total} 家药店在售：有货 {in_stock}，无货 {out_of_stock}，不详 {unknown}。",
        "In this release {total} pharmacies in {region} list it: in stock {in_stock},"
        " out of stock {out_of_stock}, not stated {unknown}.",
    ),
    "medicine.none": Label(
        "本次发布的数据中，{region}没有药店在售本品的记录。没有记录不等于买不到。",
        "No pharmacy in {region} lists it in this release. No record does not mean that there is none.",
    ),
    "medicine.check_first": Label(
        "有货情况以药店最近一次确认为准，前往之前请先与药店核实。",
        "Availability is as the pharmacy last confirmed it; please check with the pharmacy before you go.",
    ),
    "medicine.events": Label("批准事项", "Events of the approval"),
    "medicine.supply_notices": Label("停复产通知", "Supply notices"),
    "medicine.supply_note": Label(
        "由持有人报告，日期和原因以其填报为准；原因为系统按原文归类。停产不等于已经买不到。",
        "As reported by the holder; causes are classed by the hub. A stop does not mean that there is none left.",
    ),
    "medicine.region": Label("地区", "Region"),
    "medicine.all_regions": Label("全部地区", "all regions"),
    "medicine.filter": Label("筛选", "Apply"),
    "medicine.pharmacy": Label("药店", "Pharmacy"),
    "medicine.confirmed": Label("最近确认", "Last confirmed"),
    "medicine.standard_codes": Label("药品本位码", "Standard codes"),
    # pharmacy
    "pharmacy.crumb": Label("药店", "Pharmacies"),
    "pharmacy.region": Label("所在地区", "Region"),
    "pharmacy.on_sale": Label("在售药品", "Medicines on sale"),
    "pharmacy.summary": Label("共 {count} 种，按名称排列。", "{count} items, by name."),
    "pharmacy.none": Label(
        "本次发布的数据中，没有该药店在售药品的记录。",
        "No medicine is listed for this pharmacy in this release.",
    ),
    "pharmacy.not_listed": Label(
        "价格、库存数量和特殊管理药品不公开。",
        "Prices, stock counts and medicines under special control are not published.",
    ),
    "pharmacy.medicine": Label("药品", "Medicine"),
    # batch
    "batch.title": Label("批次 {batch}", "Batch {batch}"),
    "batch.crumb": Label("批次", "Batches"),
    "batch.file": Label("收到的文件", "The file received"),
    "batch.sum": Label("行数核对", "The sum of rows"),
    "batch.sum_note": Label(
        "收到的每一行都有去处：读到的行数等于其余各项之和。",
        "Every row received is accounted for: rows read equal the sum of the others.",
    ),
    "batch.verify": Label(
        "用 SHA-256 校验值可以核对文件是否被改动。", "The SHA-256 shows whether a file was altered."
    ),
    # dictionary
    "dictionary.title": Label("数据字典", "Data dictionary"),
    "dictionary.lead": Label(
        "每张公开数据表的每个字段：名称、类型、单位和说明。",
        "Each field of each public table: its name, type, unit and note.",
    ),
    "dictionary.field": Label("字段", "Field"),
    "dictionary.name": Label("名称", "Label"),
    "dictionary.kind": Label("类型", "Type"),
    "dictionary.note": Label("说明", "Note"),
    "dictionary.unit": Label("单位：{unit}", "unit: {unit}"),
    # tables
    "tables.title": Label("数据表", "Tables"),
    "tables.lead": Label(
        "这里是发布的全部数据表。点开可以逐行浏览、筛选和排序。",
        "All tables of this release, to browse, filter and sort row by row.",
    ),
    "table.dictionary": Label("数据字典", "Data dictionary"),
    "table.table_count": Label("各表行数", "Rows of each table"),
    "table.filters": Label("筛选", "Filter"),
    "table.column": Label("选择字段", "choose a field"),
    "table.remove": Label("去掉此条件", "remove this filter"),
    "table.condition": Label("条件", "Condition"),
    "table.value": Label("值", "Value"),
    "table.apply": Label("应用", "Apply"),
    "table.matches": Label("符合条件 {count} 行", "{count} rows match"),
    "table.total": Label("共 {count} 行", "{count} rows"),
    "table.many": Label("行数较多，未逐一计数", "many rows, not counted"),
    "table.none": Label("没有符合条件的行。", "No row matches."),
    "table.this_page": Label("本页数据：", "This page as:"),
    "table.ascending": Label("升序", "ascending"),
    "table.descending": Label("降序", "descending"),
    "table.scroll": Label("数据表，可左右滚动", "Table, scrolls sideways"),
    # errors
    "error.404": Label("没有找到这个页面", "Page not found"),
    "error.404_hint": Label(
        "地址可能有误，或这条记录不在本次发布的数据中。可以重新查询：",
        "The address may be wrong, or the record is not in this release. Search again:",
    ),
    "error.400": Label("这个请求无法处理", "This request cannot be answered"),
    "error.400_hint": Label(
        "筛选或排序的条件有误，或查询用时过长。请减少条件后再试。",
        "A filter or sorting is not valid, or the query took too long. Please try fewer conditions.",
    ),
    "error.403": Label("这里不开放", "Not open"),
    "error.403_hint": Label(
        "公开站点不提供此功能。数据可以在数据表中浏览。",
        "The public site does not offer this. The data can be browsed in the tables.",
    ),
    "error.405": Label("公开站点只读", "The public site is read-only"),
    "error.500": Label("站点出错了", "Something went wrong"),
    "error.500_hint": Label("请稍后再试。", "Please try again later."),
    "error.no_medicine": Label(
        "没有批准文号为“{number}”的药品", "No medicine has the approval number “{number}”"
    ),
    "error.no_region": Label("没有代码为“{code}”的地区", "No region has the code “{code}”"),
}

#: Datasette's filter conditions, by its key
CONDITIONS: dict[str, Label] = {
    "exact": Label("等于", "="),
    "not": Label("不等于", "≠"),
    "contains": Label("包含", "contains"),
    "endswith": Label("结尾是", "ends with"),
    "startswith": Label("开头是", "starts with"),
    "gt": Label("大于", ">"),
    "gte": Label("大于等于", "≥"),
    "lt": Label("小于", "<"),
    "lte": Label("小于等于", "≤"),
    "in": Label("是其中之一（逗号分隔）", "one of"),
    "notin": Label("不在其中（逗号分隔）", "none of"),
    "date": Label("日期是", "on the date"),
    "isnull": Label("为空", "is empty"),
    "notnull": Label("不为空", "is not empty"),
    "isblank": Label("为空或空白", "is blank"),
    "notblank": Label("不为空白", "is not blank"),
}


def text_zh(key: str, **values: object) -> str:
    """The Chinese text under a key with its places filled; KeyError when there is none."""
    return TEXTS[key].zh.format(**values)


def text_en(key: str, **values: object) -> str:
    """The English text under a key with its places filled; KeyError when there is none."""
    return TEXTS[key].en.format(**values)
