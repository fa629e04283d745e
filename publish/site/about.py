"""What the site says about itself: what it is, what is held back and why, how to cite."""

from schema.declare import Label

#: sections of the page "about": heading and paragraphs; `{id}`, `{date}` and `{title}` are the release's
ABOUT: tuple[tuple[Label, tuple[Label, ...]], ...] = (
    (
        Label("这是什么", "What this is"),
        (
            Label(
                "本站公开短缺药品保供稳价工作中可以向社会公开的数据：药品注册信息、停产和复产通知、药店及其在售药品。"
                "数据按批次接收、核对，再以不可更改的版本发布。",
                "What the public may know of the work on medicines in short supply: registered medicines, notices of"
                " stops and resumptions, pharmacies and what they have on sale. Data come in batches, are checked, and"
                " are published as sealed releases.",
            ),
            Label(
                "每一行都注明来自哪个批次、哪个文件的第几行，收到的文件可以用 SHA-256 校验值核对。",
                "Each row names its batch, file and row; a received file can be checked by its SHA-256.",
            ),
        ),
    ),
    (
        Label("哪些内容不公开，为什么", "What is not published, and why"),
        (
            Label(
                "价格：药店申报的零售价涉及商业秘密，公开实时价格也可能被用来串通涨价。",
                "Prices: they are commercially confidential, and could be used to collude.",
            ),
            Label(
                "库存数量：只公开有货、无货或不详。精确数量属于商业秘密，也可能引发抢购。",
                "Stock counts: only in stock, out of stock or not stated; exact counts are confidential and could"
                " set off panic buying.",
            ),
            Label(
                "产量、计划和库存，停产原因的原文，原料药供应商：属企业商业秘密；停产只公开药品、日期和原因类别。",
                "Output, plans and stocks, a holder's own words about a stop, suppliers of substances: commercially"
                " confidential. Of a stop only the medicine, its days and the class of its cause are published.",
            ),
            Label(
                "特殊管理药品的在售地点：麻醉药品、精神药品、医疗用毒性药品、放射性药品和药品类易制毒化学品存放在哪里，"
                "关系公共安全，一律不公开。",
                "Where medicines under special control are kept: narcotic, psychotropic, toxic and radioactive"
                " medicines and precursors are a matter of public safety.",
            ),
            Label(
                "尚未确认对应到注册药品的药店商品，其在售记录暂不公开，以免误导。",
                "Items not yet recognised as a registered medicine are held back so as not to mislead.",
            ),
        ),
    ),
    (
        Label("使用时请注意", "Please note"),
        (
            Label(
                "有货情况以药店最近一次确认为准。“不详”表示药店没有说明，不等于有货，也不等于无货。",
                "Availability is as last confirmed. “Not stated” means neither in stock nor out of stock.",
            ),
            Label(
                "本站不提供用药建议。用药请遵医嘱。",
                "This site gives no medical advice; please ask your doctor.",
            ),
        ),
    ),
    (
        Label("如何引用", "How to cite"),
        (
            Label(
                "《{title}》，发布版本 {id}，数据截至 {date}。",
                "Open data on medicines in short supply, release {id}, data as of {date}.",
            ),
            Label(
                "引用时请写明发布版本：同一版本的内容永远不变。",
                "Please name the release: its content never changes.",
            ),
        ),
    ),
)
