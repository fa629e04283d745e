"""The second factor: codes by time, recovery codes, and what is sealed."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from hub.access.sealing import PATTERN, Seal, SealError, load_or_create_seal
from hub.access.second_factor import (
    accepted_step,
    new_recovery_codes,
    new_secret,
    provisioning_uri,
    qr_svg,
    recovery_digests,
    without_code,
)

#: RFC 6238, appendix B: the secret of its test values, in base32
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOW = datetime(2026, 3, 1, 8, 0, 10, tzinfo=UTC)
SEAL = Seal([Fernet.generate_key()])


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """The values of RFC 6238, the last six of their eight digits."""
    assert accepted_step(SECRET, code, datetime.fromtimestamp(seconds, UTC), None) == seconds // 30


def test_a_code_with_a_blank_is_taken() -> None:
    """Apps show two groups of three."""
    code = pyotp.TOTP(SECRET).at(NOW)
    assert accepted_step(SECRET, f" {code[:3]} {code[3:]} ", NOW, None) is not None


@given(st.integers(-5, 5), st.integers(-3, 3))
def test_a_step_is_taken_once_and_in_order(drift: int, last: int) -> None:
    """A code is taken within a step of now, and only if no code of its step or a later one was."""
    present = int(NOW.timestamp()) // 30
    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=30 * drift))
    expected = present + drift if abs(drift) <= 1 and drift > last else None
    assert accepted_step(SECRET, code, NOW, present + last) == expected


@given(st.text(max_size=12))
def test_what_is_no_code_is_refused(code: str) -> None:
    """Other digits of the world's scripts, letters, nothing."""
    if re.fullmatch(r"\s*(?:[0-9]\s*){6}", code) is None:
        assert accepted_step(SECRET, code, NOW, None) is None


def test_a_recovery_code_is_used_up() -> None:
    """It leaves the others; what is no code leaves nothing to do."""
    codes = new_recovery_codes()
    kept = recovery_digests(SEAL, codes)
    left = without_code(SEAL, kept, f" {codes[3].upper()} ")
    assert left == kept[:3] + kept[4:]
    assert without_code(SEAL, left, codes[3]) is None
    assert without_code(SEAL, kept, "") is None


def test_the_picture_is_of_squares_alone() -> None:
    """Whatever the address: no text of it, no script, no style in the SVG."""
    uri = provisioning_uri(new_secret(), "li.hua", "保供 <script>")
    assert uri.startswith("otpauth://totp/")
    assert re.fullmatch(r"<svg [^<>]*>(?:<g [^<>]*>)?(?:<path [^<>]*/>)+(?:</g>)?</svg>", qr_svg(uri))
    assert "script" not in qr_svg(uri)
    assert "style" not in qr_svg(uri)


def test_a_sealed_secret_opens_for_its_purpose_alone() -> None:
    """A row's secret is of no use in another row, nor under another key, nor after its time."""
    sealed = SEAL.seal("totp:li.hua", "秘密")
    assert SEAL.open("totp:li.hua", sealed) == "秘密"
    for other, seal, age in (("totp:wang", SEAL, None), ("totp:li.hua", Seal([Fernet.generate_key()]), None)):
        with pytest.raises(SealError):
            seal.open(other, sealed, age)
    with pytest.raises(SealError):
        SEAL.open("totp:li.hua", b"x" * 100)


def test_a_seal_is_rotated_by_a_second_file(tmp_path: Path) -> None:
    """The newest key seals; what the old one sealed stays readable until its file goes."""
    old = load_or_create_seal(tmp_path).seal("a", "b")
    (tmp_path / PATTERN.replace("*", "0002")).write_bytes(Fernet.generate_key())
    both = load_or_create_seal(tmp_path)
    assert (both.open("a", old), both.open("a", both.seal("a", "c"))) == ("b", "c")
    (tmp_path / PATTERN.replace("*", "0001")).unlink()
    with pytest.raises(SealError):
        load_or_create_seal(tmp_path).open("a", old)
