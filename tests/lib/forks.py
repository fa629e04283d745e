"""Processes that are forked from one that has imported what they need: they start at once, each alone in itself."""

import multiprocessing
from multiprocessing.context import ForkServerContext

#: whatever any of them needs, for one process is the parent of all
_IMPORTED = ["tests.durability.hub_process", "tests.lib.killed_build"]


def forking() -> ForkServerContext:
    """As `multiprocessing` with this way to start."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    return context
