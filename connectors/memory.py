"""Files that have no place on any disk, for bytes that must not outlive the process."""

import os
import weakref
from pathlib import Path


class MemoryFile:
    """A file in memory that is opened by a path like any other; it is gone with whoever holds it.

    Linux only (memfd_create): nothing is written under a name, so a kill leaves nothing behind.
    """

    def __init__(self) -> None:
        self._descriptor = os.memfd_create("baogong")
        self.path = Path(f"/proc/self/fd/{self._descriptor}")
        self._close = weakref.finalize(self, os.close, self._descriptor)

    def write(self, block: bytes) -> None:
        """Add a block."""
        view = memoryview(block)
        while view:
            view = view[os.write(self._descriptor, view) :]

    def discard(self) -> None:
        """Give the memory back."""
        self._close()
