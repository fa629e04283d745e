"""The cases: a document for each thing that the graph can do, its statement and its answer beside it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schema.plan.sql.statement import Statement
from schema.plan.values import Pass
from schema.reach import COUNTRY, Reach, owners_of
from tests.lib.graph_engines import DOCUMENTS
from tests.lib.sql_text import in_lines

FOLDER = Path(__file__).parent / "cases"
#: first lines with the variables of a case, as JSON, and with what its caller sees: a division, or an organisation
_VARIABLES = "# variables: "
_REACH = "# reach: "


@dataclass(frozen=True, slots=True)
class Case:
    """One document with its variables."""

    path: Path
    text: str
    variables: dict[str, Any]
    reach: Reach

    @property
    def caller(self) -> Pass:
        """Who asks; statements are run as the owner of the tables, to whom the seal is nothing."""
        return Pass(self.reach, "sealed")

    def plan(self) -> tuple[Statement, list[Any]]:
        """Its statement, and the parameters."""
        plan, variables = DOCUMENTS.plan(
            DOCUMENTS.prepared(self.text, self.variables).operation(None), self.variables, self.caller
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
    variables, reach = _said(text, _VARIABLES), _said(text, _REACH)
    return Case(path, text, json.loads(variables) if variables else {}, _reach(reach) if reach else COUNTRY)


def _said(text: str, what: str) -> str | None:
    """What a first line says."""
    return next((line.removeprefix(what) for line in text.splitlines() if line.startswith(what)), None)


def _reach(said: str) -> Reach:
    return Reach(said) if said.isdigit() else Reach(None, owners_of(said.split()))
