"""How the pages are written: templates, and the headers that keep them apart from other sites."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from schema.declare import Label

HERE = Path(__file__).parent
STYLE = HERE / "sign_in.css"
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # `no-referrer` would make browsers send `Origin: null` with our own forms
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Pages:
    """The templates, read once."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self,
        name: str,
        *,
        status: int = 200,
        message: Label | None = None,
        targets: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Response:
        """A page. `targets` are addresses to which its forms may lead in the end."""
        text = self._templates.get_template(f"{name}.html").render(message=message, **values)
        policy = {"Content-Security-Policy": _policy(targets)}
        return HTMLResponse(text, status, {**_HEADERS, **policy, **(headers or {})})


def _policy(targets: tuple[str, ...]) -> str:
    """Nothing but our own style; browsers hold redirects of a form to `form-action` too."""
    origins = " ".join(sorted({f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, targets)}))
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {origins}".rstrip()
    )
