"""The query page: GraphiQL where its files are at hand, a plain form elsewhere; no foreign server either way."""

import html
from collections.abc import Callable
from functools import cache
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

#: the page's own files, beside this module
OWN_DIR = Path(__file__).with_name("console")
OWN_FILES = {
    "chooser.js": "text/javascript",
    "console.css": "text/css",
    "console.js": "text/javascript",
    "explorer.js": "text/javascript",
    "form.js": "text/javascript",
    "person.js": "text/javascript",
    "session.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
#: what scripts/graphiql_assets.sh fetches
ASSET_FILES = {
    "react.production.min.js": "text/javascript",
    "react-dom.production.min.js": "text/javascript",
    "graphiql.min.js": "text/javascript",
    "graphiql.min.css": "text/css",
}
#: for every answer; `no-cache`: the browser asks again, so that an upgraded hub is not shown with old scripts
HEADERS = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Names of a fixed release: large files that do not change under their names.
ASSET_HEADERS = HEADERS | {"Cache-Control": "private, max-age=86400"}


def console_routes(
    asset_dir: Path, examples: Callable[[], bytes], site_url: str | None = None
) -> list[BaseRoute]:
    """The page at `/` and its files under `/console/`.

    `asset_dir` may be absent or come later: each request looks. `examples` gives the examples as JSON, worked out when
    they are first asked for. `site_url` is the public site's address, to link to.
    """
    kept = cache(examples)
    page = Template((OWN_DIR / "console.html").read_text(encoding="utf-8"))
    site_link = _site_link(site_url)

    async def console(_request: Request) -> Response:
        ready = _has_assets(asset_dir)
        text = page.substitute(graphiql="true" if ready else "false", site_link=site_link)
        return HTMLResponse(text, headers=HEADERS | {"Content-Security-Policy": _policy(ready)})

    async def own(request: Request) -> Response:
        return _send(OWN_DIR, OWN_FILES, request.path_params["name"], HEADERS)

    async def offered(_request: Request) -> Response:
        return Response(kept(), media_type="application/json", headers=HEADERS)

    async def asset(request: Request) -> Response:
        return _send(asset_dir, ASSET_FILES, request.path_params["name"], ASSET_HEADERS)

    return [
        Route("/", console),
        Route("/console/assets/{name}", asset),
        Route("/console/examples.json", offered),
        Route("/console/{name}", own),
    ]


def _has_assets(asset_dir: Path) -> bool:
    return all((asset_dir / name).is_file() for name in ASSET_FILES)


def _policy(with_graphiql: bool) -> str:
    """Scripts are the hub's own files, nothing is asked of anybody else."""
    # GraphiQL's dialogs write <style> elements; its fonts and icons are data: URLs.
    styles = "'self' 'unsafe-inline'" if with_graphiql else "'self'"
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; "
        f"style-src {styles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _site_link(site_url: str | None) -> str:
    if site_url is None:
        return ""
    address = html.escape(site_url)
    return (
        f'<a href="{address}" target="_blank" rel="noopener">公开网站 <span lang="en">Public site</span></a>'
    )


def _send(folder: Path, known: dict[str, str], name: str, headers: dict[str, str]) -> Response:
    """One of the known files; anything else, however it is spelt, is not there."""
    if name not in known or not (folder / name).is_file():
        return PlainTextResponse("没有这个文件 No such file\n", 404, HEADERS)
    return FileResponse(folder / name, media_type=known[name], headers=headers)
