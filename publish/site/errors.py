"""Error answers: in the frame of the site, in Chinese, and without a word about its insides."""

import json
import logging
import sqlite3
from typing import Any

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Request, Response
from datasette.views.base import DatasetteError

from publish.site.api.problems import ProblemError, problem_response
from publish.site.strings import catalogue, text

_log = logging.getLogger(__name__)


def status_of(exception: Exception) -> int:
    """The HTTP status that an exception means: what the visitor sent wrong is 400 or 404, what we did is 500."""
    # Datasette gives some visitors' mistakes (a column that cannot be sorted by) no status, and lets malformed
    # filters (`__in=[`) and row addresses with too few parts through to here.
    if isinstance(exception, DatasetteError | ValueError | sqlite3.ProgrammingError):
        return 400
    if isinstance(exception, QueryInterrupted):
        return 503
    return int(getattr(exception, "status", 500))


async def exception_response(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """The answer to an exception that a view of Datasette or of ours raised."""
    status = status_of(exception)
    if status >= 500:
        _log.error("request failed", exc_info=exception)
    # Only rows have addresses of three parts; one that cannot be read names none.
    names_a_row = status == 400 and request.path.count("/") == 3 and "/-/" not in request.path
    return await error_response(datasette, request, 404 if names_a_row else status)


async def error_response(
    datasette: Datasette, request: Request, status: int, key: str | None = None, **values: Any
) -> Response:
    """An error page, or JSON where the address ends in .json; `key` names a more exact text."""
    known = status if f"error.{status}" in catalogue() else (500 if status >= 500 else 400)
    title = key or f"error.{known}"
    if request.path.startswith("/api/"):
        return problem_response(ProblemError(known, "error", text(title, **values)))
    if request.path.endswith(".json"):
        message = text(title, **values)
        body = json.dumps({"ok": False, "status": status, "error": message}, ensure_ascii=False)
        return Response(body, status, content_type="application/json; charset=utf-8")
    context = {"status": known, "title_key": title, "values": values}
    html = await datasette.render_template("error.html", context, request=request)
    return Response.html(html, status=status)
