"""A whole release of many names, so that the site can be asked for them over HTTP."""

import asyncio
from pathlib import Path

from publish.release import build_release
from schema.entities import Batch, Product
from tests.bench.publish.site_search import products
from tests.bench.search_names import generic_names
from tests.lib.site import AS_OF, SHA256, Store


def release_of_names(folder: Path, count: int) -> list[str]:
    """Build a release of so many medicines and nothing else under a folder; gives the names that they have."""
    store = Store()
    store.add(
        Batch, id=1, feed_code="registration", sender_code="demo-bench", file_name="names.csv", sha256=SHA256,
        received_sha256=SHA256, byte_count=1, received_byte_count=1, received_at=AS_OF, as_of=AS_OF,
        promoted_at=AS_OF, state_code="promoted",
    )  # fmt: skip
    names = generic_names(count)
    for product in products(names, count):
        store.add(Product, **product)
    asyncio.run(build_release(store, folder))
    return names
