"""`baogong keys`: the keys by which the hub signs its tokens."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, TypeVar

import typer

from hub.access.keys import KeyFile, SigningKeyError, list_keys, retire, rotate
from hub.cli.listing import err, out, show
from hub.cli.on_record import on_record
from hub.cli.runtime import read_settings, ready_database, run
from hub.clock import system_clock
from hub.config import Settings

#: clocks differ, and processes notice a new key within seconds
_MARGIN = timedelta(seconds=30)
Result = TypeVar("Result")
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")]

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="签发密钥 The keys by which the hub signs tokens."
)


@app.callback()
def keys() -> None:
    """签发密钥 The keys by which the hub signs tokens."""


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """列出密钥，最新的用于签发，其余只用于核对 List the keys: the newest signs, the others verify."""
    try:
        _show(list_keys(read_settings().key_dir), as_json=as_json)
    except SigningKeyError as error:
        _fail(error)


@app.command("rotate")
def rotate_keys(as_json: AsJson = False) -> None:
    """换用新密钥签发；旧令牌仍有效，不必重启 A new key signs from now on, without a restart; old tokens stay good."""
    try:
        settings = read_settings()
        made = run(_act(settings, "keys.rotate", partial(rotate, settings.key_dir)))
    except SigningKeyError as error:
        _fail(error)
    else:
        _show([made], as_json=as_json)


@app.command("retire")
def retire_key(
    key_id: Annotated[str, typer.Argument(help="密钥编号 Key id.")],
    leaked: Annotated[
        bool,
        typer.Option(
            "--leaked",
            help="密钥已泄露：立即停用，其签发的令牌全部作废 It has leaked: at once, and all its tokens are worthless.",
        ),
    ] = False,
) -> None:
    """停用旧密钥并销毁 Destroy a key that signs no more."""
    settings = read_settings()
    longest = timedelta(seconds=settings.token_seconds) + _MARGIN
    try:
        destroy = partial(retire, settings.key_dir, key_id, system_clock(), longest, at_once=leaked)
        run(_act(settings, "keys.retire", destroy, key=key_id, leaked=leaked))
    except SigningKeyError as error:
        _fail(error)
    out.print(f"已停用 retired {key_id}", markup=False, highlight=False, soft_wrap=True)


def _show(files: list[KeyFile], *, as_json: bool) -> None:
    show(
        [
            {
                "key_id": each.key_id,
                "file": each.path.name,
                "created_at": each.created_at,
                "retiring_since": each.retiring_since,
            }
            for each in files
        ],
        {
            "key_id": "密钥编号 key",
            "file": "文件 file",
            "created_at": "生成于 made",
            "retiring_since": "不再签发自 signs no more since",
        },
        as_json=as_json,
        empty="还没有密钥，首次启动时生成 no keys yet: the first start makes one",
    )


async def _act(settings: Settings, act: str, work: Callable[[], Result], **about: Any) -> Result:
    async with ready_database(settings) as url, on_record(settings, url, act, **about):
        return work()


def _fail(error: SigningKeyError) -> None:
    err.print(str(error), style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1) from error
