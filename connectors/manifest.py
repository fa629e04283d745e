"""A feed's manifest: who sends what, in which layouts, and what is sane. Read from `manifest.yaml`."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Any

import yaml

from schema.cadence import Cadence, check_calendar
from schema.declare import Label
from schema.scopes import Scope

#: a cell of free text: enters with what looks like a number of a person masked
TEXT = "text"


@dataclass(frozen=True, slots=True)
class Nested:
    """A list that stands inside a record, such as the events of a consignment."""

    #: field of an element → keys under which files carry it
    headers: dict[str, tuple[str, ...]]
    #: field of an element → what may enter, as in `Layout.cells`
    cells: dict[str, str]


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
    #: names of files that are a part of a register whole, though others of the layout are increments
    full_files: tuple["FullFile", ...] = ()
    #: field that says since when the file holds; all rows of a file agree on it
    as_of: str | None = None
    #: of a feed that may hold persons: field → what may enter: a regular expression, `TEXT`, or the name of
    #: a rule of `connectors.redaction.rules`
    cells: dict[str, str] = field(default_factory=dict)
    #: fields that must name an institution; a row in which one does not is about persons and never enters
    institutions: tuple[str, ...] = ()
    #: fields that hold a list of records
    nested: dict[str, Nested] = field(default_factory=dict)

    def whole_part(self, file_name: str) -> tuple[str, ...]:
        """The part of its register that a file of this name says whole; empty where it is an increment."""
        return next((full.part for full in self.full_files if fnmatchcase(file_name, full.file_name)), ())


@dataclass(frozen=True, slots=True)
class FullFile:
    """A sender's agreement on a name: files called so are whole."""

    #: a pattern of a shell, such as *国产*全量*
    file_name: str
    #: coded values that say which facts it is the whole of; what they are values of, the feed's resolver knows
    part: tuple[str, ...]


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
    cadence: Cadence
    #: when its sources are gone to: cron's five fields, China time
    calendar: str
    #: who sends where nobody is named; None: the sender must be named, for its codes are its own
    default_sender: str | None
    layouts: tuple[Layout, ...]
    guards: Guards
    #: what else it takes to read rows as received, where these hold what the feed's own fields guard
    raw_scope: Scope | None
    #: of a feed that may hold persons: what their columns are called. Of such a feed only what a layout knows enters,
    #: these names serve to tell the sender so. None: a feed without persons, whose files are kept as they came
    personal: tuple[str, ...] | None = None


def load_manifest(package: str) -> Manifest:
    """Read `manifest.yaml` of a connector's package. Raises KeyError, TypeError or ValueError where it is wrong."""
    raw: dict[str, Any] = yaml.safe_load(files(package).joinpath("manifest.yaml").read_text("utf-8"))
    cadence = Cadence(raw["cadence"])
    return Manifest(
        code=raw["code"],
        name=Label(raw["name"]["zh"], raw["name"]["en"]),
        cadence=cadence,
        calendar=check_calendar(raw.get("due", cadence.calendar)),
        default_sender=raw["default_sender"],
        layouts=tuple(_layout(layout) for layout in raw["layouts"]),
        guards=Guards(**raw["guards"]),
        raw_scope=Scope(raw["raw_scope"]) if "raw_scope" in raw else None,
        personal=_personal(raw),
    )


def _layout(raw: dict[str, Any]) -> Layout:
    headers = {field: tuple(names) for field, names in raw["headers"].items()}
    required = tuple(raw["required"])
    unknown = set(required) - set(headers)
    if unknown:
        raise KeyError(f"layout {raw['code']}: required but without headers: {sorted(unknown)}")
    return Layout(
        raw["code"],
        headers,
        required,
        raw.get("is_full", False),
        tuple(FullFile(full["file_name"], tuple(full["part"])) for full in raw.get("full_files", ())),
        as_of=raw.get("as_of"),
        cells=raw.get("cells", {}),
        institutions=tuple(raw.get("institutions", ())),
        nested={name: _nested(nested) for name, nested in raw.get("nested", {}).items()},
    )


def _nested(raw: dict[str, Any]) -> Nested:
    return Nested({field: tuple(names) for field, names in raw["headers"].items()}, raw["cells"])


def _personal(raw: dict[str, Any]) -> tuple[str, ...] | None:
    """The names of columns of persons. KeyError where such a feed does not say of each field what may enter."""
    if "personal" not in raw:
        return None
    for layout in raw["layouts"]:
        nested = layout.get("nested", {})
        for part in (layout, *nested.values()):
            if silent := set(part["headers"]) - set(part["cells"]) - set(nested):
                raise KeyError(f"{raw['code']}: does not say what may enter as {sorted(silent)}")
    return tuple(raw["personal"])
