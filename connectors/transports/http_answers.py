"""Answers of an HTTP source: which are good, which may pass by themselves, which are final."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from connectors.transports.failures import PassingError, PullError
from schema.declare import Label

#: statuses below 500 that say "not now"
_NOT_NOW = {408, 425, 429}


@asynccontextmanager
async def open_answer(
    http: httpx.AsyncClient, method: str, address: str, **request: Any
) -> AsyncIterator[httpx.Response]:
    """Send a request and give its answer with the body yet to be read.

    Raises PassingError where the connection fails or drops, also while the body is read.
    """
    try:
        async with http.stream(method, address, **request) as answer:
            yield answer
    except httpx.TransportError as error:
        raise PassingError(
            "pull.unreachable",
            Label(
                f"连接失败或中断：{type(error).__name__}",
                f"the connection failed or dropped: {type(error).__name__} {error}".rstrip(),
            ),
        ) from error


async def read_answer(answer: httpx.Response, most: int, longest_wait: float = 120) -> bytes:
    """The body of a good answer of at most so many bytes; else PassingError or PullError by its status."""
    _check_status(answer, longest_wait)
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > most:
            raise PullError(
                "pull.too_large",
                Label(
                    f"一次答复超过 {most} 字节；请减小 page_size", f"one answer has more than {most} bytes"
                ),
            )
    return bytes(body)


def _check_status(answer: httpx.Response, longest_wait: float) -> None:
    status = answer.status_code
    if status == httpx.codes.OK:
        return
    hint = Label(f"来源答复 HTTP {status}", f"the source answered HTTP {status}")
    if status not in _NOT_NOW and status < httpx.codes.INTERNAL_SERVER_ERROR:
        raise PullError("pull.status", hint)
    wait = _retry_after(answer)
    if wait is not None and wait > longest_wait:
        raise PullError(
            "pull.busy",
            Label(f"来源要求 {wait:.0f} 秒后再来", f"the source asks to come back after {wait:.0f} seconds"),
        )
    raise PassingError("pull.status", hint, wait)


def _retry_after(answer: httpx.Response) -> float | None:
    """Seconds of Retry-After; a date is counted from the answer's own Date. None where neither makes sense."""
    value = answer.headers.get("retry-after", "")
    if value.isdecimal():
        return float(value)
    try:
        until, now = (parsedate_to_datetime(text) for text in (value, answer.headers.get("date", "")))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None
