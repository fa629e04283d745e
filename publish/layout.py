"""Where a release's files lie, at which permanent addresses they are served, and what kind of content they are. Pure.

A site serves `/releases/<id>/<path>` for ever and `/latest/<path>` from whichever release is current. Only what the
manifest names is served: `File.path` is compared, never looked up, so no address can lead out of the folder.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

MANIFEST_NAME = "manifest.json"
SUMS_NAME = "SHA256SUMS"
SQLITE_NAME = "baogong.sqlite"
PACKAGE_NAME = "datapackage.json"
CATALOG_NAME = "catalog.jsonld"
ATOM_NAME, JSON_FEED_NAME = "feed.atom", "feed.json"
#: the link in the folder of releases to the one that is served
CURRENT = "current"
#: the folder of releases that failed their checks: no address leads there
FAILED = "failed"

#: what a release's id looks like
RELEASE_ID = re.compile(r"[0-9]{8}-[0-9a-f]{8}")
RELEASES, LATEST = "releases", "latest"
_ADDRESS = re.compile(rf"/(?:{RELEASES}/(?P<id>{RELEASE_ID.pattern})|{LATEST})/(?P<path>[A-Za-z0-9_./-]+)")

_MEDIA_TYPES = {
    ".sqlite": "application/vnd.sqlite3",
    ".parquet": "application/vnd.apache.parquet",
    # downloads stay compressed: with a Content-Encoding a client would unpack them, and checksums would not fit
    ".gz": "application/gzip",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".atom": "application/atom+xml",
    ".cff": "application/yaml",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    "": "text/plain; charset=utf-8",
}
#: it shares its ending with other JSON
_JSON_FEED_TYPE = "application/feed+json"


class Languages:
    """The languages that a table's headers come in."""

    ZH, EN = "zh", "en"
    ALL = (ZH, EN)


@dataclass(frozen=True, slots=True)
class Address:
    """A file of a release as an address names it; no id: of the current release."""

    release_id: str | None
    path: str


def read_address(path: str) -> Address | None:
    """What an address is of: `/releases/20261120-29148c91/csv/zh/product.csv.gz`, `/latest/manifest.json`."""
    found = _ADDRESS.fullmatch(path)
    if found is None or ".." in PurePosixPath(found["path"]).parts:
        return None
    return Address(found["id"], found["path"])


def address_of(release_id: str | None, path: str) -> str:
    """The permanent address of a file; without an id that of the newest release."""
    return f"/{LATEST}/{path}" if release_id is None else f"/{RELEASES}/{release_id}/{path}"


def media_type(path: str) -> str:
    """The content type of a file, by its name."""
    pure = PurePosixPath(path)
    return _JSON_FEED_TYPE if pure.name == JSON_FEED_NAME else _MEDIA_TYPES[pure.suffix]


def province_sqlite(province: str) -> str:
    """The SQLite file of one province, by the first two digits of its division code."""
    return f"sqlite/{province}.sqlite"


def parquet(table: str, province: str | None = None) -> str:
    """A table's Parquet file, or that of one province."""
    return f"parquet/{_part(table, province)}.parquet"


def json_lines(table: str, province: str | None = None) -> str:
    """A table as JSON lines, or one province of it."""
    return f"jsonl/{_part(table, province)}.jsonl.gz"


def csv(table: str, language: str, province: str | None = None, number: int = 1) -> str:
    """A table's CSV file with headers of this language; numbered where one would be too long for Excel."""
    more = f"-{number}" if number > 1 else ""
    return f"csv/{language}/{_part(table, province)}{more}.csv.gz"


def changes(table: str, ending: str) -> str:
    """What changed in a table since the release before: `jsonl` or `csv`."""
    return f"changes/{table}.{ending}.gz"


def _part(table: str, province: str | None) -> str:
    return table if province is None else f"{table}/{province}"
