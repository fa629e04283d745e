"""How often one address may ask in SQL: a bucket of questions each, kept for minutes and written nowhere."""

import time
from collections import OrderedDict
from collections.abc import Callable

from publish.site.asgi import Answer, Scope
from publish.site.gate import SECURITY
from publish.site.strings import catalogue

#: questions at once
_BURST = 20.0
#: addresses kept in mind; the one that has not asked for longest goes first
_ADDRESSES_MAX = 10_000


class Rates:
    """The buckets of all addresses."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def refusal(self, scope: Scope) -> Answer | None:
        """The answer to who asks too often; None to others. Files of the site's look are free."""
        if scope["path"].startswith("/static/"):
            return None
        address = (scope.get("client") or ("",))[0]
        now = self._clock()
        left, since = self._buckets.pop(address, (_BURST, now))
        left = min(_BURST, left + (now - since) * self._per_second)
        is_refused = left < 1
        self._buckets[address] = (left if is_refused else left - 1, now)
        while len(self._buckets) > _ADDRESSES_MAX:
            self._buckets.popitem(last=False)
        if not is_refused:
            return None
        body = f"{catalogue()['error.429']}\n".encode()
        kind = (b"content-type", b"text/plain; charset=utf-8")
        return Answer(
            429, [kind, (b"retry-after", b"%d" % (1 + int((1 - left) / self._per_second))), *SECURITY], body
        )
