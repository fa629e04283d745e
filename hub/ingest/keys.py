"""Which entities a file may speak of twice: told by digests of their keys, so that the database need not look."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import polars as pl

from connectors.digests import HELD, Digests, digests_on_disk, together
from schema.declare import Entity


class SeenKeys:
    """The keys of a file's rows, by entity."""

    def __init__(self, files: ExitStack, held: int) -> None:
        """`files`: what ends when the keys are no longer needed."""
        self._files = files
        self._most_held = held
        self._digests: dict[type[Entity], Digests] = {}

    def add(self, entity: type[Entity], keys: pl.DataFrame) -> None:
        """Note the keys of a chunk."""
        if entity not in self._digests:
            self._digests[entity] = self._files.enter_context(digests_on_disk({}, self._most_held))
        self._digests[entity].add(pl.DataFrame({"digest": keys.hash_rows()}))

    def repeating(self) -> set[type[Entity]]:
        """Entities of which two keys are the same, or may be: different ones seldom have one digest."""
        return {
            entity
            for entity, digests in self._digests.items()
            if any(_has_repeats(rows) for (rows,) in together(digests))
        }


def _has_repeats(rows: pl.DataFrame) -> bool:
    digests = rows["digest"].sort()
    return (digests == digests.shift()).any()


@contextmanager
def seen_keys(held: int = HELD) -> Iterator[SeenKeys]:
    """Room to note keys in, gone with the context. `held`: keys of an entity that are kept in memory until written."""
    with ExitStack() as files:
        yield SeenKeys(files, held)
