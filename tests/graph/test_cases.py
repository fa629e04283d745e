"""Each thing the graph can do, by example: its statement as reviewed, and its answer over a few rows."""

import asyncio
import dataclasses
import json
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

import pytest

from schema.plan import nodes
from tests.graph.cases import FOLDER, Case, all_cases, answer_text
from tests.graph.data import small_rows
from tests.lib.databases import Templates
from tests.lib.graph_engines import Engines, differs, engines_over, plan_of

CASES = all_cases()
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """The loop in which all cases are answered."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def engines(
    server: str, templates: Templates, loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engines]:
    """Engines over the rows of the cases."""
    templates.folder(server)
    context = engines_over(server, small_rows(), tmp_path_factory.mktemp("landing"))
    yield loop.run(context.__aenter__())
    loop.run(context.__aexit__(None, None, None))


@each_case
def test_statements_are_as_reviewed(case: Case) -> None:
    """After `make graph-cases` the difference shows what a change has done to them."""
    assert case.path.with_suffix(".sql").read_text() == case.statement()


@each_case
def test_answers_are_as_reviewed(case: Case, engines: Engines, loop: asyncio.Runner) -> None:
    """Byte for byte in the order of its keys, and the same in all three ways."""
    engines = replace(engines, caller=case.caller)
    by_sql = loop.run(engines.by_sql(case.text, case.variables))
    assert case.path.with_suffix(".json").read_text() == answer_text(by_sql)
    if nodes.Mixed not in nodes_of(case):  # which rows in memory have no notion of
        assert differs(by_sql, engines.by_memory(case.text, case.variables)) is None
    assert differs(by_sql, loop.run(engines.by_resolvers(case.text, case.variables))) is None


@each_case
def test_a_case_finds_something(case: Case) -> None:
    """An answer without a value shows nothing."""
    assert any(_values(json.loads(case.path.with_suffix(".json").read_text())))


def test_nothing_lies_beside_the_cases() -> None:
    """Each file belongs to a document."""
    names = {case.path.stem for case in CASES}
    assert {path.stem for path in FOLDER.iterdir()} == names
    assert {path.suffix for path in FOLDER.iterdir()} == {".graphql", ".sql", ".json"}


def test_every_node_occurs() -> None:
    """Each class of the plan's tree, and each member of its enums, stands in some case."""
    found = {node for case in CASES for node in nodes_of(case)}
    classes = {
        each for each in vars(nodes).values() if isinstance(each, type) and dataclasses.is_dataclass(each)
    }
    members = {
        member
        for each in vars(nodes).values()
        if isinstance(each, type) and issubclass(each, Enum) and each.__module__ == nodes.__name__
        for member in each
    }
    ours = {each for each in classes if getattr(each, "__module__", None) == nodes.__name__}
    # hits are found in tables of their own: tests/store/test_search.py
    assert (ours | members) - found == {nodes.Hits, nodes.OfHit}


def nodes_of(case: Case) -> set[object]:
    """The classes and enum members in a case's plan."""
    found: set[object] = set()
    _gather(plan_of(case.text, case.variables)[0], found)
    return found


def _gather(node: object, found: set[object]) -> None:
    if isinstance(node, Enum):
        found.add(node)
    elif isinstance(node, tuple):
        for each in node:
            _gather(each, found)
    elif (
        dataclasses.is_dataclass(node)
        and not isinstance(node, type)
        and type(node).__module__ == nodes.__name__
    ):
        found.add(type(node))
        for field in dataclasses.fields(node):
            _gather(getattr(node, field.name), found)


def _values(answer: object) -> Iterator[object]:
    if isinstance(answer, dict):
        for value in answer.values():
            yield from _values(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from _values(value)
    else:
        yield answer
