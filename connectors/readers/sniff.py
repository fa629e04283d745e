"""What kind of file this is, told from its content; its name is never asked."""

import codecs
import re
from enum import Enum, auto
from pathlib import Path

from connectors.readers import refusals
from connectors.readers.unpack import GZIP_MAGIC, open_unpacked

HEAD_BYTES = 1 << 16


class Format(Enum):
    """The kinds of files that are read."""

    SPREADSHEET = auto()
    JSON_LINES = auto()
    JSON_DOCUMENT = auto()
    XML = auto()
    DELIMITED = auto()


ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
#: the container of XLS, and of XLSX under a password
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: first bytes of files that people send by mistake → what they are, Chinese and English
_STRANGERS = {
    b"%PDF": ("PDF", "a PDF"),
    b"\x89PNG": ("图片", "a picture"),
    b"\xff\xd8\xff": ("图片", "a picture"),
    b"GIF8": ("图片", "a picture"),
    b"\x7fELF": ("程序", "a program"),
    b"MZ\x90": ("程序", "a program"),
    b"Rar!": ("RAR 压缩包", "a RAR archive"),
    b"7z\xbc\xaf": ("7z 压缩包", "a 7z archive"),
    b"SQLite format 3": ("数据库", "a database"),
    b"PAR1": ("Parquet", "Parquet"),
    GZIP_MAGIC: ("重复压缩的文件", "packed twice"),
}

_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
#: blanks, byte order marks, and the zeros of a file that was never written to the end
_BLANKS = b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff"

_HTML = re.compile(
    r"<(?:!doctype\s+html|\?xml[^>]*>\s*<html|(?:html|head|body|table|meta|script|style|div)\b)", re.I
)
#: a prolog, a comment, a document type, or the first element
_XML = re.compile(r"<(?:\?xml\b|!--|!DOCTYPE\b|[\w\u0080-\u00ff])")

#: `[` of an array of objects, or of the one list of them in an object that else holds plain values, up to the `[`;
#: the object may itself be the `data` of such an object, as the answers of many platforms are
DOCUMENT_START = re.compile(
    r"""(?:(?:\{[^{}\[\]]*"(?:data|result|page)"\s*:\s*){0,2}\{[^{}\[\]]*"(?:records|rows|data|list)"\s*:\s*)?"""
    r"""\[(?=\s*[{\]])"""
)

#: one envelope written over several lines; on one line it is a JSON line, and as many may follow as like
_ENVELOPE_START = re.compile(r'\{[^{}\[\]]*\n[^{}\[\]]*"\w*[Ll]ist"\s*:\s*\[')


def sniff(path: Path) -> Format:
    """Tell the format of a file.

    Raises RefusedFileError `file.empty`, `file.html` or `file.unknown_format`, and what unpacking raises.
    """
    head, codec = _head(path)
    if head.startswith((*ZIP_MAGICS, OLE_MAGIC)):
        return Format.SPREADSHEET
    for magic, (zh, en) in _STRANGERS.items():
        if head.startswith(magic):
            raise refusals.unknown_format(
                f"这是{zh}，不是表格。请上传 Excel（.xlsx、.xls）或 CSV 文件。",
                f"This is {en}, not a table. Send XLSX, XLS or CSV.",
            )
    return _text_format(head.decode(codec, "ignore").lstrip("\ufeffï»¿ \t\r\n"))


def _head(path: Path) -> tuple[bytes, str]:
    """Return the first stretch that is not all blank, and the codec which shows its ASCII characters."""
    with open_unpacked(path) as file:
        head = file.read(HEAD_BYTES)
        codec = next((codec for bom, codec in _WIDE.items() if head.startswith(bom)), "latin-1")
        while head and not head.strip(_BLANKS):
            head = file.read(HEAD_BYTES)
    if not head:
        raise refusals.empty()
    return head, codec


def _text_format(head: str) -> Format:
    if _HTML.match(head):
        raise refusals.html()
    if "\x00" in head:
        raise refusals.unknown_format(
            "文件不是文本，也不是 Excel，无法读取。请另存为 .xlsx 或“CSV UTF-8”后再上传。",
            "Neither text nor a workbook. Save as .xlsx or CSV UTF-8.",
        )
    if _XML.match(head):
        return Format.XML
    if DOCUMENT_START.match(head) or _ENVELOPE_START.match(head):
        return Format.JSON_DOCUMENT
    return Format.JSON_LINES if head.startswith("{") else Format.DELIMITED
