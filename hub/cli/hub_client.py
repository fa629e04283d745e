"""The command line as a client of a hub: signing in by a browser on this machine, tokens, questions (RFC 8252)."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from hub.access.apps import COMMAND_LINE
from hub.access.issuer import AUTHORIZE_PATH, REVOCATION_PATH, TOKEN_PATH
from hub.cli.session_file import Kept, session_file
from hub.clock import Clock
from hub.errors import HubError
from schema.declare import Label

_PATIENCE_SECONDS = 600
_REQUEST_SECONDS = 30
#: a token is renewed when it has this long to go
_RENEW_BEFORE = timedelta(seconds=30)
_PAGE = (
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
    "Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\n\r\n"
    "<!doctype html><meta charset=utf-8><title>保供 Baogong</title>"
    "<p>请回到命令行，本页可以关闭。<p lang=en>Back to the command line; you can close this page."
)


class SessionError(HubError):
    """Nobody is signed in, or can be."""


class HubAwayError(HubError):
    """The hub does not answer, or not as a hub does."""


def _not_signed_in() -> SessionError:
    return SessionError(
        "session.none", Label("尚未登录：请运行 baogong login。", "nobody is signed in: run baogong login")
    )


async def sign_in(origin: str, clock: Clock, show: Callable[[str], None]) -> Kept:
    """Have a person sign in: `show` is given the address to open. What is kept of it."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    digest = hashlib.sha256(verifier.encode()).digest()
    async with _listening() as (port, answers):
        redirect_uri = f"http://127.0.0.1:{port}/callback"
        asked = {
            "response_type": "code",
            "client_id": COMMAND_LINE.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        show(f"{origin}{AUTHORIZE_PATH}?{urlencode(asked)}")
        code = await _wait_for_code(answers, state, origin)
    answer = await _ask_for_token(
        origin, grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect_uri
    )
    kept = _kept(answer, clock())
    with session_file() as file:
        file.put(origin, kept)
    return kept


async def access_token(origin: str, clock: Clock) -> str:
    """A token that is good for a while yet; renewed where it is not. Raises SessionError."""
    with session_file() as file:
        kept = file.get(origin)
        if kept is None:
            raise _not_signed_in()
        if datetime.fromisoformat(kept["expires_at"]) - clock() < _RENEW_BEFORE:
            try:
                answer = await _ask_for_token(
                    origin, grant_type="refresh_token", refresh_token=kept["refresh_token"]
                )
            except SessionError:
                file.put(origin, None)
                raise
            kept = _kept(answer, clock())
            file.put(origin, kept)
        token: str = kept["access_token"]
        return token


async def sign_out(origin: str) -> bool:
    """End the sign-in, here and at the hub; False where there was none."""
    with session_file() as file:
        kept = file.get(origin)
        file.put(origin, None)
    if kept is None:
        return False
    await _post(
        f"{origin}{REVOCATION_PATH}",
        data={
            "token": kept["refresh_token"],
            "token_type_hint": "refresh_token",
            "client_id": COMMAND_LINE.client_id,
        },
    )
    return True


async def ask(origin: str, token: str, question: dict[str, Any]) -> tuple[int, Any]:
    """Put a question to the graph: the answer's status and JSON."""
    response = await _post(
        f"{origin}/graphql",
        json=question,
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
    )
    return response.status_code, _json(response)


@asynccontextmanager
async def _listening() -> AsyncIterator[tuple[int, "asyncio.Queue[dict[str, str]]"]]:
    """A listener on the loopback interface: its port, and the parameters of each visit to `/callback`."""
    answers: asyncio.Queue[dict[str, str]] = asyncio.Queue(16)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = (await asyncio.wait_for(reader.readline(), 10)).decode("ascii", "replace")
            parts = urlsplit(line.split(" ")[1]) if line.startswith("GET /callback?") else None
            if parts is None:
                writer.write(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
            else:
                answers.put_nowait(dict(parse_qsl(parts.query)))
                writer.write(_PAGE.encode())
            await writer.drain()
        except (OSError, ValueError, TimeoutError, asyncio.QueueFull):
            pass  # whoever that was, it was not the browser
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=16 * 1024)
    async with server:
        yield server.sockets[0].getsockname()[1], answers


async def _wait_for_code(answers: "asyncio.Queue[dict[str, str]]", state: str, origin: str) -> str:
    """The code of the visit that has our state; other visits are somebody else's."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            answer = await answers.get()
            while not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
                answer = await answers.get()
    except TimeoutError as error:
        raise SessionError("session.late", Label("等候登录超时。", "nobody signed in")) from error
    if "code" not in answer or answer.get("iss") != origin:
        why = answer.get("error_description") or answer.get("error") or "iss"
        raise SessionError("session.refused", Label(f"登录未完成：{why}", "not signed in"))
    return answer["code"]


async def _ask_for_token(origin: str, **form: str) -> dict[str, Any]:
    response = await _post(f"{origin}{TOKEN_PATH}", data=form | {"client_id": COMMAND_LINE.client_id})
    answer = _json(response)
    if response.is_success and isinstance(answer, dict):
        return answer
    if isinstance(answer, dict) and answer.get("error") == "invalid_grant":
        raise _not_signed_in()
    zh, en = (answer.get("message"), answer.get("error")) if isinstance(answer, dict) else ("", "")
    raise SessionError("session.refused", Label(f"登录未完成：{zh}", f"not signed in: {en}"))


def _kept(answer: dict[str, Any], now: datetime) -> Kept:
    return {
        "access_token": answer["access_token"],
        "refresh_token": answer["refresh_token"],
        "expires_at": (now + timedelta(seconds=answer["expires_in"])).isoformat(),
        "scope": answer["scope"],
        "account": answer["account"],
    }


async def _post(url: str, **request: Any) -> httpx.Response:
    try:
        async with httpx.AsyncClient(timeout=_REQUEST_SECONDS) as client:
            return await client.post(url, **request)
    except httpx.HTTPError as error:
        raise HubAwayError(
            "hub.unreachable", Label(f"连不上 {urlsplit(url).netloc}：{error}", "the hub cannot be reached")
        ) from error


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError as error:
        raise HubAwayError(
            "hub.answer",
            Label(f"答复不是 JSON（状态码 {response.status_code}）", "the answer is not a hub's"),
        ) from error
