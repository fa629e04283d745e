"""What schemathesis is to look for in an answer of the graph. Loaded by it (`SCHEMATHESIS_HOOKS`)."""

import os
from typing import Any

import schemathesis

from tests.lib.graph_needs import is_open


@schemathesis.check
def nothing_forbidden(
    _ctx: schemathesis.CheckContext, response: schemathesis.Response, case: "schemathesis.Case[Any]"
) -> None:
    """No defect; and what was answered, the scopes in TOKEN_SCOPES open. A document that is refused is in order."""
    assert response.status_code < 500, response.status_code
    answer = response.json()
    assert "INTERNAL" not in {each["extensions"].get("code") for each in answer.get("errors", ())}, answer
    if answer.get("data"):
        assert isinstance(case.body, str)
        assert is_open(case.body, set(os.environ["TOKEN_SCOPES"].split())), case.body
