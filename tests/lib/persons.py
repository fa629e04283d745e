"""Planted persons, files of the post that hold them in every place and format, and a search for what is left."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import asyncpg
from openpyxl import Workbook

#: invented; each is looked for in every encoding
NAME, OTHER_NAME, PHONE, LANDLINE = "慕容晓霜", "欧阳铁柱", "13812345678", "0755-87654321"
HOME, IDENTITY, MAIL = "桃花岛路九十九号七单元", "440106199001011234", "murong@example.org"
PLANTED = (NAME, OTHER_NAME, PHONE, LANDLINE, "87654321", HOME, IDENTITY, MAIL)

ROW: dict[str, Any] = {
    "邮件号": "RA473124829DK",
    "收寄机构": "061804",
    "收寄时间": "2026-02-20 08:30",
    "寄件单位": "演示医药有限公司",
    "寄件人": OTHER_NAME,
    "寄件人手机": PHONE,
    "收件机构": "演示县人民医院",
    "收件人": NAME,
    "收件地址": HOME,
    "身份证号": IDENTITY,
    "备注": f"{NAME} {LANDLINE}",
    "内件名称": f"注射用硝普钠 收件人：{NAME} 电话{PHONE} {MAIL}",
    "重量": "350克",
    "状态": "签收",
    "状态时间": "2026-02-21 10:00",
}
#: a person's parcel, cells out of place, and a row that cannot be cut
PERSON = ROW | {"邮件号": "1234567890123", "收件机构": NAME, "内件名称": NAME}
NO_CONSIGNEE = ROW | {"邮件号": "1234567890124", "收件机构": ""}
SHIFTED = ROW | {"邮件号": "1234567890125", "收寄机构": NAME, "状态": NAME}
ROWS = (ROW, PERSON, NO_CONSIGNEE, SHIFTED)
EVENTS = [
    {"状态": "收寄", "时间": "2026-02-20 08:30", "机构": "061804", "揽投员": OTHER_NAME},
    {"状态": "投递", "时间": "2026-02-21 09:00", "投递员电话": PHONE, "说明": f"已电联{NAME}"},
]


def csv_text() -> str:
    """Rows under a title that names a person too; one row has a cell too many."""
    lines = [f"经办人：{NAME} {PHONE}", ",".join(ROW)]
    lines += [",".join(str(cell) for cell in row.values()) for row in ROWS]
    return "\n".join([*lines, f"x,{NAME},{PHONE}," + "," * len(ROW), ""])


def json_text() -> str:
    """One document, each record with its events."""
    return json.dumps({"说明": NAME, "records": [row | {"轨迹": EVENTS} for row in ROWS]}, ensure_ascii=False)


def xml_text() -> str:
    """The same as XML, also with a person in a comment and in an attribute."""
    events = "".join(f"<节点>{_elements(event)}</节点>" for event in EVENTS)
    rows = "".join(f'<邮件 经办人="{NAME}">{_elements(row)}<轨迹>{events}</轨迹></邮件>' for row in ROWS)
    prolog = f'<?xml version="1.0" encoding="GB18030"?><!-- {NAME} -->'
    return f"{prolog}<邮件列表><头><制表>{NAME}</制表></头>{rows}</邮件列表>"


def _elements(row: dict[str, Any]) -> str:
    return "".join(f"<{key}>{value}</{key}>" for key, value in row.items())


def xlsx_bytes() -> bytes:
    """The same as a workbook."""
    workbook, file = Workbook(), io.BytesIO()
    sheet = workbook.active
    for row in ([f"经办人：{NAME}"], list(ROW), *(list(row.values()) for row in ROWS)):
        sheet.append(row)
    workbook.save(file)
    return file.getvalue()


def zip_bytes() -> bytes:
    """The same in an archive whose member bears a name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(f"{NAME}.csv", csv_text())
    return file.getvalue()


#: file name → bytes of a file that can be read
READABLE: dict[str, bytes] = {
    "gbk.csv": csv_text().encode("gb18030"),
    "utf8.csv": csv_text().encode("utf-8-sig"),
    "wide.csv": csv_text().encode("utf-16"),
    "packed.csv.gz": gzip.compress(csv_text().encode()),
    "archive.zip": zip_bytes(),
    "book.xlsx": xlsx_bytes(),
    "document.json": json_text().encode(),
    "list.xml": xml_text().encode("gb18030"),
}
#: file name → bytes of a file that is refused
UNREADABLE: dict[str, bytes] = {
    "headless.csv": "\n".join(csv_text().splitlines()[2:]).encode(),
    "lacking.csv": csv_text().replace("收寄时间", f"收寄时刻{PHONE}").encode(),
    "doubled.csv": csv_text().replace("重量", "收件单位").encode(),
    "cut.json": json_text()[:-400].encode(),
    "cut.xml": xml_text()[:-400].encode("gb18030"),
    "doctype.xml": xml_text().replace("<!--", f'<!DOCTYPE r [<!ENTITY a "{NAME}">]><!--').encode("gb18030"),
    "damaged.zip": zip_bytes()[:-30],
    "damaged.xlsx": xlsx_bytes()[:-3000],
    "bad.csv": csv_text().encode("gb18030") + b"\xff\xff" + NAME.encode(),
    "quote.csv": (csv_text() + f'"{NAME}').encode(),
    "page.html": f"<html><body>{NAME} {PHONE}</body></html>".encode(),
    "empty.csv": b"",
}


def found_in(content: bytes) -> list[str]:
    """What of the planted data stands in some bytes, in whichever encoding."""
    encodings = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "unicode_escape")
    return [planted for planted in PLANTED if any(planted.encode(code) in content for code in encodings)]


def found_in_folder(folder: Path) -> dict[str, list[str]]:
    """What of it stands in the names and bytes of a folder's files."""
    found = {
        str(path): found_in(path.read_bytes() + str(path.relative_to(folder)).encode())
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {path: planted for path, planted in found.items() if planted}


async def found_in_tables(connection: asyncpg.Connection) -> dict[str, list[str]]:
    """What of it stands in the rows of any table."""
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = {}
    for (table,) in tables:
        rows = await connection.fetch(f"SELECT t::text FROM {table} t")
        if planted := found_in("\n".join(row[0] for row in rows).encode()):
            found[table] = planted
    return found
