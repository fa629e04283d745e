"""Memory of a build: what a batch needed goes back to the system when it is written, however many there are."""

import pyarrow as pa


def be_lean() -> None:
    """Have Arrow give memory back at once, where its build has the allocator that can."""
    if "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(0)
