"""The interface for programs: its endpoints, its description as a file, and as a page."""

import json

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.api.document import openapi
from publish.site.api.endpoints import ENDPOINTS
from publish.site.api.problems import ProblemError, problem_response
from publish.site.render import page
from publish.site.routes import Route, route
from publish.site.served import served_by


async def document(datasette: Datasette, request: Request) -> Response:
    """The OpenAPI document."""
    site = served_by(datasette)
    body = openapi(site.settings.url, (site.release.licence.name, site.release.licence.url))
    return Response(json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8")


async def described(datasette: Datasette, request: Request) -> Response:
    """The same as a page."""
    return await page(datasette, request, "api.html", endpoints=ENDPOINTS)


async def nothing(datasette: Datasette, request: Request) -> Response:
    """Whatever else begins like the interface."""
    return problem_response(ProblemError(404, "address", "没有这个接口 there is no such endpoint"))


ROUTES: list[Route] = [
    route("/api/v1/openapi.json", document),
    route("/api", described),
    *(Route(endpoint.pattern, endpoint.view(), None) for endpoint in ENDPOINTS),
    route("/api/.*", nothing),
]
