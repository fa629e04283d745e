"""What people read of a release: its README, how to cite it, and the data dictionary as files."""

import csv
import io
import json
from dataclasses import asdict, fields
from typing import Any

from publish.describe.package import description_of
from publish.identity import DESCRIPTION, PUBLISHER, TITLE
from publish.layout import CATALOG_NAME, LATEST, PACKAGE_NAME, SQLITE_NAME, SUMS_NAME, address_of
from publish.manifest import Release
from publish.suppression import SUPPRESSED
from publish.tables import PublicTable, public_dictionary, public_tables
from schema.declare import Label
from schema.dictionary import Entry


def citation(release: Release) -> str:
    """One sentence to copy, Chinese and English."""
    day = release.data_as_of[:10]
    address = address_of(release.id, "")
    return (
        f"{PUBLISHER.zh}：《{TITLE.zh}》，发布版本 {release.id}，数据截至 {day}，{release.licence.name}，{address}\n"
        f"{PUBLISHER.en}: {TITLE.en}, release {release.id}, data as of {day}, {release.licence.name}, {address}\n"
    )


def citation_cff(release: Release) -> str:
    """The same for programs (Citation File Format 1.2.0). JSON is YAML too."""
    cited = {
        "cff-version": "1.2.0",
        "message": "引用时请写明发布版本 Please name the release.",
        "type": "dataset",
        "title": str(TITLE),
        "authors": [{"name": str(PUBLISHER)}],
        "version": release.id,
        "date-released": release.data_as_of[:10],
        "license": release.licence.name,
        "license-url": release.licence.url,
    }
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in cited.items())


def dictionary_json() -> list[dict[str, Any]]:
    """Every column of every table."""
    return [_shown(entry) for entry in public_dictionary()]


def dictionary_csv() -> str:
    """The same as CSV, with the mark that Excel needs."""
    text = io.StringIO()
    names = [field.name for field in fields(Entry) if field.name not in _LEFT_OUT]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(dictionary_json())
    return f"\ufeff{text.getvalue()}"


#: of no use outside the graph: every column of a release is open
_LEFT_OUT = ("release", "scope")


def _shown(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in asdict(entry).items() if name not in _LEFT_OUT}


def releases(known: list[Release]) -> list[dict[str, Any]]:
    """The releases there are, this one first."""
    return [
        {
            "id": each.id,
            "data_as_of": each.data_as_of,
            "rows": sum(each.row_counts.values()),
            "previous": each.previous,
        }
        for each in known
    ]


def readme(release: Release) -> str:
    """What lies in the folder, and how to read it."""
    lines = [
        f"# {TITLE.zh} {TITLE.en}",
        _paragraph(DESCRIPTION),
        _paragraph(_summary(release)),
        "## 文件 Files",
        _files_paragraph(release),
        "## 读取时请注意 Please note",
        _notes(),
        "## 各表 Tables",
        _tables(release),
        "## 引用 To cite",
        f"```\n{citation(release)}```",
    ]
    return "\n\n".join(lines) + "\n"


def _summary(release: Release) -> Label:
    licence, day = release.licence, release.data_as_of
    return Label(
        f"发布版本 {release.id}，数据截至 {day}。许可：{licence.title.zh}（{licence.url}）。{SUPPRESSED.zh}。",
        f"Release {release.id}, data as of {day}. Licence: {licence.title.en}. {SUPPRESSED.en.capitalize()}.",
    )


def _paragraph(label: Label) -> str:
    return f"{label.zh}\n\n{label.en}"


def _files_paragraph(release: Release) -> str:
    national = release.national_rule or Label("", "")
    rows = (
        (SQLITE_NAME, "SQLite，全部表", "SQLite, all tables"),
        ("", f"其中在售、配备表：{national.zh}", f"of what is on sale and kept: {national.en}"),
        (
            "sqlite/<省>.sqlite",
            "各省在售、配备及其药店、医疗机构、药品",
            "what is on sale and kept in a province, where, and its medicines",
        ),
        ("parquet/", "Parquet（zstd），在售、配备按省分", "Parquet (zstd); what is on sale and kept, by province"),
        ("csv/zh/, csv/en/", "CSV.gz，带 BOM，中文或英文表头", "CSV.gz with BOM, Chinese or English headers"),
        ("jsonl/", "JSON Lines，标识为文本", "JSON lines; identifiers are texts"),
        ("dictionary.csv, dictionary.json", "数据字典", "the data dictionary"),
        ("changes/, feed.atom, feed.json", "与上一版的差异", "what changed since the release before"),
        (f"{PACKAGE_NAME}, {CATALOG_NAME}, data.json", "数据包、目录", "data package and catalogues"),
        (f"{SUMS_NAME}, manifest.json", "校验值、清单", "checksums and manifest"),
    )  # fmt: skip
    address = Label(
        f"永久地址 {address_of(release.id, '…')}；最新版 /{LATEST}/…",
        f"Permanent addresses: {address_of(release.id, '…')}; of the newest release /{LATEST}/…",
    )
    table = "\n".join(f"| {name} | {zh} | {en} |" for name, zh, en in rows)
    return f"| | 中文 | English |\n|---|---|---|\n{table}\n\n{_paragraph(address)}"


def _notes() -> str:
    return _paragraph(
        Label(
            "标识为 63 位整数：Excel 只保留 15 位，请按文本导入，或用 Parquet、SQLite。CSV 中以 = + - @ 开头的文本前"
            "加了一个撇号，以免表格软件当作公式执行；其他格式没有。"
            "空值表示来源未载明，不是零，也不是“否”。时间为 UTC。",
            "Identifiers have 63 bits: Excel keeps 15 digits, so import them as text, or take Parquet or SQLite. In"
            " CSV a text that begins with = + - or @ has an apostrophe before it, or a spreadsheet would run it; other"
            " formats have none. Empty means that the source does not say: neither zero nor no. Instants are UTC.",
        )
    )


def _tables(release: Release) -> str:
    rows = "\n".join(
        f"| `{table.name}` | {_told(table)} | {release.row_counts[table.name]:,} |"
        for table in public_tables()
    )
    return f"| 表 table | | 行数 rows |\n|---|---|---|\n{rows}"


def _told(table: PublicTable) -> str:
    described = description_of(table)
    return f"{described.zh} {described.en}"
