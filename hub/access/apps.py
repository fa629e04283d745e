"""The hub's own applications, for which people sign in: public clients (RFC 6749 §2.1), known beforehand.

Nobody registers another: an application of somebody else's gets an authorization server of its own.
"""

import re
from dataclasses import dataclass

from hub.access.entitlement import is_grant
from schema.scopes import Scope

# RFC 8252: a loopback address by number, at whatever port was free.
_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|\[::1\]):([1-9][0-9]{0,4})/callback")
_MAX_PORT = 65535


@dataclass(frozen=True, slots=True)
class App:
    """One of them."""

    client_id: str
    name_zh: str
    name_en: str
    #: path of its page on the hub's own origin; None: it listens on the loopback interface
    path: str | None

    @property
    def asks_again(self) -> bool:
        """Whether somebody who is signed in already is asked. Any program on a machine can play the command line."""
        return self.path is None

    def takes(self, redirect_uri: str, origin: str) -> bool:
        """Whether it may be sent to this address."""
        if self.path is not None:
            return redirect_uri == origin + self.path
        found = _LOOPBACK.fullmatch(redirect_uri)
        return found is not None and int(found[1]) <= _MAX_PORT


QUERY_PAGE = App("baogong-page", "查询页", "the query page", "/")
COMMAND_LINE = App("baogong-cli", "命令行", "the command line", None)
APPS = {app.client_id: app for app in (QUERY_PAGE, COMMAND_LINE)}


@dataclass(frozen=True, slots=True)
class AuthlibApp:
    """An application as Authlib wants to ask it."""

    app: App
    #: the hub's own
    origin: str

    def get_client_id(self) -> str:
        """Its public name."""
        return self.app.client_id

    def get_default_redirect_uri(self) -> None:
        """None: it has to be said."""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether it may be sent there."""
        return self.app.takes(redirect_uri, self.origin)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """It has no secret."""
        return method == "none"

    def check_response_type(self, response_type: str) -> bool:
        """Codes only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """What people's applications use."""
        return grant_type in ("authorization_code", "refresh_token")

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What is asked for, or everything: people get what their account has of it. None: no such scope."""
        known = {str(each) for each in Scope}
        wanted = set((scope or "").split()) or known
        return " ".join(sorted(wanted)) if all(each in known or is_grant(each) for each in wanted) else None
