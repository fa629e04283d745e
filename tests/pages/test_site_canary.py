"""Nothing that is not open is to be had through any address: not of the site, nor of the process that answers SQL."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from publish.manifest import Release
from tests.lib.site_server import Site
from tests.pages.conftest import CANARY, CANARY_NUMBER

#: what stands in every field that is not open, and what the sample has in some of them
SECRETS = re.compile(
    "|".join(
        (
            CANARY,
            f"{CANARY_NUMBER}",
            f"{CANARY_NUMBER:,}",
            "987.65",
            "4321",
            "7654",
            "6543",
            "与供应商纠纷",
            "演示原料药厂",
            "91999999",
        )
    )
)
#: how long Datasette took, to sixteen digits, among which any four may stand
_TOOK = re.compile(r'"query_ms": [^,}]*')
#: more would be the same pages of other rows
ADDRESSES_MAX = 400


def tables_of(folder: Path, release: Release) -> list[str]:
    """Every table of the national file, the inner ones of the search too."""
    with closing(sqlite3.connect(folder / release.id / "baogong.sqlite")) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def holds_a_secret(text: str) -> bool:
    """Whether what is not open stands in an answer."""
    return SECRETS.search(_TOOK.sub("", text)) is not None


def test_no_address_gives_what_is_not_open(site: Site) -> None:
    """All that can be reached from the first page, the sitemap, the interface and the tables, in both languages."""
    asked, found = set[str](), list[str]()
    waiting = [
        "/",
        "/en/",
        "/sitemap-1.xml",
        "/llms.txt",
        "/robots.txt",
        "/opensearch.xml",
        "/api/v1/openapi.json",
    ]
    waiting += list(site.get("/api/v1/openapi.json").json()["paths"])
    while waiting and len(asked) < ADDRESSES_MAX:
        address = waiting.pop(0)
        if address in asked:
            continue
        asked.add(address)
        response = site.get(address)
        text = response.text if "gzip" not in response.headers["content-type"] else ""
        if holds_a_secret(text):
            found.append(address)
        links = re.findall(r'(?:href|action)="(/[^"#]*)"', text) + re.findall(
            r"<loc>https?://[^/]+([^<]*)", text
        )
        waiting += [link.replace("&amp;", "&") for link in links]
    assert (found, len(asked) > 150) == ([], True)


@pytest.mark.parametrize("form", ["json?_size=max&_shape=objects", "csv?_size=max"])
def test_no_table_gives_what_is_not_open(site: Site, sample: tuple[Path, Release], form: str) -> None:
    """Every table of the release as Datasette gives it."""
    texts = {name: site.get(f"/baogong/{name}.{form}").text for name in tables_of(*sample)}
    assert [name for name, text in texts.items() if holds_a_secret(text)] == []


def test_no_question_in_sql_gives_what_is_not_open(sql_site: Site, sample: tuple[Path, Release]) -> None:
    """Every row of every table, those of the search and SQLite's own too."""
    answers = {
        name: sql_site.get(f"/baogong.json?_shape=arrays&sql={quote('select * from ' + name)}").text
        for name in (*tables_of(*sample), "sqlite_master", "pragma_database_list")
    }
    assert [name for name, text in answers.items() if holds_a_secret(text)] == []
    assert [name for name, text in answers.items() if str(sql_site.folder) in text] == []
    assert '"阿莫西林胶囊"' in answers["product"]
