"""What kind of file arrived: told from its bytes, and refused with a reason where it is no table."""

import gzip
from pathlib import Path

import pytest

from connectors.frame import RefusedFileError
from connectors.readers import unpack
from connectors.readers.encoding import DECISIVE_CHARACTERS, detect_encoding
from connectors.readers.sniff import Format, sniff


def write(tmp_path: Path, content: bytes) -> Path:
    """Put a file, under a name that says nothing, where a test can read it."""
    path = tmp_path / "feed.xlsx"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("批准文号,名称\n1,2\n".encode(), Format.DELIMITED),
        ("批准文号\t名称\n".encode("utf-16"), Format.DELIMITED),
        (b'\xef\xbb\xbf\r\n {"a": 1}\n', Format.JSON_LINES),
        ('{"a": 1}\n'.encode("utf-16"), Format.JSON_LINES),
        (b'[{"a": 1}]', Format.JSON_DOCUMENT),
        (b'\xef\xbb\xbf[\n  {"a": 1}\n]', Format.JSON_DOCUMENT),
        ('{"total": 1, "说明": "演示", "records": [{"a": 1}]}'.encode(), Format.JSON_DOCUMENT),
        (b'{"a": {"b": 1}, "records": [{"a": 1}]}', Format.JSON_LINES),
        (b"PK\x03\x04rest", Format.SPREADSHEET),
        (b"<?xml version='1.0'?><rows/>", Format.XML),
        ("<数据><行/></数据>".encode("gb18030"), Format.XML),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", Format.SPREADSHEET),
        (gzip.compress(b'{"a": 1}\n', mtime=0), Format.JSON_LINES),
    ],
)
def test_content_tells_the_format(tmp_path: Path, content: bytes, expected: Format) -> None:
    """The first bytes decide, whatever the file is called and whether it is packed."""
    assert sniff(write(tmp_path, content)) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\xef\xbb\xbf \r\n\t\n", "file.empty"),
        ("\n \n".encode("utf-16"), "file.empty"),
        (b"\n" * 200_000, "file.empty"),
        (gzip.compress(b"", mtime=0), "file.empty"),
        (b"\xef\xbb\xbf\n <!DOCTYPE html><html>", "file.html"),
        (b"<table><tr><td>1</td></tr></table>", "file.html"),
        ("<html><body>登录已过期</body></html>".encode("utf-16"), "file.html"),
        (b"%PDF-1.7", "file.unknown_format"),
        (b"\x89PNG\r\n\x1a\n\x00", "file.unknown_format"),
        (b"\x7fELF\x02", "file.unknown_format"),
        (b"abc\x00def", "file.unknown_format"),
        ("批准文号,名称".encode("utf-16-le"), "file.unknown_format"),
        (gzip.compress(gzip.compress(b"a,b", mtime=0), mtime=0), "file.unknown_format"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    """Each kind of file that people send by mistake has its own reason."""
    with pytest.raises(RefusedFileError) as refused:
        sniff(write(tmp_path, content))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("名称".encode(), "utf-8"),
        ("名称".encode("utf-8-sig"), "utf-8-sig"),
        ("名称".encode("utf-16"), "utf-16"),
        ("名称".encode("gb18030"), "gb18030"),
        ("䶮𠮷".encode("gb18030"), "gb18030"),
        (b"name", "utf-8"),
    ],
)
def test_encoding_is_found(tmp_path: Path, content: bytes, expected: str) -> None:
    """Byte order marks and trial decoding name the encoding."""
    assert detect_encoding(write(tmp_path, content)) == expected


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_encoding_is_found_behind_a_megabyte_of_ascii(tmp_path: Path, codec: str) -> None:
    """A file that is ASCII for its first megabyte is read on until a character beyond it shows."""
    content = b"a,b\n" * 300_000 + "硝酸甘油".encode(codec)
    assert detect_encoding(write(tmp_path, content)) == codec


def test_utf8_is_settled_by_enough_characters(tmp_path: Path) -> None:
    """A stray byte behind much valid UTF-8 does not turn the file into GB18030."""
    content = ("药" * DECISIVE_CHARACTERS).encode() + b"\xff"
    assert detect_encoding(write(tmp_path, content)) == "utf-8"


def test_utf32_is_refused(tmp_path: Path) -> None:
    """UTF-32 is refused by name rather than read as UTF-16 with zeros."""
    with pytest.raises(RefusedFileError) as refused:
        detect_encoding(write(tmp_path, "名称".encode("utf-32")))
    assert refused.value.code == "file.unknown_encoding"


def test_cut_off_gzip_is_refused(tmp_path: Path) -> None:
    """A packed file without its end is refused as cut off."""
    with pytest.raises(RefusedFileError) as refused:
        sniff(write(tmp_path, gzip.compress(b"a,b\n1,2\n")[:-4]))
    assert refused.value.code == "file.truncated_gzip"


def test_gzip_bomb_is_refused(tmp_path: Path) -> None:
    """A packed file that unpacks a thousandfold is refused while it is being unpacked."""
    path = write(tmp_path, gzip.compress(b"\n" * (unpack.RATIO_FREE_BYTES + 1)))
    with pytest.raises(RefusedFileError) as refused:
        sniff(path)
    assert refused.value.code == "file.too_large_unpacked"
