"""Signing out: an application gives its refresh token back (RFC 7009), and all that came of the sign-in ends."""

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.access.issuer import REVOCATION_PATH, Issuer
from hub.access.issuer_request import form_request
from hub.access.issuer_server import NO_STORE, error_response
from hub.access.person_grants import PublicApp


def sign_out_routes(issuer: Issuer) -> list[Route]:
    """The revocation endpoint."""
    by_name = PublicApp(issuer)

    async def revoke(request: Request) -> Response:
        try:
            form = await form_request(request, issuer.url + REVOCATION_PATH)
            app = by_name(lambda _client_id: None, form)
            if app is None or issuer.authorizations is None:
                raise InvalidClientError("Unknown application.", status_code=401)  # noqa: TRY301
            if "token" not in form.form:
                raise InvalidRequestError("Missing token.")  # noqa: TRY301
        except OAuth2Error as error:
            status, body, _ = error()
            return error_response(status, body, {})
        # RFC 7009 §2.2: a token that is not known is as good as revoked
        await issuer.authorizations.sign_out(form.form["token"], app.get_client_id())
        return JSONResponse({}, headers=NO_STORE)

    return [Route(REVOCATION_PATH, revoke, methods=["POST"])]
