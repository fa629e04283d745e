"""Writing the files by which a release tells of itself."""

import json
from pathlib import Path
from typing import Any

from publish.describe import dcat, package, prose
from publish.feeds import News, atom_feed, json_feed
from publish.files import Written
from publish.layout import ATOM_NAME, CATALOG_NAME, JSON_FEED_NAME, PACKAGE_NAME
from publish.manifest import Release


def write_dictionary(working: Path) -> list[Written]:
    """Write the data dictionary: a part of the data."""
    return _write(
        working, {"dictionary.csv": prose.dictionary_csv(), "dictionary.json": _json(prose.dictionary_json())}
    )


def write_description(
    working: Path, release: Release, news: list[News], known: list[Release]
) -> list[Written]:
    """Write all else: news, package, catalogues, list of releases, README, citation."""
    return _write(
        working,
        {
            ATOM_NAME: atom_feed(news, release),
            JSON_FEED_NAME: _json(json_feed(news)),
            PACKAGE_NAME: _json(package.data_package(release)),
            CATALOG_NAME: _json(dcat.catalog(release)),
            "data.json": _json(dcat.data_json(release)),
            "releases.json": _json(prose.releases([release, *known])),
            "README.md": prose.readme(release),
            "citation.txt": prose.citation(release),
            "CITATION.cff": prose.citation_cff(release),
        },
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write(working: Path, files: dict[str, str | bytes]) -> list[Written]:
    for name, content in files.items():
        (working / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return [Written(name, None, None, None) for name in files]
