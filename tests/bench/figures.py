"""How benchmarks print: one JSON line a figure, so that anyone can compare two days."""

import json
import sys
from statistics import median


def figure(benchmark: str, case: str, name: str, values: list[float]) -> None:
    """Print the median of some runs, with the smallest and the largest."""
    line = {
        "benchmark": benchmark,
        "case": case,
        "figure": name,
        "value": round(median(values), 3),
        "runs": len(values),
        "min": round(min(values), 3),
        "max": round(max(values), 3),
    }
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
