"""How long it takes to refuse each hostile document: `python -m tests.bench.bombs`; CPU, the best of five."""

import sys
import time

from schema.graph.build import build_rules, build_schema, graphql_schema
from schema.graph.prepared import Documents, RefusedError
from schema.plan.values import Pass
from schema.reach import COUNTRY
from tests.lib.bombs import BOMBS


def _best(documents: Documents, document: str) -> float:
    times = []
    for _ in range(5):
        start = time.process_time()
        _refuse(documents, document)
        times.append(time.process_time() - start)
    return min(times)


def _refuse(documents: Documents, document: str) -> None:
    try:
        documents.plan(documents.prepared(document, {}).operation(None), {}, Pass(COUNTRY, ""))
    except RefusedError:
        return
    sys.stdout.write("not refused: ")


def main() -> None:
    """Measure all."""
    schema = build_schema()
    documents = Documents(graphql_schema(schema), build_rules(schema))
    for name, (document, _code) in BOMBS.items():
        sys.stdout.write(f"{1e3 * _best(documents, document):7.1f} ms  {len(document):7} bytes  {name}\n")


if __name__ == "__main__":
    main()
