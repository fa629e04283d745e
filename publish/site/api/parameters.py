"""What a query may ask, declared once: read from the address, and described in OpenAPI."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from datasette.utils.asgi import Request

from publish.site.api.problems import ProblemError
from schema.declare import Label

LIMIT_DEFAULT, LIMIT_MAX = 100, 1000
_ID = "[0-9]{1,19}"
_DAY = "[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name in a query or a path: what it means and what it must look like."""

    name: str
    label: Label
    pattern: str = ".{0,100}"
    is_path: bool = False
    is_integer: bool = False
    is_required: bool = False
    is_day: bool = False

    def document(self) -> dict[str, Any]:
        """What OpenAPI says of it."""
        schema: dict[str, Any] = {"type": "string", "pattern": f"^{self.pattern}$"}
        if self.is_day:
            schema["format"] = "date"
        if self.is_integer:
            schema = {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT}
        place = "path" if self.is_path else "query"
        told = {"name": self.name, "in": place, "description": str(self.label), "schema": schema}
        return told | ({"required": True} if self.is_path or self.is_required else {})

    def check(self, value: str) -> str:
        """The value itself; raises ProblemError where it does not look like one."""
        is_good = re.fullmatch(self.pattern, value, re.DOTALL) is not None
        if is_good and self.is_integer:
            is_good = 1 <= int(value) <= LIMIT_MAX
        if is_good and self.is_day:
            is_good = _is_day(value)
        if not is_good:
            raise ProblemError(400, "parameter", f"{self.name}: {self.label}")
        return value


LIMIT = Parameter(
    "limit", Label("一页行数，1 至 1000", "rows of a page, 1 to 1000"), "[0-9]{1,4}", is_integer=True
)
AFTER = Parameter(
    "after", Label("上一页给出的续页标记", "where the page before ended"), "[A-Za-z0-9_=-]{1,400}"
)
REGION = Parameter("region", Label("行政区划代码，六位", "division code of six digits"), "[0-9]{6}")
QUERY = Parameter("q", Label("查询词", "what to look for"), r"[^\u0000]{1,100}", is_required=True)
MEDICINE = Parameter("medicine", Label("药品概念标识", "identifier of a concept"), _ID, is_path=True)
LIST = Parameter("list", Label("清单标识", "identifier of a list"), _ID, is_path=True)
ON_DAY = Parameter(
    "on", Label("哪一天，如 2025-03-01；不写为现行", "a day; the present without one"), _DAY, is_day=True
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that was understood."""

    values: Mapping[str, str]
    limit: int
    #: key of the row behind which the page begins
    after: list[Any] | None

    def get(self, name: str) -> str | None:
        """The value of a parameter, if it was given."""
        return self.values.get(name)


def read_query(request: Request, parameters: tuple[Parameter, ...]) -> Asked:
    """The query of a request. Raises ProblemError for what is unknown, given twice or not well formed.

    A page ignores what it does not know. Here a misspelt filter would give rows that nobody asked for.
    """
    known = {parameter.name: parameter for parameter in parameters if not parameter.is_path}
    values: dict[str, str] = {}
    for name in request.args:
        given = request.args.getlist(name)
        if name not in known:
            raise ProblemError(
                400, "unknown-parameter", f"没有这个参数 there is no such parameter: {name[:60]}"
            )
        if len(given) != 1:
            raise ProblemError(400, "parameter", f"参数重复 given twice: {name}")
        values[name] = known[name].check(given[0])
    missing = [name for name, parameter in known.items() if parameter.is_required and name not in values]
    if missing:
        raise ProblemError(400, "parameter", f"缺少参数 missing: {missing[0]}")
    after = _decoded(values.pop("after")) if "after" in values else None
    return Asked(values, int(values.pop("limit", LIMIT_DEFAULT)), after)


def cursor(key: list[Any]) -> str:
    """The mark of where a page ends."""
    return (
        urlsafe_b64encode(json.dumps(key, ensure_ascii=False, separators=(",", ":")).encode())
        .decode()
        .rstrip("=")
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _decoded(text: str) -> list[Any]:
    try:
        key = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise ProblemError(
            404, "after", "续页标记不是本接口给出的 not a mark that this interface gave"
        ) from error
    if not isinstance(key, list) or not all(isinstance(part, str | int) for part in key):
        raise ProblemError(404, "after", "续页标记不是本接口给出的 not a mark that this interface gave")
    return key
