"""The same site on the next Datasette: `make .venv-datasette-1/installed` makes the environment that it runs in."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from publish.manifest import Release
from tests.lib.site import AMOXICILLIN, CONCEPT_ID, LIST_SLUG, product_id
from tests.lib.site_server import Site, serving, words

PYTHON = Path(__file__).parents[2] / ".venv-datasette-1" / "bin" / "python"
ADDRESSES = [
    "/",
    "/en/",
    "/search?q=阿莫",
    f"/medicine/{CONCEPT_ID}",
    f"/list/{LIST_SLUG}",
    "/regions",
    "/downloads",
    "/api",
    "/api/v1/tables/product",
    "/baogong",
    "/baogong/on_sale?availability_code__exact=in_stock",
    f"/baogong/product/{product_id(AMOXICILLIN)}",
]


def newer(sample: tuple[Path, Release], *, is_sql: bool) -> Iterator[Site]:
    """The sample on the next Datasette; skips where its environment has not been made."""
    if not PYTHON.exists():
        pytest.skip("no environment with Datasette 1.0a41: make .venv-datasette-1/installed")
    version = subprocess.check_output(
        [PYTHON, "-c", "import datasette; print(datasette.__version__)"], text=True
    )
    assert version.strip() == "1.0a41"
    folder, release = sample
    with serving(folder, is_sql=is_sql, python=PYTHON) as base, closing(Site(base, release, folder)) as site:
        yield site


@pytest.fixture(scope="module")
def newer_site(sample: tuple[Path, Release]) -> Iterator[Site]:
    """The site."""
    yield from newer(sample, is_sql=False)


@pytest.fixture(scope="module")
def newer_sql_site(sample: tuple[Path, Release]) -> Iterator[Site]:
    """The process that answers SQL."""
    yield from newer(sample, is_sql=True)


def test_pages_say_the_same(newer_site: Site, site: Site) -> None:
    """Page by page what a reader sees does not hang on the version of Datasette."""
    different = [
        address
        for address in ADDRESSES
        if words(newer_site.get(address).text).replace(newer_site.base, "")
        != site.text(address).replace(site.base, "")
    ]
    assert different == []


def test_insides_are_hidden(newer_site: Site) -> None:
    """Its further inner pages too, and it answers no SQL."""
    inside = [
        "/-/threads",
        "/-/databases.json",
        "/-/jump",
        "/-/rules",
        "/-/tables",
        "/baogong/-/query?sql=select+1",
        "/_internal",
    ]
    assert [newer_site.get(address).status_code for address in inside] == [404] * len(inside)


def test_sql_is_answered_and_harm_refused(newer_sql_site: Site) -> None:
    """Rows in the frame of the site; no path, no writing, no end without end."""

    def ask(question: str) -> str:
        return words(newer_sql_site.get(f"/baogong/-/query?sql={quote(question)}").text)

    assert "阿莫西林胶囊" in ask(f"select name_zh from product where approval_number = '{AMOXICILLIN}'")
    assert "baogong.sqlite" not in ask("select * from pragma_database_list")
    for harmful in ("delete from product", "attach database '/tmp/x' as x", "create table x (y)"):
        assert "这个请求无法处理" in ask(harmful)
