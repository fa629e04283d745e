"""Small lists of medicines and a small register that several tests send."""

from collections.abc import Sequence

LIST_HEADER = "清单类型,清单名称,行政区划代码,生效日期,文件名称,文号,药品名称,剂型,规格,批准文号,变动,原因"
REGISTER_HEADER = "批准文号,产品名称,剂型,规格,上市许可持有人"
SUBSTITUTION_HEADER = (
    "被替代药品,被替代药品剂型,替代药品,替代药品剂型,适用条件,依据,发布单位,文件名称,生效日期"
)
RESERVE_HEADER = "目录名称,行政区划代码,生效日期,文件名称,药品名称,剂型,承储单位,储备数量,数量单位"
#: the registered medicines of `register`
DIGOXIN = "国药准字H11029007"
DIGOXIN_INJECTION = "国药准字H11029008"
EPINEPHRINE = "国药准字H20069004"
NITROPRUSSIDE = "国药准字H44029001"
PROTAMINE = "国药准字H44029003"
REGISTER = (
    f"{DIGOXIN},地高辛片,片剂,0.25mg,演示甲",
    f"{DIGOXIN_INJECTION},地高辛注射液,注射剂,2ml:0.5mg,演示甲",
    f"{EPINEPHRINE},盐酸肾上腺素注射液,注射剂,1ml:1mg,演示乙",
    f"{NITROPRUSSIDE},注射用硝普钠,注射剂,50mg,演示乙",
    f"{PROTAMINE},硫酸鱼精蛋白注射液,注射剂,5ml:50mg；10ml:100mg,演示丙",
)


def register(*rows: str) -> str:
    """A file of the register."""
    return "\n".join((REGISTER_HEADER, *(rows or REGISTER))) + "\n"


def line(
    words: str,
    change: str = "",
    *,
    region: str = "440000",
    day: str = "2026-01-01",
    document: str = "演示公告",
) -> str:
    """A line of a version; `words`: name, form, strength, number; `change`: direction and reason."""
    name, form, strength, number = (*words.split("|"), "", "", "")[:4]
    direction, reason = (*change.split("|"), "")[:2]
    return (
        f"短缺药品清单,演示短缺药品清单,{region},{day},{document},演〔2026〕1号,"
        f"{name},{form},{strength},{number},{direction},{reason}"
    )


def version(words: Sequence[str], day: str = "2026-01-01", *further: str, region: str = "440000") -> str:
    """A version of a list that takes effect on a day; `further`: whole lines."""
    lines = (line(each, region=region, day=day) for each in words)
    return "\n".join((LIST_HEADER, *lines, *further)) + "\n"


def substitutions(*words: str) -> str:
    """A guide; `words`: from, its form, to, its form."""
    rest = "演示条件,演示依据,演示学会,演示指南,2026-01-01"
    return "\n".join((SUBSTITUTION_HEADER, *(f"{each.replace('|', ',')},{rest}" for each in words))) + "\n"


def reserve(*names: str, day: str = "2026-01-01", quantity: str = "100") -> str:
    """A version of a list of reserves."""
    lines = (f"演示储备目录,440000,{day},演示通知,{name},注射剂,演示医药公司,{quantity},支" for name in names)
    return "\n".join((RESERVE_HEADER, *lines)) + "\n"
