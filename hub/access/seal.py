"""Seals which rows a caller sees, so that the database believes it: HMAC-SHA256 under a key of its own."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from schema.plan.values import Pass
from schema.reach import OwnerKind, Reach, Sight

#: callers' passes that are kept; most ask often
_MOST_PASSES = 4096


@dataclass(frozen=True, slots=True)
class Sealer:
    """Makes passes. The key as HMAC takes it: filled up to a block and xored with each pad."""

    inner_pad: bytes
    outer_pad: bytes
    _made: dict[Reach, Pass] = field(default_factory=dict)

    def pass_of(self, reach: Reach) -> Pass:
        """The pass of a caller of this reach."""
        found = self._made.get(reach)
        if found is None:
            if len(self._made) >= _MOST_PASSES:
                self._made.clear()
            found = self._made[reach] = Pass(reach, self._sealed(reach))
        return found

    def _sealed(self, reach: Reach) -> str:
        """The seal, a blank, and what is sealed; read by `reach_context()` in the database."""
        said = json.dumps(_said(reach), ensure_ascii=False, sort_keys=True)
        inner = sha256(self.inner_pad + said.encode()).digest()
        return f"{sha256(self.outer_pad + inner).hexdigest()} {said}"


def _said(reach: Reach) -> dict[str, Any]:
    """What the database is told: a division as a range of codes, an organisation as its codes by their kinds."""
    said: dict[str, Any] = {"sight": reach.sight.value}
    if reach.sight is Sight.REGION and reach.code_range is not None:
        said["low"], said["high"] = reach.code_range
    if reach.sight is Sight.OWNERS:
        said |= {kind.value: reach.codes(kind) for kind in OwnerKind}
    return said
