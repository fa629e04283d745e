"""Rules of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from statistics import median

import schema

ROOT = Path(__file__).parents[2]
ROOMS = ("schema", "connectors", "hub", "publish")
#: where statements may be sent to a database: stores, migrations, and what serves sealed files
_SQL_PLACES = re.compile(
    r"(_store|/store|/reader|/snapshot|/pool|/migrate|publish/\w+|publish/site/\w+|migrations/\w+/\w+)\.py$"
)
_SENDS_SQL = re.compile(r"\.(execute|executemany|fetch|fetchrow|fetchval|copy_to_table)\(\s*f?[\"'(]")


def sources() -> Iterator[Path]:
    """The house's own modules."""
    for room in ROOMS:
        yield from (ROOT / room).rglob("*.py")


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the house; a migration is a list of what to do, as long as it has to be."""
    for path in sources():
        if "migrations/versions" in path.as_posix():
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_our_four_folders_are_ours() -> None:
    """Distributions of the same names exist; none of them may ever be in our environment."""
    assert (ROOT / "schema" / "__init__.py") == Path(schema.__file__)
    found = packages_distributions()
    for room in ROOMS:
        assert {"baogong"} >= set(found.get(room, ["baogong"]))


def test_files_are_small() -> None:
    """At most 500 lines each."""
    long = {
        str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text("utf-8").splitlines())) > 500
    }
    assert {} == long


def test_functions_are_short() -> None:
    """At most 80 lines, half of them at most 10."""
    lengths = [(length(node), f"{path.relative_to(ROOT)}:{node.name}") for path, node in functions()]
    assert [] == [each for each in lengths if each[0] > 80]
    assert median(lines for lines, _ in lengths) <= 10


def test_sql_is_sent_from_stores_only() -> None:
    """A statement's text stands in a store, not in a rule or a page."""
    strays = [
        str(path.relative_to(ROOT))
        for path in sources()
        if not _SQL_PLACES.search(path.as_posix()) and _SENDS_SQL.search(path.read_text("utf-8"))
    ]
    assert ["hub/web/app.py"] == strays  # the health check's SELECT 1


def test_time_is_read_at_the_edge_only() -> None:
    """Nobody but the clock asks what time it is."""
    asks = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(")
    found = [str(p.relative_to(ROOT)) for p in sources() if asks.search(p.read_text("utf-8"))]
    assert ["hub/clock.py"] == found


def test_no_lock_names_a_registry() -> None:
    """Pins without a host."""
    for name in ("pyproject.toml", "constraints.txt", "Makefile"):
        assert "://" not in (ROOT / name).read_text("utf-8")


def test_every_setting_is_documented() -> None:
    """Each HUB_ variable stands in both READMEs."""
    names = re.findall(r"^    (\w+): .* = Field\(", (ROOT / "hub" / "config.py").read_text("utf-8"), re.M)
    assert names
    for readme in ("README.md", "README.zh-CN.md"):
        text = (ROOT / readme).read_text("utf-8")
        assert [] == [name for name in names if f"HUB_{name.upper()}" not in text]
