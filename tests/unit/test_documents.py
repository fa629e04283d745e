"""The documents say what the code does: codes, commands, settings and links."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from hub.cli.main import app
from schema.graph.build import build_schema, sdl

ROOT = Path(__file__).parents[2]
#: what a code of an error, a refusal, a hold or a fault looks like
_CODE = re.compile(
    r"(act|audit|file|row|cell|batch|guard|feed|source|pull|push|database|port|release|setting|approval_number|standard_code|barcode|ean13"
    r"|nhsa_code|trace_code|uscc|region_code|mail_number|judgement|sign_in|session|hub|list)\.[a-z_0-9]+"
)
_NO_CODES = {
    "audit.defect",
    "audit.not_noted",
    "audit.prune",
    "audit.records",
    "feed.ingest",
    "pull.failed",
    "push.clients",
    "batch.id",
    "feed.code",
    "file.csv",
    "region_code.unknown",
    "batch.failed",
    "door.failed",
    "judgement.id",
    "session.js",
    "sign_in.css",
}


def codes() -> Iterator[str]:
    """Every literal of the code that is such a code."""
    for room in ("schema", "connectors", "hub"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and _CODE.fullmatch(node.value)
                ):
                    yield node.value


def commands(command: TyperGroup, before: str = "baogong") -> Iterator[str]:
    """Every command there is, as it is typed."""
    context = command.make_context(before, [], resilient_parsing=True)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if isinstance(inner, TyperGroup):
            yield from commands(inner, f"{before} {name}")
        else:
            yield f"{before} {name}"


def test_every_error_code_is_documented() -> None:
    """Each stands in docs/errors.md, whole or as `.rest` behind another of its kind."""
    text = (ROOT / "docs" / "errors.md").read_text("utf-8")
    ticked = set(re.findall(r"`[^`]+`", text))
    found = set(codes()) - _NO_CODES
    assert len(found) > 30
    assert [] == sorted(code for code in found if not {f"`{code}`", f"`.{code.split('.')[1]}`"} & ticked)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_command_is_documented(readme: str) -> None:
    """Each stands in both READMEs."""
    text = (ROOT / readme).read_text("utf-8")
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    assert "baogong feed pull" in commands(group)
    assert [] == [each for each in commands(group) if each.removeprefix("baogong ") not in text]


def test_links_lead_somewhere() -> None:
    """Every relative link of the documents has a file behind it."""
    missing = []
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "connectors").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                missing.append(f"{page.relative_to(ROOT)}: {target}")
    assert [] == missing


def test_the_committed_schema_is_what_the_code_makes() -> None:
    """`make sdl` was run."""
    assert (ROOT / "schema" / "graph" / "schema.graphql").read_text("utf-8") == sdl(build_schema())
