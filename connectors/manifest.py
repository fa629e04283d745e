"""A feed's manifest: who sends what, in which layouts, and what is sane. Read from `manifest.yaml`."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from schema.declare import Label
from schema.scopes import Scope


@dataclass(frozen=True, slots=True)
class Layout:
    """One way in which a source writes its rows."""

    code: str
    #: field of a raw row → headers under which files carry it
    headers: dict[str, tuple[str, ...]]
    #: fields without whose column a file is refused
    required: tuple[str, ...]
    #: whether a file says all there is, so that what it no longer names has ended
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class Guards:
    """What a sane batch looks like; a batch outside is held."""

    #: fewer rows than this: held
    min_rows: int
    #: a larger share of what was known vanishes from a full file: held; 0.2 is a fifth
    max_vanished_share: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """A feed as its manifest describes it."""

    code: str
    name: Label
    cadence: str
    #: who sends where nobody is named; None: the sender must be named, for its codes are its own
    default_sender: str | None
    layouts: tuple[Layout, ...]
    guards: Guards
    #: what else it takes to read rows as received, where these hold what the feed's own fields guard
    raw_scope: Scope | None


def load_manifest(package: str) -> Manifest:
    """Read `manifest.yaml` of a connector's package. Raises KeyError or TypeError where it is not whole."""
    raw: dict[str, Any] = yaml.safe_load(files(package).joinpath("manifest.yaml").read_text("utf-8"))
    return Manifest(
        code=raw["code"],
        name=Label(raw["name"]["zh"], raw["name"]["en"]),
        cadence=raw["cadence"],
        default_sender=raw["default_sender"],
        layouts=tuple(_layout(layout) for layout in raw["layouts"]),
        guards=Guards(**raw["guards"]),
        raw_scope=Scope(raw["raw_scope"]) if "raw_scope" in raw else None,
    )


def _layout(raw: dict[str, Any]) -> Layout:
    headers = {field: tuple(names) for field, names in raw["headers"].items()}
    required = tuple(raw["required"])
    unknown = set(required) - set(headers)
    if unknown:
        raise KeyError(f"layout {raw['code']}: required but without headers: {sorted(unknown)}")
    return Layout(raw["code"], headers, required, raw.get("is_full", False))
