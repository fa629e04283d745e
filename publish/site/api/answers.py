"""How answers are wrapped: which release they are of, their rows, where the next page is."""

import json
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.api.parameters import Asked, cursor
from publish.site.served import served_by

#: what every answer says of itself, and its JSON schema
_HEAD_SCHEMA = {
    "release": {"type": "string", "description": "发布版本 release"},
    "data_as_of": {"type": "string", "format": "date-time", "description": "数据截至 data as of"},
    "licence": {"type": "string", "description": "许可 licence"},
    "is_demonstration": {
        "type": "boolean",
        "description": "是否演示数据 whether these are demonstration data",
    },
}


def one(datasette: Datasette, **parts: Any) -> Response:
    """An answer about one thing."""
    return _json({**_head(datasette), **parts})


def some(
    datasette: Datasette, request: Request, asked: Asked, rows: list[dict[str, Any]], keys: list[list[Any]]
) -> Response:
    """A page of rows; there is one more than asked for where another page follows."""
    shown = rows[: asked.limit]
    next_url = None
    if len(rows) > asked.limit:
        following = {**asked.values, "limit": asked.limit, "after": cursor(keys[asked.limit - 1])}
        next_url = f"{served_by(datasette).settings.url}{request.path}?{urlencode(following)}"
    response = _json({**_head(datasette), "rows": shown, "next": next_url})
    if next_url:
        response.headers["Link"] = f'<{next_url}>; rel="next"'
    return response


def one_schema(**parts: dict[str, Any]) -> dict[str, Any]:
    """The JSON schema of an answer about one thing."""
    properties = {**_HEAD_SCHEMA, **parts}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def some_schema(row: dict[str, Any]) -> dict[str, Any]:
    """The JSON schema of a page of such rows."""
    following = {"type": ["string", "null"], "format": "uri", "description": "下一页 the next page"}
    return one_schema(rows={"type": "array", "items": row}, next=following)


def _head(datasette: Datasette) -> dict[str, Any]:
    site = served_by(datasette)
    return {
        "release": site.release.id,
        "data_as_of": site.release.data_as_of,
        "licence": site.release.licence.name,
        "is_demonstration": site.is_demo,
    }


def _json(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8")
