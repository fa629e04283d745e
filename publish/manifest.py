"""The manifest of a release: what it is, what it was made from, its files, and how its checks went."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from publish.layout import MANIFEST_NAME
from schema.declare import Label


@dataclass(frozen=True, slots=True)
class File:
    """One file of a release; its address is `publish.layout.address_of(release.id, path)`."""

    path: str
    bytes: int
    sha256: str
    media_type: str
    #: sqlite, parquet, csv, jsonl; None: it describes the release
    format: str | None = None
    #: the table it holds; None: several, or none
    table: str | None = None
    #: language of its headers
    language: str | None = None
    #: first two digits of the division code of the province it is of; None: of all
    province: str | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table of the release; `absent` says why one is declared and has nothing in it."""

    name: str
    label: Label
    rows: int
    absent: Label | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """How one check went: passed, failed, or accepted (it failed, and a person let it pass)."""

    name: str
    state: str
    #: what was found, where it did not pass
    found: Label | None = None


@dataclass(frozen=True, slots=True)
class TableChanges:
    """How much of a table changed since the release before."""

    table: str
    added: int
    removed: int
    changed: int


@dataclass(frozen=True, slots=True)
class Province:
    """A province that a release has a file of its own for."""

    code: str
    #: rows of what is on sale and kept there
    rows: int
    #: path of its SQLite file
    sqlite: str


@dataclass(frozen=True, slots=True)
class Licence:
    """The terms under which everyone may use the data."""

    name: str
    title: Label
    url: str


@dataclass(frozen=True, slots=True)
class Release:
    """A release: a sealed one, or one that failed its checks."""

    #: day of the newest data and the beginning of the checksum of the data files: the same data has the same id
    id: str
    #: sealed, or failed
    state: str
    schema_version: int
    #: version of the program, and a digest of the code that says what is published and how
    code_version: str
    #: the newest instant that the data is about, ISO
    data_as_of: str
    sqlite_sha256: str
    row_counts: dict[str, int]
    #: batches that the data came from
    batches: list[int]
    #: digests of the rules by which those batches were read
    rule_versions: list[str]
    licence: Licence
    #: the release that was current when this one was made; changes are told against it
    previous: str | None = None
    #: which rows of `on_sale` and `institution_medicine` the national SQLite file holds
    national_rule: Label | None = None
    provinces: list[Province] = field(default_factory=list)
    tables: list[TableInfo] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    #: tables that changed since `previous`
    changes: list[TableChanges] = field(default_factory=list)
    #: program → version, of what wrote the files: the same bytes need the same ones
    made_with: dict[str, str] = field(default_factory=dict)

    @property
    def failures(self) -> list[Check]:
        """The checks that keep it from being published."""
        return [check for check in self.checks if check.state == "failed"]


def read_release(folder: Path) -> Release:
    """The manifest of the release in this folder (for instance `…/current`)."""
    return TypeAdapter(Release).validate_json((folder / MANIFEST_NAME).read_bytes())


def manifest_text(release: Release) -> str:
    """The manifest as it is kept."""
    return json.dumps(asdict(release), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
