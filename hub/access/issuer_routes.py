"""The issuer's addresses: token endpoint, public keys (RFC 7517) and metadata (RFC 8414)."""

import logging
from collections.abc import Callable
from typing import Any

import anyio.to_thread
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.access.clients import ClientsUnavailableError
from hub.access.issuer import AUTHORIZE_PATH, JWKS_PATH, TOKEN_PATH, Issuer
from hub.access.issuer_methods import CLIENT_AUTH, GRANTS
from hub.access.issuer_request import FormRequest, form_request
from hub.access.issuer_server import Server, error_response
from schema.scopes import Scope

METADATA_PATH = "/.well-known/oauth-authorization-server"
# The metadata and the keys are public and seldom change.
CACHED = {"Cache-Control": "public, max-age=300"}

log = logging.getLogger(__name__)


def build_issuer_routes(issuer: Issuer) -> list[Route]:
    """All addresses, to be mounted at the root."""
    # At DEBUG Authlib writes every token that it issues to the log.
    logging.getLogger("authlib").setLevel(logging.INFO)
    edge = _Edge(issuer)

    async def jwks(_request: Request) -> Response:
        return JSONResponse(issuer.keys.public_jwks(), headers=CACHED)

    async def metadata(_request: Request) -> Response:
        return JSONResponse(_metadata(issuer), headers=CACHED)

    return [
        Route(TOKEN_PATH, edge.token, methods=["POST"]),
        Route(JWKS_PATH, jwks, methods=["GET"]),
        Route(METADATA_PATH, metadata, methods=["GET"]),
    ]


def _metadata(issuer: Issuer) -> dict[str, Any]:
    return {
        "issuer": issuer.url,
        "authorization_endpoint": issuer.url + AUTHORIZE_PATH,
        "token_endpoint": issuer.url + TOKEN_PATH,
        "jwks_uri": issuer.url + JWKS_PATH,
        "scopes_supported": [str(scope) for scope in Scope],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "grant_types_supported": [grant.GRANT_TYPE for grant in GRANTS],
        "token_endpoint_auth_methods_supported": [method.NAME for method in CLIENT_AUTH],
    }


class _Edge:
    """The asynchronous edge: reads the request, lets Authlib answer in a thread."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._server = Server(issuer)
        # Each secret that is being checked takes 4 MiB and a core: a flood has to queue.
        self._limiter = anyio.CapacityLimiter(4)

    async def token(self, request: Request) -> Response:
        """The token endpoint."""
        return await self._respond(request, TOKEN_PATH, "grant_type", self._server.create_token_response)

    async def _respond(
        self, request: Request, path: str, needed: str, answer: Callable[[FormRequest], Response]
    ) -> Response:
        """Authlib's answer to a form that has the parameter it cannot do without."""
        try:
            form = await form_request(request, self._issuer.url + path)
            if needed not in form.form:
                raise InvalidRequestError(f"Missing {needed}.")
            return await anyio.to_thread.run_sync(answer, form, limiter=self._limiter)
        except OAuth2Error as error:
            return self._server.handle_error_response(None, error)
        except ClientsUnavailableError:
            log.exception("The OAuth clients cannot be read")
            return error_response(503, {"error": "temporarily_unavailable"}, {"Retry-After": "1"})
