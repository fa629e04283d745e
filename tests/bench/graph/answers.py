"""Whether contenders give the same answer: compared as data, whatever the envelope."""

import json
from typing import Any

import httpx

from tests.bench.graph.cases import Case, Variables
from tests.bench.graph.load import body_of
from tests.bench.graph.servers import Contender


def ask(contender: Contender, case: Case, variables: Variables, token: str) -> bytes:
    """One answer, as it came."""
    document = contender.document(case)
    assert document is not None
    answer = httpx.post(
        contender.url(case),
        json=body_of(document, variables),
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
        trust_env=False,
    )
    return answer.content


def data_of(body: bytes) -> Any:
    """The answer's data in one form: cursors are each contender's own, and averages have 6 places."""
    answer = json.loads(body)
    if answer.get("errors") or not answer.get("data"):
        raise SystemExit(f"an error: {body[:1000].decode()}")
    return _plain(answer["data"])


def require_same(all_of_them: list[Contender], case: Case, asked: list[Variables], token: str) -> int:
    """Bytes of one answer of the first contender. Ends where two contenders' data differ."""
    size = 0
    for variables in asked:
        bodies = {each.name: ask(each, case, variables, token) for each in all_of_them}
        (first, body), *others = bodies.items()
        size = len(body)
        for name, other in others:
            if data_of(other) != data_of(body):
                raise SystemExit(f"{case.name} {variables}: {name} does not answer as {first} does")
    return size


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("groups"), list):
        return {"groups": {"nodes": [_group(each) for each in value["groups"]]}}
    if "average" in value:
        return {"average": round(float(value["average"]), 6)}
    return {name: _plain(each) for name, each in value.items() if name != "endCursor"}


def _group(value: dict[str, Any]) -> dict[str, Any]:
    """PostGraphile's group of listings as the others write it."""
    price = {"average": round(float(value["average"]["packPriceYuan"]), 6)}
    return {
        "key": {"platform": value["keys"][0]},
        "aggregate": {"count": int(value["distinctCount"]["rowId"]), "packPriceYuan": price},
    }
