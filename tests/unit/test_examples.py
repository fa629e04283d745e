"""The shipped documents as examples: what they begin with, and what the query page is told of them."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from graphql import parse, validate

from hub.web import examples
from hub.web.examples import DEPARTMENTS, Example, examples_json, shipped_examples
from hub.web.trusted import SHIPPED
from tests.lib.graph_text import schema_of_text

GUIDE = Path(__file__).parents[2] / "docs" / "graph.md"
SCHEMA = schema_of_text()


def test_every_department_has_its_question() -> None:
    """And nobody else is named."""
    assert {key for each in shipped_examples() for key in each.departments} == set(DEPARTMENTS)


@pytest.mark.parametrize("example", shipped_examples(), ids=lambda example: example.name)
def test_an_example_fits_the_schema(example: Example) -> None:
    """Known as the trusted document of its file, whole; what follows its first lines is the question."""
    assert example.sha256 == hashlib.sha256((SHIPPED / f"{example.name}.graphql").read_bytes()).hexdigest()
    assert example.body.startswith(("query ", "{"))
    assert [] == validate(SCHEMA, parse(example.text))


def test_every_query_in_the_guide_fits_the_schema() -> None:
    """Also those between the examples."""
    blocks = re.findall(r"```graphql\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    assert len(blocks) > len(shipped_examples())
    assert [] == [error for each in blocks for error in validate(SCHEMA, parse(each))]


def test_fields_that_any_token_opens_are_not_told() -> None:
    """Only those that need a scope, with the groups of which any one will do."""
    needs = {"PageInfo.endCursor": (frozenset(),), "A.b": (frozenset({"x", "y"}), frozenset({"z"}))}
    told = json.loads(examples_json(shipped_examples()[:1], lambda _text, _variables: needs))
    assert [{"A.b": [["x", "y"], ["z"]]}] == [each["needs"] for each in told["examples"]]
    assert list(DEPARTMENTS) == [each["key"] for each in told["departments"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("query Q { a }\n", "does not begin"),
        ("# 甲\n# A\n# for nobody\n# variables {}\nquery Q { a }\n", "nobody, which nobody is"),
    ],
)
def test_a_document_that_begins_otherwise_is_refused(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name, so that who wrote it sees it at once."""
    (tmp_path / "odd.graphql").write_text(text, "utf-8")
    monkeypatch.setattr(examples, "SHIPPED", tmp_path)
    with pytest.raises(ValueError, match=f"odd.graphql.*{said}"):
        shipped_examples()
