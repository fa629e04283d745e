"""What a Datasette of ours serves: its release, and how the public reaches it."""

from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from datasette.app import Datasette

from publish.release import Release
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
    is_demo: bool = False


#: Datasette's plugins are of the whole process, while two releases are open at a change: each finds its own here
_SERVED: WeakKeyDictionary[Datasette, Served] = WeakKeyDictionary()


def describe(datasette: Datasette, served: Served) -> None:
    """Say what a Datasette serves, before it starts."""
    _SERVED[datasette] = served


def served_by(datasette: Datasette) -> Served:
    """What a Datasette serves."""
    return _SERVED[datasette]
