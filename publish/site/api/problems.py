"""What an answer says when there is none: problem details, RFC 9457."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from datasette.utils.asgi import Response


@dataclass
class ProblemError(Exception):
    """A request that cannot be answered, as its sender is told."""

    status: int
    code: str
    detail: str


def problem_response(problem: ProblemError) -> Response:
    """The answer."""
    body = {
        "type": f"/api#{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    kind = "application/problem+json; charset=utf-8"
    return Response(json.dumps(body, ensure_ascii=False), status=problem.status, content_type=kind)
