"""The pages where people sign in: no scripts, no cookies but their own, nothing that another site can frame or send."""

from starlette.routing import Route

from hub.access.issuer import Issuer
from hub.access.people import People
from hub.web.sign_in.provider_routes import ProviderPages
from hub.web.sign_in.routes import SignInPages


def sign_in_routes(issuer: Issuer, people: People) -> list[Route]:
    """The pages, and the way over an OpenID provider where there is one."""
    if people.provider is None:
        return SignInPages(issuer, people.sign_in).routes()
    pages = SignInPages(issuer, people.sign_in, people.provider.settings.name)
    return [*pages.routes(), *ProviderPages(pages, people.sign_in, people.provider).routes()]
