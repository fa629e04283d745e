"""`catalog.jsonld` (DCAT 3) and `data.json` (the catalogue form of DCAT-US 1.1): what catalogues harvest."""

from typing import Any

from publish.describe.package import description_of
from publish.identity import DESCRIPTION, KEYWORDS, PUBLISHER, TITLE
from publish.layout import CATALOG_NAME, address_of
from publish.manifest import File, Release
from publish.tables import PublicTable, public_tables
from schema.declare import Label

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FORMATS = {"sqlite": "SQLite", "parquet": "Parquet", "csv": "CSV", "jsonl": "JSON Lines"}


def catalog(release: Release) -> dict[str, Any]:
    """The catalogue: a dataset for each table, a distribution for each file. Addresses are those of the site."""
    return {
        "@context": _CONTEXT,
        "@id": address_of(release.id, CATALOG_NAME),
        "@type": "dcat:Catalog",
        "dct:title": _both(TITLE),
        "dct:description": _both(DESCRIPTION),
        "dct:publisher": _publisher(),
        "dct:license": {"@id": release.licence.url},
        "dct:modified": _instant(release.data_as_of),
        "dcat:version": release.id,
        "dcat:dataset": [_whole(release), *(_dataset(release, table) for table in public_tables())],
    }


def data_json(release: Release) -> dict[str, Any]:
    """The same for harvesters that know `data.json` only. Nobody to write to is named: releases name no person."""
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dataset": [_plain(release, table) for table in public_tables()],
    }


def _whole(release: Release) -> dict[str, Any]:
    files = [each for each in release.files if each.format == "sqlite"]
    return {
        "@id": address_of(release.id, ""),
        "@type": "dcat:Dataset",
        "dct:title": _both(TITLE),
        "dct:description": _both(DESCRIPTION),
        "dcat:keyword": [each for word in KEYWORDS for each in _both(word)],
        **_common(release),
        "dcat:distribution": [_distribution(release, each) for each in files],
    }


def _dataset(release: Release, table: PublicTable) -> dict[str, Any]:
    return {
        "@id": f"{address_of(release.id, '')}#{table.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{release.id}/{table.name}",
        "dct:title": _both(table.label),
        "dct:description": _both(description_of(table)),
        "dcat:keyword": [each for word in KEYWORDS for each in _both(word)],
        **_common(release),
        "dcat:distribution": [_distribution(release, each) for each in _files(release, table)],
    }


def _common(release: Release) -> dict[str, Any]:
    return {
        "dct:publisher": _publisher(),
        "dct:license": {"@id": release.licence.url},
        "dct:accessRights": {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"},
        "dct:modified": _instant(release.data_as_of),
        "dcat:version": release.id,
    }


def _distribution(release: Release, file: File) -> dict[str, Any]:
    address = address_of(release.id, file.path)
    described = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _name(file),
        "dcat:downloadURL": {"@id": address},
        "dcat:accessURL": {"@id": address},
        "dcat:mediaType": file.media_type,
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.bytes)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
        },
        "dct:license": {"@id": release.licence.url},
    }
    return described | ({"dct:language": file.language} if file.language else {})


def _plain(release: Release, table: PublicTable) -> dict[str, Any]:
    return {
        "@type": "dcat:Dataset",
        "identifier": f"{release.id}/{table.name}",
        "title": str(table.label),
        "description": str(description_of(table)),
        "keyword": [word for each in KEYWORDS for word in (each.zh, each.en)],
        "modified": release.data_as_of,
        "publisher": {"@type": "org:Organization", "name": str(PUBLISHER)},
        "accessLevel": "public",
        "license": release.licence.url,
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": _name(each),
                "downloadURL": address_of(release.id, each.path),
                "mediaType": each.media_type,
                "format": _FORMATS[str(each.format)],
            }
            for each in _files(release, table)
        ],
    }


def _files(release: Release, table: PublicTable) -> list[File]:
    return [each for each in release.files if each.table == table.name]


def _name(file: File) -> str:
    return " ".join(filter(None, (_FORMATS[str(file.format)], file.language, file.province)))


def _publisher() -> dict[str, Any]:
    return {"@type": "foaf:Organization", "foaf:name": _both(PUBLISHER)}


def _both(label: Label) -> list[dict[str, str]]:
    return [{"@language": "zh", "@value": label.zh}, {"@language": "en", "@value": label.en}]


def _instant(text: str) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": text}
