"""The second factor: one-time codes by time (RFC 6238), and recovery codes for when the phone is lost."""

import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

import pyotp
import segno

from hub.access.sealing import Seal

#: seconds of a step, digits of a code: what every authenticator app takes
STEP_SECONDS = 30
DIGITS = 6
#: clocks of phones: a code of the step before or after is taken too
DRIFT_STEPS = 1
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A secret of 160 random bits in base32."""
    return pyotp.random_base32(32)


def provisioning_uri(secret: str, user_name: str, issuer: str) -> str:
    """The otpauth: address that an authenticator app takes."""
    return pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=issuer)


def qr_svg(uri: str) -> str:
    """The address as a QR code: an SVG element without styles or scripts, to stand in a page."""
    return segno.make(uri, error="m", micro=False).svg_inline(
        scale=5, border=3, dark="#1b2a33", light="#fff", svgclass="qr", lineclass=None
    )


def accepted_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """The step whose code this is: the present one, or one beside it, and later than any taken before. Else None."""
    typed = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", typed):
        return None
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        # every step is compared, so that time tells nothing
        if hmac.compare_digest(totp.generate_otp(step), typed) and (last_step is None or step > last_step):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Codes good once each, of 50 random bits, to be shown this once."""
    return ["-".join(_word() for _ in range(2)) for _ in range(RECOVERY_CODES)]


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))


def recovery_digests(seal: Seal, codes: Iterable[str]) -> list[bytes]:
    """What is kept of them: keyed, for 50 bits can be guessed from a plain hash."""
    return [_digest(seal, code) for code in codes]


def without_code(seal: Seal, digests: Sequence[bytes], code: str) -> list[bytes] | None:
    """What is left when this recovery code is used up; None where it is none of them."""
    used = _digest(seal, code)
    left = [each for each in digests if not hmac.compare_digest(each, used)]
    return left if len(left) < len(digests) else None


def _digest(seal: Seal, code: str) -> bytes:
    plain = re.sub(r"[\s-]", "", code).lower()
    return seal.digest(f"recovery:{plain}")
