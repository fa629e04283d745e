"""The guide to the graph, as Markdown: how it is asked, what is in it, and what each department asks of it."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from hub.web.examples import DEPARTMENTS, Example
from schema.declare import Entity, ToOne, graph_fields
from schema.entities import ENTITIES
from schema.graph.limits import MAX_DEPTH, MAX_OBJECTS, MAX_ROOT_FIELDS, MAX_TOKENS
from schema.plan.changes import MAX_CHANGES
from schema.plan.conditions import DEFAULT_PAGE, MAX_CONDITIONS, MAX_PAGE, MAX_REACH
from schema.plan.groups import DEFAULT_GROUPS, MAX_GROUPS

_TEXT = Template(Path(__file__).with_suffix(".md").read_text("utf-8"))
_LIMITS = {
    "DEFAULT_GROUPS": DEFAULT_GROUPS,
    "DEFAULT_PAGE": DEFAULT_PAGE,
    "MAX_CHANGES": MAX_CHANGES,
    "MAX_CONDITIONS": MAX_CONDITIONS,
    "MAX_DEPTH": MAX_DEPTH,
    "MAX_GROUPS": MAX_GROUPS,
    "MAX_OBJECTS": MAX_OBJECTS,
    "MAX_PAGE": MAX_PAGE,
    "MAX_REACH": MAX_REACH,
    "MAX_ROOT_FIELDS": MAX_ROOT_FIELDS,
    "MAX_TOKENS": MAX_TOKENS,
}
#: letters of a line of an answer
_WIDTH = 120


def guide(examples: list[Example], answers: Mapping[str, Any]) -> str:
    """The whole text; `answers` are shown as they are, by the names of examples."""
    return _TEXT.substitute(
        {name: f"{number:,}" for name, number in _LIMITS.items()},
        entities=_entities(),
        departments=_departments(examples, answers),
        documents=_documents(examples),
    )


def _entities() -> str:
    return "\n\n".join("\n".join(_entity(entity)) for entity in ENTITIES)


def _entity(entity: type[Entity]) -> list[str]:
    about = entity.about
    fields = list(graph_fields(entity))
    told = {
        "关联 relations": [
            f"`{to_camel_case(each.name)}` {'→' if isinstance(each, ToOne) else '⇉'} {each.target}"
            for each in about.relations
        ],
        "筛 filter": _names(each.name for each in fields if each.declaration.filterable),
        "序 order": _names(each.name.upper() for each in fields if each.declaration.sortable),
        "组 dimensions": _names(each.name.upper() for each in about.dimensions),
        "数 measures": _names(each.name for each in fields if each.declaration.measured),
    }
    return [
        f"### {to_camel_case(about.plural)}: {entity.__name__}",
        f"{about.roots or about.label}. `{about.scope.value}`",
        "",
        "| | |",
        "|---|---|",
        *(f"| {what} | {', '.join(words)} |" for what, words in told.items() if words),
    ]


def _names(names: Iterable[str]) -> list[str]:
    return [f"`{name if name.isupper() else to_camel_case(name)}`" for name in names]


def _departments(examples: list[Example], answers: Mapping[str, Any]) -> str:
    """Each example once, under the first department that it is for."""
    lines = []
    for key, label in DEPARTMENTS.items():
        lines += ["", f"### {label}"]
        for each in examples:
            if each.departments[0] == key:
                lines += ["", *_example(each, answers[each.name])]
        also = [_link(each) for each in examples if key in each.departments[1:]]
        if also:
            lines += ["", f"另见 see also: {', '.join(also)}"]
    return "\n".join(lines)


def _example(example: Example, answer: Any) -> list[str]:
    """The question as the document has it, without its heading."""
    return [
        f"**{example.title.zh}** {example.title.en}. {_link(example)}",
        "",
        "```graphql",
        example.body.rstrip(),
        "```",
        "",
        "```json",
        *_json(example.variables),
        *_json(answer),
        "```",
    ]


def _json(value: Any, before: str = "", after: str = "") -> list[str]:
    """JSON in few lines: what fits into one line stands in one."""
    line = f"{before}{json.dumps(value, ensure_ascii=False)}{after}"
    if len(line) <= _WIDTH or not isinstance(value, dict | list):
        return [line]
    margin = " " * (len(before) - len(before.lstrip()) + 1)
    named = isinstance(value, dict)
    members = list(value.items()) if isinstance(value, dict) else [("", each) for each in value]
    lines = [before + ("{" if named else "[")]
    for number, (key, each) in enumerate(members):
        name = f'"{key}": ' if named else ""
        lines += _json(each, margin + name, "" if number == len(members) - 1 else ",")
    return [*lines, margin[1:] + ("}" if named else "]") + after]


def _link(example: Example) -> str:
    return f"[`{example.name}`](../hub/web/documents/{example.name}.graphql)"


def _documents(examples: list[Example]) -> str:
    rows = [f"| {_link(each)} | `{each.sha256}` |" for each in examples]
    return "\n".join(["| | SHA-256 |", "|---|---|", *rows])
