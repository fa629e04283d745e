"""The shipped documents as examples of what each department asks: for the query page, and for the documents.

A document begins with four lines: its title in Chinese, its title in English, `for` whom it is, and its `variables`.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.web.trusted import SHIPPED, sha256_of
from schema.declare import Label
from schema.plan.needs import Groups

#: who asks, in the order in which they are offered
DEPARTMENTS: Mapping[str, Label] = {
    "everyone": Label("所有人", "Everyone"),
    "health": Label("卫生健康", "Health commission"),
    "nhsa": Label("医疗保障", "Healthcare security"),
    "drug": Label("药品监管", "Drug regulator"),
    "industry": Label("工业和信息化", "Industry"),
    "market": Label("市场监管", "Market regulation"),
    "postal": Label("邮政管理", "Postal administration"),
    "commerce": Label("商务", "Commerce"),
    "finance": Label("财政", "Finance"),
    "platform": Label("采购平台（公共资源交易中心）", "Platform operator"),
    "institution": Label("医疗机构", "Medical institution"),
    "pharmacy": Label("零售药店", "Pharmacy"),
    "holder": Label("上市许可持有人", "Marketing authorisation holder"),
    "distributor": Label("配送企业", "Distributor"),
    "auditor": Label("审计", "Auditor"),
    "steward": Label("数据管理员", "Data steward"),
}
_HEADER = re.compile(
    r"# (?P<zh>.+)\n# (?P<en>.+)\n# for (?P<departments>[a-z, ]+)\n# variables (?P<variables>\{.*\})\n"
)

#: tells what a document needs for these variables
NeedsOf = Callable[[str, Mapping[str, Any]], Mapping[str, Groups]]


@dataclass(frozen=True, slots=True)
class Example:
    """A question that the sample feeds answer."""

    name: str
    title: Label
    #: keys of DEPARTMENTS
    departments: tuple[str, ...]
    #: the whole text, as the file has it
    text: str
    variables: Mapping[str, Any]

    @property
    def body(self) -> str:
        """The text without its first lines."""
        return _HEADER.sub("", self.text, count=1)

    @property
    def sha256(self) -> str:
        """By which it can be asked for."""
        return sha256_of(self.text)


def shipped_examples() -> list[Example]:
    """The documents that come with the hub. ValueError for one that does not begin as it shall."""
    return [_read(path) for path in sorted(SHIPPED.glob("*.graphql"))]


def examples_json(examples: Iterable[Example], needs_of: NeedsOf) -> bytes:
    """The examples and the departments, as the query page reads them; with the scopes that each needs, by field."""
    record = {
        "departments": [{"key": key, "zh": label.zh, "en": label.en} for key, label in DEPARTMENTS.items()],
        "examples": [_record(each, needs_of(each.text, each.variables)) for each in examples],
    }
    return json.dumps(record, ensure_ascii=False).encode()


def _record(example: Example, needs: Mapping[str, Groups]) -> dict[str, Any]:
    return {
        "name": example.name,
        "title_zh": example.title.zh,
        "title_en": example.title.en,
        "departments": example.departments,
        "sha256": example.sha256,
        "query": example.text,
        "variables": example.variables,
        "needs": {
            field: [sorted(group) for group in groups] for field, groups in needs.items() if all(groups)
        },
    }


def _read(path: Path) -> Example:
    text = path.read_text("utf-8")
    header = _HEADER.match(text)
    if header is None:
        raise ValueError(f"{path.name} does not begin with its titles, departments and variables")
    departments = tuple(header["departments"].split(", "))
    if unknown := set(departments) - set(DEPARTMENTS):
        raise ValueError(f"{path.name} is for {', '.join(sorted(unknown))}, which nobody is")
    title = Label(header["zh"], header["en"])
    return Example(path.stem, title, departments, text, json.loads(header["variables"]))
