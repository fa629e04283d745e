"""The cases: a document for each thing that the graph can do, its statement and its answer beside it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schema.plan.sql.statement import Statement
from tests.lib.graph_engines import DOCUMENTS
from tests.lib.sql_text import in_lines

FOLDER = Path(__file__).parent / "cases"
#: a first line with the variables of a case, as JSON
_VARIABLES = "# variables: "


@dataclass(frozen=True, slots=True)
class Case:
    """One document with its variables."""

    path: Path
    text: str
    variables: dict[str, Any]

    def plan(self) -> tuple[Statement, list[Any]]:
        """Its statement, and the parameters."""
        plan, variables = DOCUMENTS.plan(
            DOCUMENTS.prepared(self.text, self.variables).operation(None), self.variables
        )
        assert plan.statement is not None, f"{self.path.name} is not compiled"
        return plan.statement, plan.statement.bind(variables)

    def statement(self) -> str:
        """The statement in lines, and what its parameters are."""
        statement, values = self.plan()
        given = "".join(f"-- ${number} = {value!r}\n" for number, value in enumerate(values, 1))
        return given + in_lines(statement.text)


def all_cases() -> list[Case]:
    """All of them, by name."""
    return [_case(path) for path in sorted(FOLDER.glob("*.graphql"))]


def answer_text(answer: Any) -> str:
    """An answer as it stands beside its case."""
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def _case(path: Path) -> Case:
    text = path.read_text()
    first, _, _ = text.partition("\n")
    return Case(
        path, text, json.loads(first.removeprefix(_VARIABLES)) if first.startswith(_VARIABLES) else {}
    )
