"""Files of a release as they are served: whole, in ranges, under permanent addresses, complete or an error."""

import gzip
import shutil
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from publish.manifest import Release
from tests.lib.site_server import Site, serving


def test_every_file_is_served_as_it_was_sealed(site: Site) -> None:
    """Under its own release's address and under /latest, with its type, and with the checksum of the manifest."""
    for file in site.release.files:
        for address in (f"/releases/{site.release.id}/{file.path}", f"/latest/{file.path}"):
            response = site.get(address)
            assert (response.status_code, sha256(response.content).hexdigest()) == (200, file.sha256), address
            assert response.headers["content-type"] == file.media_type
    sums = site.get(f"/releases/{site.release.id}/SHA256SUMS").text
    assert f"{site.release.sqlite_sha256}  baogong.sqlite" in sums


def test_a_sealed_file_may_be_kept_for_ever(site: Site) -> None:
    """Which release is the latest changes; a release does not."""
    sealed = site.get(f"/releases/{site.release.id}/baogong.sqlite").headers
    latest = site.get("/latest/baogong.sqlite").headers
    assert ("immutable" in sealed["cache-control"], "immutable" in latest["cache-control"]) == (True, False)
    assert latest["content-location"] == f"/releases/{site.release.id}/baogong.sqlite"
    assert sealed["content-disposition"] == f'attachment; filename="baogong-{site.release.id}-baogong.sqlite"'


def test_parts_are_sent(site: Site) -> None:
    """A reader of Parquet asks for the end of a file; who goes on with a download asks for the rest of the same one."""
    address = "/latest/parquet/product.parquet"
    whole = site.get(address)
    part = site.get(address, headers={"range": "bytes=-8"})
    assert (part.status_code, part.content) == (206, whole.content[-8:])
    same = site.get(address, headers={"range": "bytes=4-", "if-range": whole.headers["etag"]})
    other = site.get(address, headers={"range": "bytes=4-", "if-range": '"another"'})
    assert (same.status_code, other.status_code, other.content) == (206, 200, whole.content)
    beyond = site.get(address, headers={"range": "bytes=99999999-"})
    assert beyond.status_code == 416


def test_what_is_known_is_not_sent_again(site: Site) -> None:
    """By the checksum, which is the entity tag."""
    tag = site.get("/latest/manifest.json").headers["etag"]
    assert site.get("/latest/manifest.json", headers={"if-none-match": tag}).status_code == 304


def test_csv_is_for_people(site: Site) -> None:
    """Chinese headers and the mark by which Excel knows UTF-8."""
    text = gzip.decompress(site.get("/latest/csv/zh/pharmacy.csv.gz").content)
    assert (text[:3], text.decode("utf-8-sig").splitlines()[0].split(",")[0]) == (b"\xef\xbb\xbf", "药店标识")


@pytest.mark.parametrize(
    "path",
    [
        "/latest/",
        "/latest/nothing.csv",
        "/latest/../current/manifest.json",
        "/latest/%2e%2e/current/manifest.json",
        "/latest//etc/passwd",
        "/releases/20200101-00000000/manifest.json",
        "/releases/failed/manifest.json",
        "/releases/current/manifest.json",
        "/releases/.lock",
    ],
)
def test_nothing_else_is_served(site: Site, path: str) -> None:
    """Only what a manifest names; no address leads out of a release."""
    assert site.get(path).status_code in (302, 400, 404)


def test_the_page_leads_to_every_file(site: Site) -> None:
    """Each file of the release has its link, its size, and the whole has a citation."""
    html = site.get("/downloads").text
    missing = [file.path for file in site.release.files if f'href="/latest/{file.path}"' not in html]
    assert (missing, "application/ld+json" in html, f"发布版本 {site.release.id}" in html) == ([], True, True)


def test_a_damaged_file_is_an_error(sample: tuple[Path, Release], tmp_path: Path) -> None:
    """A file that is shorter than it was sealed is not sent as if it were whole."""
    folder, release = sample
    shutil.copytree(folder, tmp_path / "releases", symlinks=True)
    damaged = tmp_path / "releases" / release.id / "dictionary.csv"
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-10])
    with serving(tmp_path / "releases") as base, httpx.Client(base_url=base) as client:
        assert client.get("/latest/dictionary.csv").status_code == 500
