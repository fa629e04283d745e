"""What a browser sends to the sign-in pages: its cookie, and forms that only our own pages can have written."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from authlib.oauth2.rfc6749 import InvalidRequestError
from starlette.requests import Request
from starlette.responses import Response

from hub.access.issuer_request import FORM, parse_form, read_body
from hub.access.sign_in import Attempt

#: where the cookies go, and nowhere else: the graph never sees one
COOKIE_PATH = "/oauth"


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies of one origin."""

    #: the hub's public one
    origin: str

    @property
    def name(self) -> str:
        """The session's. Browsers take the prefix over TLS only, and from nobody who lacks it."""
        return "__Secure-baogong" if self._secure else "baogong"

    @property
    def _secure(self) -> bool:
        return self.origin.startswith("https://")

    def read(self, request: Request, name: str | None = None) -> str | None:
        """A cookie's value, if it can be one of ours."""
        value = request.cookies.get(name or self.name)
        return value if value is not None and 40 <= len(value) <= 4096 and value.isascii() else None

    def write(self, response: Response, value: str) -> None:
        """Give the browser its session; it goes when the browser is closed."""
        response.set_cookie(
            self.name, value, path=COOKIE_PATH, secure=self._secure, httponly=True, samesite="strict"
        )

    def clear(self, response: Response) -> None:
        """Take it away."""
        response.delete_cookie(
            self.name, path=COOKIE_PATH, secure=self._secure, httponly=True, samesite="strict"
        )

    def write_lax(self, response: Response, name: str, value: str, path: str, seconds: int) -> None:
        """A cookie that comes back from another site's redirect."""
        response.set_cookie(
            name, value, seconds, path=path, secure=self._secure, httponly=True, samesite="lax"
        )


def new_cookie() -> str:
    """A cookie for a browser in which nobody is known yet: its forms need one too."""
    return secrets.token_urlsafe(32)


def form_token(cookie: str) -> str:
    """What a form carries to show that it comes from a page of ours; another site cannot know it."""
    digest = hashlib.sha256(f"form:{cookie}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


async def read_form(request: Request, cookie: str | None, origin: str) -> tuple[dict[str, str], bool]:
    """A form's fields, and whether a page of ours in this browser wrote it. Raises InvalidRequestError."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM or request.url.query:
        raise InvalidRequestError(f"The content type must be {FORM}, and nothing in the address.")
    form = parse_form(await read_body(request))
    named = request.headers.get("origin")
    own = cookie is not None and hmac.compare_digest(
        form.get("token", "").encode(), form_token(cookie).encode()
    )
    return form, own and named in (None, origin)


def attempt_of(request: Request, client_id: str | None) -> Attempt:
    """Where it comes from; behind a proxy in `HUB_TRUSTED_PROXIES` what that says."""
    return Attempt(None if request.client is None else request.client.host, client_id)
