"""Rows are counted by the whitespace before them, whoever else's rows stand around them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from schema.plan.marks import MARKS, counted, without_marks
from schema.provider import Provider

PROVIDERS = [*Provider]

texts = st.text().map(lambda text: json.dumps(text, ensure_ascii=False))
rows = st.recursive(
    st.tuples(st.integers(0, len(PROVIDERS) - 1), texts),
    lambda inner: st.tuples(st.integers(0, len(PROVIDERS) - 1), st.lists(inner, min_size=1, max_size=4)),
    max_leaves=20,
)


def test_there_is_a_mark_for_each_provider() -> None:
    """However many a plan has."""
    assert len(Provider) <= len(MARKS) == len(set(MARKS))


@given(row=rows, count=st.integers(1, len(PROVIDERS)))
def test_counts_are_those_of_the_rows(row: object, count: int) -> None:
    """In any nesting, with any texts inside; without the marks it is the same answer."""
    told: dict[Provider, int] = {}

    def written(each: object) -> str:
        assert isinstance(each, tuple)
        owner, content = each
        provider = PROVIDERS[owner % count]
        told[provider] = told.get(provider, 0) + 1
        inner = f"[{','.join(map(written, content))}]" if isinstance(content, list) else content
        return f'{MARKS[owner % count]}{{"a":{inner}}}'

    body = f'{{"data":{written(row)}}}'.encode()
    assert told == counted(body, PROVIDERS[:count])
    assert json.loads(body) == json.loads(without_marks(body))
    assert {} == counted(without_marks(body), PROVIDERS[:count])
