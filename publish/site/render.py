"""Rendering a page of ours from its template."""

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response


async def page(datasette: Datasette, request: Request, template: str, **context: Any) -> Response:
    """The page that a template makes of some rows."""
    return Response.html(await datasette.render_template(template, context, request=request))
