"""The pages where people sign in: no scripts, no cookies but their own, nothing that another site can frame or send."""

from starlette.routing import Route

from hub.access.issuer import Issuer
from hub.access.provider import OpenIdProvider, ProviderSettings
from hub.access.sealing import Seal
from hub.access.sign_in import SignIn
from hub.clock import Clock
from hub.web.sign_in.provider_routes import ProviderPages
from hub.web.sign_in.routes import SignInPages


def sign_in_routes(
    issuer: Issuer, sign_in: SignIn, settings: ProviderSettings | None, seal: Seal, clock: Clock
) -> list[Route]:
    """The pages, and the way over an OpenID provider where there is one."""
    if settings is None:
        return SignInPages(issuer, sign_in).routes()
    pages = SignInPages(issuer, sign_in, settings.name)
    return [*pages.routes(), *ProviderPages(pages, sign_in, OpenIdProvider(settings, seal, clock)).routes()]
