"""Zip archives as tables: members are parts of one table; what is hostile or out of reach is refused."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from connectors.frame import RefusedFileError
from connectors.manifest import Layout
from connectors.readers import archive, open_table, original_row
from connectors.readers.archive import ROWS_OF_A_MEMBER, name_of

LAYOUT = Layout("outlets", {"code": ("机构代码",), "name": ("网点名称",)}, ("code",))
CSV = "机构代码,网点名称\n061804,演示支局\n".encode("gb18030")


def zipped(*members: tuple[str, bytes]) -> bytes:
    """An archive of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members:
            package.writestr(name, content)
    return file.getvalue()


def write(tmp_path: Path, content: bytes) -> Path:
    """Put a file where a test can read it."""
    path = tmp_path / "received"
    path.write_bytes(content)
    return path


def rows_of(path: Path) -> list[tuple[object, ...]]:
    """Row number, code and name of every row."""
    chunks = open_table(path, [LAYOUT]).chunks()
    return [row for chunk in chunks for row in chunk.frame.select("row_number", "code", "name").iter_rows()]


def refusal(path: Path) -> str:
    """The code with which a file is refused."""
    with pytest.raises(RefusedFileError) as caught:
        rows_of(path)
    return caught.value.code


def test_the_only_member_is_the_table(tmp_path: Path) -> None:
    """Its rows have the numbers that they would have unpacked, and are read back by them."""
    path = write(tmp_path, zipped(("网点.csv", CSV)))
    assert rows_of(path) == [(2, "061804", "演示支局")]
    assert original_row(path, 2, [LAYOUT]) == "061804,演示支局"


def test_several_members_are_one_table(tmp_path: Path) -> None:
    """Row numbers say which member; formats and columns may differ, the layout may not."""
    lines = '{"机构代码": "061805"}\n'.encode()
    path = write(tmp_path, zipped(("a.csv", CSV), ("b.jsonl", lines)))
    assert rows_of(path) == [(2, "061804", "演示支局"), (ROWS_OF_A_MEMBER + 1, "061805", None)]
    assert original_row(path, ROWS_OF_A_MEMBER + 1, [LAYOUT]) == lines.decode().strip()
    with pytest.raises(LookupError):
        original_row(path, 5 * ROWS_OF_A_MEMBER, [LAYOUT])


def test_folders_and_what_a_mac_leaves_behind_are_no_members(tmp_path: Path) -> None:
    """And names lead nowhere: nothing is unpacked under one."""
    members = (("../../etc/", b""), ("__MACOSX/._a.csv", b"x"), (".DS_Store", b"x"), ("../../../a.csv", CSV))
    assert rows_of(write(tmp_path, zipped(*members))) == [(2, "061804", "演示支局")]
    assert [path.name for path in tmp_path.iterdir()] == ["received"]


def test_a_member_of_another_layout_refuses_the_whole(tmp_path: Path) -> None:
    """Half an archive is not taken in."""
    assert refusal(write(tmp_path, zipped(("a.csv", CSV), ("b.csv", b"x,y\n1,2\n")))) == "file.no_header"


def test_an_archive_without_a_file_is_empty(tmp_path: Path) -> None:
    """Also one with folders only."""
    assert refusal(write(tmp_path, zipped(("a/", b"")))) == "file.empty"


def test_a_password_is_told_with_the_name_as_its_sender_wrote_it(tmp_path: Path) -> None:
    """A name in GBK, which says nothing of being so, is read as such."""
    packed = bytearray(zipped(("aaaa.csv", CSV)))
    name = "网点".encode("gbk")
    for at in (packed.find(b"aaaa"), packed.rfind(b"aaaa")):
        packed[at : at + 4] = name
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = packed.find(magic) + offset
        packed[at : at + 2] = struct.pack("<H", 1)
    with pytest.raises(RefusedFileError) as caught:
        rows_of(write(tmp_path, bytes(packed)))
    assert caught.value.code == "file.encrypted_zip"
    assert "网点.csv" in caught.value.hint.zh


def test_names_that_are_utf8_stay(tmp_path: Path) -> None:
    """Their flag says so."""
    with zipfile.ZipFile(io.BytesIO(zipped(("网点.csv", CSV)))) as package:
        assert name_of(package.infolist()[0]) == "网点.csv"


def test_a_bomb_is_refused_by_its_own_sizes(tmp_path: Path) -> None:
    """Blanks that unpack to many times their size."""
    assert refusal(write(tmp_path, zipped(("a.csv", b" " * (17 << 20))))) == "file.too_large_unpacked"


def test_a_bomb_that_hides_its_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    """The directory says 10 bytes: whatever the stream holds, the checksum fails after them."""
    packed = bytearray(zipped(("a.csv", CSV + b" " * (1 << 20))))
    at = packed.find(b"PK\x01\x02") + 24
    packed[at : at + 4] = struct.pack("<I", 10)
    assert refusal(write(tmp_path, bytes(packed))) == "file.broken_zip"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    """Each would cost a look."""
    many = [(f"{n}.csv", b"") for n in range(archive.MAX_MEMBERS + 1)]
    assert refusal(write(tmp_path, zipped(*many))) == "file.too_many_members"


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    """Its checksum fails."""
    packed = bytearray(zipped(("a.csv", CSV * 50)))
    packed[45] ^= 0xFF
    assert refusal(write(tmp_path, bytes(packed))) == "file.broken_zip"


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    """One layer is what people send."""
    assert refusal(write(tmp_path, zipped(("a.zip", zipped(("a.csv", CSV)))))) == "file.unknown_format"
