"""A request to the issuer: one small form in the body, and nothing from the URL."""

from typing import Any
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from starlette.requests import Request

FORM = "application/x-www-form-urlencoded"
MAX_BODY_BYTES = 16 * 1024


class FormRequest(OAuth2Request):  # type: ignore[misc]  # Authlib is not typed
    """A request as Authlib wants to ask it. Its parameters come from the body alone: a URL ends up in logs."""

    #: SHA-256 of the certificate by which the connection was opened, in base64url
    certificate: str | None = None

    @property
    def form(self) -> dict[str, str]:
        """The parameters of the body."""
        return dict(self.payload.data)

    @property
    def args(self) -> dict[str, Any]:
        """The parameters of the URL: none are taken."""
        return {}


async def form_request(request: Request, url: str) -> FormRequest:
    """The request, to this public URL: TLS may have ended at a proxy before us. Raises InvalidRequestError."""
    read = FormRequest(request.method, url, headers=request.headers)
    read.payload = BasicOAuth2Payload(await _read_form(request))
    return read


async def _read_form(request: Request) -> dict[str, str]:
    if request.url.query:
        raise InvalidRequestError("Parameters belong in the body: a URL ends up in logs.")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise InvalidRequestError(f"The content type must be {FORM}.")
    return parse_form(await read_body(request))


async def read_body(request: Request) -> bytes:
    """The body, if it is small. Raises InvalidRequestError."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise InvalidRequestError(f"The body is longer than {MAX_BODY_BYTES} bytes.")
    return body


def parse_form(body: bytes) -> dict[str, str]:
    """The parameters of a form, or of an address, each once. Raises InvalidRequestError."""
    try:
        pairs = parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=32)
    except ValueError as error:
        raise InvalidRequestError("The body is not a form in UTF-8.") from error
    form = dict(pairs)
    if len(form) < len(pairs):
        raise InvalidRequestError("A parameter is given more than once.")
    return form
