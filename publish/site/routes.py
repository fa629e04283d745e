"""What a page of ours is: an address, what answers it, and the arguments that mean something to it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

View = Callable[[Datasette, Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of address of ours."""

    #: regular expression of the path, from its first to its last character
    pattern: str
    view: View
    #: names in the query that change the answer; others are as if they were not there. None: it looks for itself
    arguments: frozenset[str] | None = frozenset()

    def matches(self, path: str) -> bool:
        """Whether it answers this path (decoded)."""
        return re.fullmatch(self.pattern, path) is not None


def route(pattern: str, view: View, *arguments: str) -> Route:
    """A route; `arguments` are the names that its query may have."""
    return Route(pattern, view, frozenset(arguments))
