"""The guide to the graph says what the code does and what the sample feeds answer."""

from pathlib import Path

from hub.cli.guide import shortened, written
from hub.config import Settings

GUIDE = Path(__file__).parents[2] / "docs" / "graph.md"


async def test_the_committed_guide_is_what_a_run_makes(settings: Settings) -> None:
    """`make docs` was run: tables, limits, and every answer on the sample feeds."""
    assert settings.database_url is not None
    assert GUIDE.read_text("utf-8") == await written(settings, settings.database_url)


def test_answers_are_shortened_to_what_stays() -> None:
    """The first of each list, no places of pages, no instants of the hub's clock; what is nothing stays nothing."""
    answer = {
        "nodes": [{"name": "a", "recordedAt": "2026-01-01T00:00:00Z", "validTo": None}, {"name": "b"}],
        "pageInfo": {"endCursor": "x"},
        "none": [],
    }
    assert shortened(answer) == {
        "nodes": [{"name": "a", "recordedAt": "…", "validTo": None}, "…"],
        "none": [],
    }
