"""Documents that others make from the schema's text: no defect, no field that the token does not open."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis_graphql import queries

from schema.scopes import READ_SCOPES, Scope
from tests.lib.graph import ServedHub
from tests.lib.graph_needs import SCHEMA, is_open

EXAMPLES = 20
LITTLE = (Scope.REGION_READ, Scope.REGISTRATION_READ, Scope.PHARMACY_READ, Scope.FEED_READ)


@cache
def documents() -> list[str]:
    """Some, the same each time: they are large, and take longer to make than to answer."""
    found: list[str] = []

    @seed(20261128)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(queries(SCHEMA))
    def collect(document: str) -> None:
        found.append(document)

    collect()
    return found


@pytest.mark.parametrize("scopes", [LITTLE, tuple(READ_SCOPES)], ids=["little", "all that read"])
async def test_no_document_is_a_defect_or_opens_too_much(
    sample_hub: ServedHub, scopes: tuple[Scope, ...]
) -> None:
    """Each is answered, refused for its rights, or beyond a limit; what was answered the token opens."""
    caller = await sample_hub.caller(*scopes)
    outcomes: Counter[str] = Counter()
    for document in documents():
        answer = await caller.post({"query": document})
        codes = {each["extensions"].get("code") for each in answer.json().get("errors", [])}
        assert answer.status_code < 500, document
        assert "INTERNAL" not in codes, document
        outcomes["answered" if answer.json().get("data") else ", ".join(sorted(map(str, codes)))] += 1
        if answer.json().get("data"):
            assert is_open(document, set(map(str, scopes))), document
    assert outcomes["answered"], outcomes
    assert outcomes.total() >= EXAMPLES // 2, outcomes


async def test_schemathesis_finds_nothing(sample_hub: ServedHub) -> None:
    """It asks every root field, mutations too, as it falls; `tests.lib.graph_check` looks at the answers."""
    scopes = [scope for number, scope in enumerate(READ_SCOPES) if number % 4]
    caller = await sample_hub.caller(*scopes)
    options = ["--checks", "nothing_forbidden", "--phases", "fuzzing", "--max-examples", "1", "--seed", "1"]
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{caller.http.base_url}/graphql", *options]
    done = await asyncio.to_thread(
        subprocess.run,
        [*command, "--header", f"Authorization: Bearer {caller.token}", "--no-color"],
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.lib.graph_check", "TOKEN_SCOPES": " ".join(scopes)},
        capture_output=True,
        text=True,
        check=False,
    )
    roots = (SCHEMA.query_type, SCHEMA.mutation_type)
    count = sum(len(each.fields) for each in roots if each is not None)
    told = done.stdout[-4000:] + done.stderr
    assert (done.returncode, f"Tested: {count}" in done.stdout) == (0, True), told
