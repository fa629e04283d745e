"""What a Datasette of ours serves: its release, and how the public reaches it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from publish.manifest import Release
from publish.site.settings import SiteSettings


@dataclass(slots=True)
class Served:
    """What one Datasette of ours serves."""

    release: Release
    site_version: str
    folder: Path
    settings: SiteSettings
    #: table → columns that it may be looked for by
    indexed: dict[str, list[str]]
    #: provinces that have a file of their own, by the first two digits of their code
    provinces: tuple[str, ...]
    is_demo: bool = False


class ReleaseDatasette(Datasette):  # type: ignore[misc]  # it has no types
    """A Datasette that knows what it serves: its plugins are of the whole process, while two releases are open at a
    change, and they are asked for their routes while it is being made."""

    def __init__(self, served: Served, **options: Any) -> None:
        self.served = served
        super().__init__(**options)


def served_by(datasette: Datasette) -> Served:
    """What a Datasette of ours serves."""
    served: Served = datasette.served
    return served
