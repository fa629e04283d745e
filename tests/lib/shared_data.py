"""Where the real data lies that stands beside a checkout, and a clear skip where it does not."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"


def shared_file(name: str) -> Path:
    """Path of a real data file; skips the calling test where the folder beside the checkout is absent."""
    path = SHARED_DATA / name
    if not path.is_file():
        pytest.skip(f"real data not here: ../shared/data/{name}")
    return path
