"""Trace codes of medicines (药品追溯码): the part that names the pack's kind, never the serial number of one pack."""

import re

from schema.identifiers import IdentifierError, shown
from schema.names import fold_text

_WHOLE = re.compile(r"8[0-9]{19}")
_PREFIX = re.compile(r"8[0-9]{6}")


def trace_prefix_of(raw: str) -> str:
    """The 7 digits (药品标识码) that a trace code of 20 digits begins with, or that stand alone.

    Only the form that most packs bear is read: 20 digits from 8. It has no check digit. Raises IdentifierError
    (``trace_code.shape``) for any other, GS1 codes among them.
    """
    digits = re.sub(r"[\s-]", "", fold_text(raw))
    if _WHOLE.fullmatch(digits) or _PREFIX.fullmatch(digits):
        return digits[:7]
    raise IdentifierError(
        "trace_code.shape",
        f"追溯码应为 8 开头的 20 位数字（或其前 7 位），这里是“{shown(digits)}”。",
        f"Expected a trace code of 20 digits from 8, or its first 7; found {shown(digits)!r}.",
    )
