"""Every file of a release opens in the programs that people use, and they agree."""

import asyncio
import csv
import gzip
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as Xml

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import yaml
from frictionless import Package

from publish.files import EXCEL_ROWS, CsvFiles, Rows
from publish.layout import SUMS_NAME, Languages, media_type
from publish.manifest import File, Release, read_release
from publish.shelf import verify
from publish.tables import public_tables
from schema.entities import Pharmacy
from schema.ids import stable_id
from tests.lib.site import build_sample, sample_store

TABLES = {table.name: table for table in public_tables()}
ODD_NAMES = ('=HYPERLINK("http://example.org","x")', '带"引号",逗号\n和换行', "-5", "全角　空格", "'撇号")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with names that are hard to write down."""
    store = sample_store()
    for number, name in enumerate(ODD_NAMES):
        store.add(
            Pharmacy, id=stable_id("pharmacy", "odd", str(number)), sender_code="odd", store_code=str(number),
            name=name, region_code="430102", longitude=112.98 if number else None, latitude=28.19,
            address="" if number else None, batch_id=2, row_number=number + 1,
        )  # fmt: skip
    releases = tmp_path_factory.mktemp("releases")
    return releases / asyncio.run(build_sample(releases, store)).id


@pytest.fixture(scope="module")
def release(folder: Path) -> Release:
    """Its manifest."""
    return read_release(folder)


def of_format(release: Release, kind: str, language: str | None = None) -> list[File]:
    """The files of one format."""
    return [each for each in release.files if each.format == kind and each.language == language]


def test_duckdb_reads_every_file_and_all_formats_agree(folder: Path, release: Release) -> None:
    """Rows and the sum of row numbers of every table, in Parquet, CSV and JSON lines."""
    with duckdb.connect() as connection:
        found = {kind: {} for kind in ("parquet", "csv", "jsonl")}  # type: dict[str, dict[str, tuple[object, ...]]]
        readers = {
            "parquet": "read_parquet('{}')",
            "csv": "read_csv('{}', header = true)",
            "jsonl": "read_json('{}')",
        }
        for kind, reader in readers.items():
            for each in of_format(release, kind, Languages.EN if kind == "csv" else None):
                if not each.rows:
                    continue
                source = reader.format(folder / each.path)
                name = next(iter(TABLES[str(each.table)].key))
                query = f"SELECT count(*), count(DISTINCT {name}) FROM {source}"
                found[kind][f"{each.table}/{each.province}"] = tuple(connection.execute(query).fetchall()[0])
    assert found["parquet"] == found["csv"] == found["jsonl"]
    products = release.row_counts["product"]
    assert (products, products) == found["parquet"]["product/None"]
    assert {"on_sale/43", "on_sale/44"} <= set(found["parquet"])


def test_pandas_and_polars_read_the_same(folder: Path, release: Release) -> None:
    """Prices, places and names of every table, from Parquet and from CSV."""
    for each in of_format(release, "csv", Languages.EN):
        table = TABLES[str(each.table)]
        frame = pd.read_csv(folder / each.path, encoding="utf-8-sig", dtype_backend="pyarrow")
        exact = pl.read_parquet(
            folder / each.path.replace("csv/en", "parquet").replace(".csv.gz", ".parquet")
        )
        assert [column.name for column in table.columns] == list(frame.columns) == exact.columns
        assert each.rows == len(frame) == exact.height
        for name, kind in exact.schema.items():
            if kind.is_numeric() and name not in table.identifiers:
                assert frame[name].sum() == pytest.approx(exact[name].sum() or 0)


def test_excel_gets_chinese_headings_and_runs_nothing(folder: Path, release: Release) -> None:
    """The mark at the beginning, headings of the dictionary, no more rows than Excel opens, no formula."""
    for each in of_format(release, "csv", Languages.ZH):
        content = gzip.decompress((folder / each.path).read_bytes())
        assert content.startswith(b"\xef\xbb\xbf")
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        assert TABLES[str(each.table)].headers(Languages.ZH) == header
        assert each.rows == len(rows) < EXCEL_ROWS
        assert [] == [
            cell for row in rows for cell in row if cell[:1] in tuple("=+@-\t\r") and not _is_number(cell)
        ]
    names = [row[3] for row in _rows(folder / "csv/zh/pharmacy.csv.gz")]
    assert f"'{ODD_NAMES[0]}" in names


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8-sig"), newline="")))[
        1:
    ]


def test_hard_names_come_back_as_they_were(folder: Path) -> None:
    """Line breaks, quotes and signs, in the formats that mark nothing; empty and not stated are two things."""
    lines = gzip.decompress((folder / "jsonl/pharmacy.jsonl.gz").read_bytes()).decode().splitlines()
    rows = {row["name"]: row for row in map(json.loads, lines)}
    exact = pl.read_parquet(folder / "parquet/pharmacy.parquet")
    assert set(ODD_NAMES) <= set(rows) & set(exact["name"])
    assert (None, "") == (rows[ODD_NAMES[0]]["address"], rows[ODD_NAMES[1]]["address"])
    assert all(isinstance(row["id"], str) for row in rows.values())


#: frictionless leaves the files that it unpacks open
leaves_open = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@leaves_open
def test_frictionless_validates_the_data_package(folder: Path) -> None:
    """Descriptor, checksums, headers, types, required values and keys of all tables."""
    report = Package(str(folder / "datapackage.json")).validate()
    assert [] == report.flatten(["title", "rowNumber", "fieldName", "note"])
    assert report.valid
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert "https://datapackage.org/profiles/2.0/datapackage.json" == described["$schema"]
    assert set(TABLES) == {each["name"].partition("-")[0] for each in described["resources"]}


@leaves_open
def test_a_wrong_value_would_be_found(folder: Path, tmp_path: Path) -> None:
    """The package's schema is a check that can fail: a text where a number belongs."""
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    (resource,) = (each for each in described["resources"] if each["name"] == "region")
    content = gzip.decompress((folder / resource["path"]).read_bytes()).replace(b",1,", b",one,", 1)
    (tmp_path / "region.csv.gz").write_bytes(gzip.compress(content))
    resource |= {"path": "region.csv.gz"}
    del resource["bytes"], resource["hash"]
    (tmp_path / "datapackage.json").write_text(json.dumps(described | {"resources": [resource]}), "utf-8")
    assert ["type-error"] == Package(str(tmp_path / "datapackage.json")).validate().flatten(["type"])[0]


def test_catalogues_name_every_file_with_its_checksum(folder: Path, release: Release) -> None:
    """DCAT by table and file, the same in data.json; addresses are the permanent ones."""
    catalog = json.loads((folder / "catalog.jsonld").read_text("utf-8"))
    data_files = {
        each.path: each for each in release.files if each.format in ("csv", "parquet", "jsonl", "sqlite")
    }
    found = {
        each["@id"]: each for dataset in catalog["dcat:dataset"] for each in dataset["dcat:distribution"]
    }
    assert {f"/releases/{release.id}/{path}" for path in data_files} == set(found)
    for path, file in data_files.items():
        told = found[f"/releases/{release.id}/{path}"]
        assert file.sha256 == told["spdx:checksum"]["spdx:checksumValue"]["@value"]
        assert media_type(path) == told["dcat:mediaType"]
    harvested = json.loads((folder / "data.json").read_text("utf-8"))["dataset"]
    assert list(TABLES) == [each["identifier"].partition("/")[2] for each in harvested]


def test_what_has_no_source_is_declared_empty_and_says_so(folder: Path, release: Release) -> None:
    """In the manifest, the data package and the dictionary."""
    absent = {each.name: each.absent for each in release.tables if each.absent}
    assert {"price_warning", "credit_rating", "purchase_ban"} == set(absent)
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    explained = {line["table"] for line in json.loads((folder / "dictionary.json").read_text("utf-8"))}
    for name, why in absent.items():
        assert 0 == release.row_counts[name]
        (resource,) = (each for each in described if each["name"] == name)
        assert why is not None
        assert why.zh in resource["description"]
        assert name in explained


def test_everything_is_sealed(folder: Path, release: Release) -> None:
    """Checksums of all files but themselves; nothing can be written; what the manifest names is there."""
    verify(folder)
    named = {line.partition("  ")[2] for line in (folder / SUMS_NAME).read_text("utf-8").splitlines()}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == named | {SUMS_NAME}
    assert {each.path for each in release.files} | {"manifest.json"} == named
    assert {0o444} == {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}


def test_people_can_read_and_cite_it(folder: Path, release: Release) -> None:
    """README, citation in two languages and as CFF, the dictionary with the mark for Excel; feeds that parse."""
    assert release.id in (folder / "README.md").read_text("utf-8")
    citation = (folder / "citation.txt").read_text("utf-8").splitlines()
    assert 2 == len(citation)
    assert all(release.id in line and "CC-BY-4.0" in line for line in citation)
    cff = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    assert ("dataset", release.id, "1.2.0") == (cff["type"], cff["version"], cff["cff-version"])
    assert (folder / "dictionary.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "{http://www.w3.org/2005/Atom}feed" == Xml.fromstring((folder / "feed.atom").read_bytes()).tag  # noqa: S314


def test_a_province_can_be_read_alone(folder: Path, release: Release) -> None:
    """Its places, their items, the medicines behind them; together the provinces are the whole."""
    assert ["43", "44"] == [each.code for each in release.provinces]
    whole = sum(release.row_counts[table] for table in ("on_sale", "institution_medicine"))
    assert whole == sum(each.rows for each in release.provinces)
    for province in release.provinces:
        with closing(sqlite3.connect(f"file:{folder / province.sqlite}?immutable=1", uri=True)) as connection:
            found = connection.execute(
                "SELECT DISTINCT substr(region_code, 1, 2) FROM on_sale o JOIN pharmacy p ON p.id = o.pharmacy_id"
                " JOIN local_item i ON i.id = o.item_id JOIN product m ON m.id = i.product_id"
            ).fetchall()
            (rows,) = connection.execute(
                "SELECT (SELECT count(*) FROM on_sale) + (SELECT count(*) FROM institution_medicine m"
                " JOIN institution n ON n.id = m.institution_id JOIN institution_item i ON i.id = m.item_id"
                " JOIN product p ON p.id = i.product_id)"
            ).fetchone()
        assert [(province.code,)] == found
        assert province.rows == rows


def test_the_longest_file_still_opens_in_excel(tmp_path: Path) -> None:
    """What is longer goes on in a further file, with its own header."""
    table = TABLES["feed"]
    files = CsvFiles(tmp_path, table, None, most_rows=3)
    values = {column.name: [f"{column.name}{number}" for number in range(7)] for column in table.columns}
    batch = pa.RecordBatch.from_pydict(values, table.arrow())
    for start in (0, 4):
        files.write(Rows(batch.slice(start, 4), batch.slice(start, 4)))
    written = [each for each in files.close() if each.language == Languages.ZH]
    assert ["csv/zh/feed.csv.gz", "csv/zh/feed-2.csv.gz", "csv/zh/feed-3.csv.gz"] == [
        each.path for each in written
    ]
    assert [3, 3, 1] == [each.rows for each in written]
    cells = [row[0] for each in written for row in _rows(tmp_path / each.path)]
    assert [f"code{number}" for number in range(7)] == cells
