"""`datapackage.json`: a Data Package, version 2, of the CSV files with English headers."""

from typing import Any

from publish.identity import DESCRIPTION, KEYWORDS, NAME, PUBLISHER, TITLE
from publish.layout import Languages
from publish.manifest import File, Release
from publish.tables import PublicTable, public_tables
from schema.declare import EntityField, Label
from schema.dictionary import Entry

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
_SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
#: kind of the dictionary → type of Table Schema
_TYPES = {
    "identifier": "integer",
    "text": "string",
    "integer": "integer",
    "decimal": "number",
    "date": "date",
    "instant": "datetime",
    "boolean": "boolean",
}


def data_package(release: Release) -> dict[str, Any]:
    """The package of a release. Paths lead from the file's own folder."""
    tables = {table.name: table for table in public_tables()}
    files = [each for each in release.files if each.format == "csv" and each.language == Languages.EN]
    return {
        "$schema": PROFILE,
        "name": NAME,
        "id": release.id,
        "version": release.id,
        "title": str(TITLE),
        "description": str(DESCRIPTION),
        "keywords": [word for each in KEYWORDS for word in (each.zh, each.en)],
        "created": release.data_as_of,
        "licenses": [
            {
                "name": release.licence.name,
                "path": release.licence.url,
                "title": str(release.licence.title),
            }
        ],
        "contributors": [{"title": str(PUBLISHER), "roles": ["publisher"]}],
        "resources": [_resource(each, tables[str(each.table)]) for each in files],
    }


def description_of(table: PublicTable) -> Label:
    """What a table is, and why it is empty where it cannot be else."""
    if table.absent is None:
        return table.label
    return Label(f"{table.label.zh}。{table.absent.zh}", f"{table.label.en}: {table.absent.en}")


def _resource(file: File, table: PublicTable) -> dict[str, Any]:
    name = file.path.removeprefix(f"csv/{Languages.EN}/").removesuffix(".csv.gz")
    return {
        "$schema": _RESOURCE_PROFILE,
        "name": name.replace("/", "-"),
        "type": "table",
        "path": file.path,
        "title": str(table.label),
        "description": str(description_of(table)),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "$schema": _SCHEMA_PROFILE,
            "fields": [
                _field(column, entry) for column, entry in zip(table.columns, table.dictionary(), strict=True)
            ],
            "primaryKey": list(table.key),
            "missingValues": [""],
        },
    }


def _field(column: EntityField, entry: Entry) -> dict[str, Any]:
    unit = Label(f"单位：{entry.unit}", f"unit: {entry.unit}") if entry.unit else None
    described = [str(each) for each in (column.label, column.declaration.note, unit) if each]
    return {
        "name": column.name,
        "type": _TYPES[entry.kind],
        "title": entry.label_zh,
        "description": "；".join(described),
        "constraints": {"required": not column.nullable},
    }
