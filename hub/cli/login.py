"""`baogong login`, `logout`, `whoami` and `query`: a hub asked from the command line, by a person."""

import json
import sys
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.hub_client import access_token, ask, sign_in, sign_out
from hub.cli.listing import err, out, print_json
from hub.cli.running import read_settings, run
from hub.cli.session_file import session_file
from hub.clock import system_clock

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")]
_ME = "{ me { clientId scopes } }"


def login(
    browser: Annotated[bool, typer.Option(help="是否自动打开浏览器 Whether to open a browser.")] = True,
) -> None:
    """登录 HUB_PUBLIC_URL 所指的枢纽 Sign in to the hub at HUB_PUBLIC_URL."""

    def show(address: str) -> None:
        err.print("请在本机浏览器中打开 Open in a browser on this machine:")
        err.print(address, markup=False, highlight=False, soft_wrap=True)
        if browser:
            webbrowser.open(address)

    kept = run(sign_in(read_settings().hub_origin, system_clock, show))
    _print_account(kept["account"], kept["scope"].split(), as_json=False)


def logout() -> None:
    """退出登录 Sign out."""
    was = run(sign_out(read_settings().hub_origin))
    out.print("已退出 signed out" if was else "本来就没有登录 nobody was signed in")


def whoami(as_json: AsJson = False) -> None:
    """谁在登录，看得到什么 Who is signed in, and what that opens."""
    origin = read_settings().hub_origin
    _, answer = run(_ask(origin, {"query": _ME}))
    with session_file() as file:
        kept = file.get(origin) or {}
    scopes = ((answer.get("data") or {}).get("me") or {}).get("scopes")
    if scopes is None:
        print_json(answer)
        raise typer.Exit(1)
    _print_account(kept.get("account", {}), scopes, as_json=as_json)


def query(
    file: Annotated[Path, typer.Argument(help="查询文件，- 为标准输入 The document; - is standard input.")],
    variables: Annotated[
        str | None, typer.Option(help="变量，JSON 或 @文件 Variables: JSON, or @ and a file.")
    ] = None,
    operation: Annotated[
        str | None, typer.Option(help="文件有几个操作时用哪一个 Which operation, if there are several.")
    ] = None,
) -> None:
    """向图谱提问，输出 JSON；有错误时退出状态为 1 Ask the graph, print JSON; exit status 1 where it has errors."""
    question: dict[str, Any] = {"query": _text(file)}
    if variables is not None:
        question["variables"] = _variables(variables)
    if operation is not None:
        question["operationName"] = operation
    status, answer = run(_ask(read_settings().hub_origin, question))
    print_json(answer)
    if status >= 400 or not isinstance(answer, dict) or answer.get("errors"):
        raise typer.Exit(1)


async def _ask(origin: str, question: dict[str, Any]) -> tuple[int, Any]:
    return await ask(origin, await access_token(origin, system_clock), question)


def _text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file}: {error}") from error


def _variables(given: str) -> Any:
    text = _text(Path(given[1:])) if given.startswith("@") else given
    try:
        found = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"变量不是 JSON / the variables are not JSON: {error}") from error
    if not isinstance(found, dict):
        raise typer.BadParameter("变量须为 JSON 对象 / the variables must be a JSON object")
    return found


def _print_account(account: dict[str, Any], scopes: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json(account | {"scopes": scopes})
        return
    for key, value in (account | {"scopes": scopes}).items():
        if value is not None:
            shown = " ".join(value) if isinstance(value, list) else value
            out.print(f"{key:18} {shown}", markup=False, highlight=False, soft_wrap=True)
