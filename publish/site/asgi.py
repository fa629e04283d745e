"""The words of ASGI, and an answer as a whole."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Answer:
    """An answer with all of its body."""

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    def header(self, name: bytes) -> bytes:
        """The value of a header (in small letters); empty where it is not there."""
        return next((value for key, value in self.headers if key == name), b"")


async def whole_body(receive: Receive, most: int) -> bytes | None:
    """The body of a request as far as it comes; None where it is longer than so many bytes."""
    body = b""
    while len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body if len(body) <= most else None


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def whole_answer(app: App, scope: Scope, receive: Receive = _nothing) -> Answer:
    """What an application answers to a request, which has no body unless `receive` brings one."""
    answer = Answer(500)
    parts: list[bytes] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [
                (bytes(name).lower(), bytes(value)) for name, value in message.get("headers", [])
            ]
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    answer.body = b"".join(parts)
    return answer
