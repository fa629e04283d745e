"""The difference of two versions of a list: pages join, and what is too much to compare is refused, not cut off."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import GraphQLError

from schema.entities import DrugListEntry
from schema.graph import list_diff
from schema.graph.list_diff import Compared, ListDiff, behind
from schema.graph.resolve import Found
from schema.plan.nodes import Page

SAID = dict.fromkeys(("dosage_form", "strength_text", "category_name", "reason_code", "remark"))


def diff(old: Sequence[int], new: Sequence[int]) -> ListDiff:
    """The difference of two versions with these entries."""
    entries = {key: Found(DrugListEntry, {"id": key, **SAID}) for key in {*old, *new}}
    version: Any = None
    return ListDiff(
        found=Compared(
            version, version, {key: entries[key] for key in old}, {key: entries[key] for key in new}, {}
        )
    )


class Reader:
    """Says that there are so many rows, as a store with so many does."""

    def __init__(self, count: int) -> None:
        self._count = count

    async def page(self, page: Page) -> list[dict[str, Any]]:
        """As many as the page has, and one more if more follow."""
        return [{"id": number} for number in range(min(self._count, page.window.size + 1))]


async def rows(count: int) -> Sequence[Any]:
    """What is read of a version with so many entries."""
    info: Any = SimpleNamespace(context=SimpleNamespace(reader=Reader(count)))
    version: Any = SimpleNamespace(valid_from=None, list_id=1)
    return list(await list_diff.entries_of(info, version))


async def test_as_many_as_are_compared_are_read() -> None:
    """The limit itself is within it."""
    assert len(await rows(list_diff.MOST_COMPARED)) == list_diff.MOST_COMPARED


async def test_one_more_is_refused_and_the_limit_named() -> None:
    """By a stable code, in both languages."""
    with pytest.raises(GraphQLError, match=r"不作比较.*page by page") as refused:
        await rows(list_diff.MOST_COMPARED + 1)
    assert refused.value.extensions == {"code": "TOO_LARGE", "limit": list_diff.MOST_COMPARED}


def test_pages_join() -> None:
    """Each begins behind the last of the one before; nothing is told twice or left out."""
    found = diff(range(1, 4), range(3, 260))
    keys = found.keys("added")
    pages = [behind(keys, after)[:100] for after in (None, "103", "203")]
    assert ([len(page) for page in pages], [key for page in pages for key in page]) == (
        [100, 100, 56],
        list(range(4, 260)),
    )
    assert (found.keys("removed"), found.keys("changed")) == ([1, 2], [])


@pytest.mark.parametrize("after", ["3", "x", "-1", "99999999999999999999"])
def test_a_page_behind_nothing_is_refused(after: str) -> None:
    """An entry that did not come in ends no page of what came in."""
    with pytest.raises(GraphQLError, match="`after`"):
        behind(diff(range(1, 4), range(3, 9)).keys("added"), after)
