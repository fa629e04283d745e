"""Small lists that several tests send."""

ESSENTIAL_HEADER = "目录类别,序号,重复标记,分类,功能,品种名称,英文名称,剂型、规格,备注"
INSURANCE_HEADER = "部分,药品分类代码,药品分类,甲乙类,编号,药品名称,剂型,医保支付标准,备注,协议有效期"


def essential(number: int, forms: str = "片剂：5mg 、10mg", name: str = "") -> str:
    """A line of the list of essential medicines."""
    return f"化学药品和生物制品,{number},,（一）某类,,{name or f'某药{number:02d}'},Drug {number},{forms},"


def essentials(*lines: str) -> str:
    """A list of essential medicines: twenty lines, and these."""
    return "\n".join((ESSENTIAL_HEADER, *(essential(number) for number in range(1, 21)), *lines)) + "\n"


def entry(number: int, payment: str = "", agreement: str = "") -> str:
    """A line of the insurance list."""
    return f"协议西药,XA02BC,质子泵抑制剂,乙,{number},某药{number:02d},,{payment},,{agreement}"


def insured(*lines: str) -> str:
    """An insurance list: twenty lines, and these."""
    return "\n".join((INSURANCE_HEADER, *(entry(number) for number in range(1, 21)), *lines)) + "\n"
