"""Digests on disk: all that were added come back, equal ones in one range, however many are held in memory."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from connectors.digests import HELD, RANGES, digests_on_disk, together
from hub.ingest.keys import seen_keys
from schema.entities import LocalItem, OnSale

DIGEST = st.integers(0, 2**64 - 1)


@given(st.lists(st.lists(DIGEST, max_size=5), max_size=5), st.integers(1, 9))
def test_all_rows_come_back_each_in_the_range_of_its_digest(chunks: list[list[int]], held: int) -> None:
    """Nothing is lost or doubled between memory and disk, and each range holds its own digests only."""
    added = [(digest, place) for place, digest in enumerate(digest for chunk in chunks for digest in chunk)]
    rest = iter(added)
    with digests_on_disk({"place": pl.Int64}, held) as digests:
        for chunk in chunks:
            rows = [next(rest) for _ in chunk]
            digests.add(pl.DataFrame(rows, {"digest": pl.UInt64, "place": pl.Int64}, orient="row"))
        found = [(number, *row) for number in range(RANGES) for row in digests.within(number).iter_rows()]
        assert len(digests) == len(added)
    assert sorted(row[1:] for row in found) == sorted(added)
    assert all(number == digest * RANGES // 2**64 for number, digest, _ in found)


@given(
    *[st.lists(st.tuples(DIGEST | st.integers(0, 9), st.integers(0, 9)), max_size=9)] * 2, st.integers(1, 12)
)
def test_equal_digests_of_two_come_together(
    one: list[tuple[int, int]], other: list[tuple[int, int]], held: int
) -> None:
    """Whichever of them are on disk: each row comes once, beside all of its digest."""
    columns = {"digest": pl.UInt64, "place": pl.Int64}
    with (
        digests_on_disk({"place": pl.Int64}, held) as first,
        digests_on_disk({"place": pl.Int64}, held) as second,
    ):
        for digests, rows in ((first, one), (second, other)):
            for row in rows:
                digests.add(pl.DataFrame([row], columns, orient="row"))
        found = [[frame.rows() for frame in frames] for frames in together(first, second)]
    for number, rows in enumerate((one, other)):
        assert sorted(row for frames in found for row in frames[number]) == sorted(rows)
    digests_of = [{row[0] for rows in frames for row in rows} for frames in found]
    assert sum(map(len, digests_of)) == len(set.union(*digests_of))
    assert len(found) == (RANGES if max(len(one), len(other)) >= held else 1)


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("ab")), max_size=9), max_size=4),
    st.sampled_from([1, 5, HELD]),
)
def test_a_repeated_key_is_noticed_in_whichever_chunk_it_comes_again(
    chunks: list[list[tuple[int, str]]], held: int
) -> None:
    """Keys of several columns are the same if all of these are."""
    keys = [key for chunk in chunks for key in chunk]
    with seen_keys(held) as seen:
        for chunk in chunks:
            seen.add(OnSale, pl.DataFrame(chunk, {"a": pl.Int64, "b": pl.String}, orient="row"))
        assert seen.repeating() == ({OnSale} if len(set(keys)) < len(keys) else set())


def test_keys_of_one_entity_do_not_repeat_those_of_another() -> None:
    """What is the key of two things of different kinds is no repetition."""
    keys = pl.DataFrame({"id": [1, 2]})
    with seen_keys() as seen:
        seen.add(OnSale, keys)
        seen.add(LocalItem, keys)
        assert seen.repeating() == set()
