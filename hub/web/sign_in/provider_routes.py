"""The way over an OpenID provider: `/oauth/provider` leads there, its callback back to the application."""

import logging

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.access.issuer_request import parse_form
from hub.access.provider import CALLBACK_PATH, PATIENCE_SECONDS, OpenIdProvider, ProviderError
from hub.access.sign_in import SignIn
from hub.access.sign_in_errors import PROVIDER, SignInError
from hub.web.sign_in.routes import SignInPages

#: where its cookie goes; it comes back with a redirect from another site, so it cannot be strict
PROVIDER_PATH = "/oauth/provider"
_COOKIE = "baogong-provider"

log = logging.getLogger(__name__)


class ProviderPages:
    """Both addresses."""

    def __init__(self, pages: SignInPages, sign_in: SignIn, provider: OpenIdProvider) -> None:
        self._pages = pages
        self._sign_in = sign_in
        self._provider = provider

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [
            Route(PROVIDER_PATH, self._leave, methods=["GET"]),
            Route(CALLBACK_PATH, self._return, methods=["GET"]),
        ]

    async def _leave(self, request: Request) -> Response:
        """To the provider, with what the application asks for sealed in a cookie."""
        try:
            visit = await self._pages.visit(request, request.url.query)
            address, cookie = await self._provider.begin(visit.asked.query)
        except OAuth2Error as error:
            return self._pages.refused(error)
        except ProviderError as error:
            return self._failed(error)
        answer = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
        self._pages.cookies.write_lax(answer, _COOKIE, cookie, PROVIDER_PATH, PATIENCE_SECONDS)
        return answer

    async def _return(self, request: Request) -> Response:
        """From the provider: whom it names is signed in, if an account here is theirs."""
        cookie = self._pages.cookies.read(request, _COOKIE)
        try:
            answered = parse_form(request.url.query.encode("ascii", "replace"))
            if cookie is None:
                raise InvalidRequestError("The sign-in did not begin in this browser.")
            subject = await self._provider.finish(cookie, answered)
            visit = await self._pages.visit(request, subject.query)
            visit.cookie = await self._sign_in.by_provider(subject.subject, visit.attempt)
        except OAuth2Error as error:
            answer = self._pages.refused(error)
        except ProviderError as error:
            answer = self._failed(error)
        except SignInError as error:
            answer = self._pages.stop(error.reason)
        else:
            visit.session = await self._sign_in.session(visit.cookie)
            answer = await self._pages.onward(visit)
        answer.delete_cookie(_COOKIE, path=PROVIDER_PATH)
        return answer

    def _failed(self, error: ProviderError) -> Response:
        log.warning("The OpenID provider: %s", error)
        return self._pages.stop(PROVIDER)
