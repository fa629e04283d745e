"""`make bench-publish`: building a release, and serving it."""

import argparse
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.bench.publish import build
from tests.bench.publish.store import SIZES, store

_SITE = "tests.bench.publish.site"


def main() -> None:
    """Read what to measure, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--parts", nargs="+", choices=("build", "site"), default=("build", "site"))
    parser.add_argument("--folder", type=Path, default=Path("var/bench-publish"))
    asked = parser.parse_args()
    folder: Path = (asked.folder / asked.size).resolve()
    with store(folder, asked.size) as settings:
        # the site is measured on a release: one is built where there is none
        if "build" in asked.parts or not (settings.release_dir / "current").exists():
            build.measure(settings, asked.runs)
    if "site" in asked.parts and find_spec(_SITE):
        import_module(_SITE).measure(settings.release_dir, asked.size, asked.runs)


if __name__ == "__main__":
    main()
