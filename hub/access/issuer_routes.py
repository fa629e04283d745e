"""The issuer's addresses: tokens, introspection, revocation, public keys (RFC 7517) and metadata (RFC 8414)."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import anyio.to_thread
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.access.algorithms import OF_CLIENTS
from hub.access.clients import ClientsUnavailableError
from hub.access.issuer import (
    AUTHORIZE_PATH,
    INTROSPECTION_PATH,
    JWKS_PATH,
    REVOCATION_PATH,
    TOKEN_PATH,
    Issuer,
)
from hub.access.issuer_endpoints import Introspection, Revocation
from hub.access.issuer_methods import CLIENT_AUTH, CONFIDENTIAL, grants_of
from hub.access.issuer_request import FormRequest, form_request
from hub.access.issuer_server import Server, error_response
from hub.access.once import OnceUnavailableError
from hub.access.refusals import TokenError
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
        *edge.token_routes(),
        Route(JWKS_PATH, jwks, methods=["GET"]),
        Route(METADATA_PATH, metadata, methods=["GET"]),
    ]


def _metadata(issuer: Issuer) -> dict[str, Any]:
    return {
        "issuer": issuer.url,
        "token_endpoint": issuer.url + TOKEN_PATH,
        "jwks_uri": issuer.url + JWKS_PATH,
        "scopes_supported": [str(scope) for scope in Scope],
        "response_types_supported": [],
        "grant_types_supported": [grant.GRANT_TYPE for grant in grants_of(issuer)],
        "token_endpoint_auth_methods_supported": list(CONFIDENTIAL),
        "token_endpoint_auth_signing_alg_values_supported": list(OF_CLIENTS),
        "dpop_signing_alg_values_supported": list(OF_CLIENTS),
        "tls_client_certificate_bound_access_tokens": issuer.certificates.is_used,
        **(_token_metadata(issuer.url) if issuer.tokens else {}),
        **(_person_metadata(issuer.url) if issuer.authorizations else {}),
    }


def _person_metadata(url: str) -> dict[str, Any]:
    """How people sign in, by the hub's own applications."""
    return {
        "authorization_endpoint": url + AUTHORIZE_PATH,
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "token_endpoint_auth_methods_supported": [method.NAME for method in CLIENT_AUTH],
    }


def _token_metadata(url: str) -> dict[str, Any]:
    """Where clients ask about the tokens that they hold, and give them back."""
    said: dict[str, Any] = {}
    for path, endpoint in ((INTROSPECTION_PATH, Introspection), (REVOCATION_PATH, Revocation)):
        said |= {
            f"{endpoint.ENDPOINT_NAME}_endpoint": url + path,
            f"{endpoint.ENDPOINT_NAME}_endpoint_auth_methods_supported": list(endpoint.CLIENT_AUTH_METHODS),
            f"{endpoint.ENDPOINT_NAME}_endpoint_auth_signing_alg_values_supported": list(OF_CLIENTS),
        }
    return said


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

    def token_routes(self) -> list[Route]:
        """Where clients ask about tokens and give them back, if there is somebody who keeps them."""
        if self._issuer.tokens is None:
            return []
        return [
            Route(path, partial(self._about_token, path, endpoint.ENDPOINT_NAME), methods=["POST"])
            for path, endpoint in ((INTROSPECTION_PATH, Introspection), (REVOCATION_PATH, Revocation))
        ]

    async def _about_token(self, path: str, name: str, request: Request) -> Response:
        return await self._respond(
            request, path, "token", partial(self._server.create_endpoint_response, name)
        )

    async def _respond(
        self, request: Request, path: str, needed: str, answer: Callable[[FormRequest], Response]
    ) -> Response:
        """Authlib's answer to a form that has the parameter it cannot do without."""
        try:
            form = await form_request(request, self._issuer.url + path)
            form.certificate = self._issuer.certificates.thumbprint(request)
            if needed not in form.form:
                raise InvalidRequestError(f"Missing {needed}.")
            return await anyio.to_thread.run_sync(answer, form, limiter=self._limiter)
        except OAuth2Error as error:
            return self._server.handle_error_response(None, error)
        except (ClientsUnavailableError, OnceUnavailableError, TokenError):
            log.exception("The OAuth clients or tokens cannot be read")
            return error_response(503, {"error": "temporarily_unavailable"}, {"Retry-After": "1"})
