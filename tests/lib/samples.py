"""Small files that several tests send."""

import csv
import io
from collections.abc import Mapping

#: two approvals in the table layout
APPROVALS = "批准文号,产品名称,规格\n国药准字H20059001,注射用硝普钠,50mg\n国药准字H11029007,地高辛片,0.25mg\n"

#: a social credit code that is nobody's: no division has the code 999999
HOLDER = "91999999MA0000000K"


def stores(*codes: str) -> str:
    """A chain's file of stores in Tianhe, Guangzhou."""
    rows = "".join(f"{code},演示药店{code},440106\n" for code in codes)
    return f"门店编码,门店名称,行政区划代码\n{rows}"


def stock_take(*rows: str) -> str:
    """A chain's stock-take."""
    lines = "\n".join(("门店编码,商品编码,通用名,规格,批准文号,零售价,库存", *rows))
    return f"{lines}\n"


def monthly_report(*rows: Mapping[str, object]) -> str:
    """A month's report as CSV; the first row's keys are the header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def institutions(*codes: str, public: str = "是") -> str:
    """A health platform's register of institutions in Tianhe, Guangzhou."""
    rows = "".join(f"{code},演示医院{code},{public},440106\n" for code in codes)
    return f"医疗机构代码,医疗机构名称,是否公立,行政区划代码\n{rows}"


def formulary(*rows: str) -> str:
    """A health platform's list of what institutions keep."""
    lines = "\n".join(("医疗机构代码,药品统一编码,通用名,规格,批准文号,供应情况,库存", *rows))
    return f"{lines}\n"
