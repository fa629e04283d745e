"""The description of the interface: OpenAPI 3.1, made from the endpoints."""

from typing import Any

from publish.site.api.endpoints import ENDPOINTS, Endpoint
from publish.site.strings import catalogue

_PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}


def openapi(url: str, licence: tuple[str, str]) -> dict[str, Any]:
    """The document for a site at this address, whose data are under this licence (name, address)."""
    name, licence_url = licence
    return {
        "openapi": "3.1.0",
        "info": {
            "title": str(catalogue()["site.title"]),
            "version": "1",
            "description": str(catalogue()["api.description"]),
            "license": {"name": name, "url": licence_url},
        },
        "servers": [{"url": url}],
        "paths": {endpoint.path: {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    problem = {
        "description": "请求有误，或没有这条数据 The request is wrong, or there is no such thing",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {
        "operationId": endpoint.name,
        "summary": str(endpoint.label),
        "parameters": [parameter.document() for parameter in endpoint.parameters],
        "responses": {
            "200": {
                "description": str(endpoint.label),
                "content": {"application/json": {"schema": endpoint.schema}},
            },
            "304": {"description": "没有变化 Not changed since the given ETag"},
            "400": problem,
            "404": problem,
        },
    }
