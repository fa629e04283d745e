"""Whether a file may speak of one thing twice: told by digests of its keys, so that the database need not look."""

import polars as pl

#: with more keys than this the database looks: bounds the memory
_MOST_KEYS = 10_000_000
#: digests are counted in so many parts, for the sake of memory
_PARTS = 16


class SeenKeys:
    """The keys that were staged of one entity."""

    def __init__(self) -> None:
        self._digests: list[pl.Series] = []
        self._count = 0

    def add(self, keys: pl.DataFrame) -> None:
        """Note the keys of a chunk."""
        self._count += keys.height
        if self._count > _MOST_KEYS:
            self._digests.clear()
        else:
            self._digests.append(keys.hash_rows())

    def may_repeat(self) -> bool:
        """Whether two keys are the same, or may be: different keys seldom have one digest, the same always."""
        if self._count > _MOST_KEYS:
            return True
        return any(self._repeats_in(part) for part in range(_PARTS))

    def _repeats_in(self, part: int) -> bool:
        digests = [digests.filter(digests % _PARTS == part) for digests in self._digests]
        return bool(digests) and pl.concat(digests).is_duplicated().any()
