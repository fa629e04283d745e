"""The harness of `make bench-graph`: what it asks, and when it takes two answers for the same."""

import json

import pytest

from tests.bench.graph.answers import data_of
from tests.bench.graph.cases import CASES, past
from tests.bench.graph.load import body_of


def answer(data: object) -> bytes:
    """A GraphQL response."""
    return json.dumps({"data": data}).encode()


def test_every_case_is_compared_with_something() -> None:
    """A case has a hand-written statement, or a document that asks for much the same in an ordinary way."""
    assert all(case.document and (case.sql or case.plain) for case in CASES)


def test_a_range_of_a_prefix_has_all_that_begins_so() -> None:
    """The end of the range comes after every text that begins with the prefix, and before the next prefix."""
    assert "阿司匹林" < "阿司匹林肠溶片" < past("阿司匹林")
    assert past("4401") == "4402"


def test_only_declared_variables_are_sent() -> None:
    """GraphQL refuses variables that a document does not declare."""
    body = body_of("query ($city: String!) { pharmacies }", {"city": "440100", "past": "440200"})
    assert body["variables"] == {"city": "440100"}


def test_cursors_are_each_contenders_own() -> None:
    """Two answers that differ in their cursors alone are the same."""
    one, other = ({"pageInfo": {"hasNextPage": True, "endCursor": text}} for text in ("a", "b"))
    assert data_of(answer(one)) == data_of(answer(other))


def test_groups_of_postgraphile_are_read_as_ours() -> None:
    """Its aggregates have another form and more digits, and the same figures."""
    ours = {"key": {"platform": "p"}, "aggregate": {"count": 2, "packPriceYuan": {"average": "1.333333"}}}
    theirs = {
        "keys": ["p"],
        "distinctCount": {"rowId": "2"},
        "average": {"packPriceYuan": "1.3333333333333333"},
    }
    expected = data_of(answer({"listings": {"groups": {"nodes": [ours]}}}))
    assert data_of(answer({"listings": {"groups": [theirs]}})) == expected


def test_an_error_is_no_answer() -> None:
    """A contender that refuses the query is not measured."""
    with pytest.raises(SystemExit, match="an error"):
        data_of(json.dumps({"errors": [{"message": "no"}], "data": None}).encode())
