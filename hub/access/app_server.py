"""The authorization endpoint's side of Authlib: what an application asks for in a person's browser."""

import re
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from starlette.responses import RedirectResponse, Response

from hub.access.apps import APPS, AuthlibApp
from hub.access.issuer import AUTHORIZE_PATH, Issuer
from hub.access.issuer_request import parse_form
from hub.access.person_grants import CodeGrant
from schema.scopes import Scope

MAX_QUERY = 4096
MAX_STATE = 1024
#: RFC 6749, appendix A: what `state` is made of
_STATE = re.compile(rf"[\x20-\x7e]{{1,{MAX_STATE}}}")
# Authlib repeats these in the description of an error, where neither quote nor backslash may stand.
_OTHERS = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")
_PARAMETERS = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "code_challenge",
    "code_challenge_method",
)


class AppRequest(OAuth2Request):  # type: ignore[misc]  # Authlib is not typed
    """What an application asks for, by the address that it sent the browser to."""

    def __init__(self, issuer: Issuer, query: str) -> None:
        """Read the part of the address behind the question mark. Raises InvalidRequestError."""
        super().__init__("GET", issuer.url + AUTHORIZE_PATH)
        #: as it came, to be asked again after each step
        self.query = query
        self.payload = BasicOAuth2Payload(_parameters(query))


def _parameters(query: str) -> dict[str, str]:
    if len(query) > MAX_QUERY or not query.isascii():
        raise InvalidRequestError("The address is too long, or not ASCII.")
    found = parse_form(query.encode("ascii"))
    if not all(_OTHERS.fullmatch(found.get(name, "")) for name in _PARAMETERS):
        raise InvalidRequestError("A parameter has characters that it cannot have.")
    if "state" in found and not _STATE.fullmatch(found["state"]):
        raise InvalidRequestError("The state is too long, or not ASCII.")
    return found


class AppServer(AuthorizationServer):  # type: ignore[misc]  # Authlib is not typed
    """Answers the hub's own applications, by way of the browser. Its answers name their issuer (RFC 9207)."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__(scopes_supported=[str(scope) for scope in Scope])
        self.issuer = issuer
        self.register_grant(CodeGrant)

    def query_client(self, client_id: str) -> AuthlibApp | None:
        """The application of this id."""
        app = APPS.get(client_id)
        return None if app is None else AuthlibApp(app, self.issuer.url)

    def create_oauth2_request(self, request: AppRequest) -> AppRequest:
        """It is one already."""
        return request

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: object, headers: list[tuple[str, str]]) -> Response:
        """Back to the application."""
        location = add_params_to_uri(dict(headers)["Location"], [("iss", self.issuer.url)])
        return RedirectResponse(location, 303)

    def handle_error_response(self, request: AppRequest, error: OAuth2Error) -> Response:
        """Back to the application with the error. Raises it where it is not known whether that is one."""
        if not error.redirect_uri:
            raise error
        error.state = request.payload.state
        return self.handle_response(*error())
