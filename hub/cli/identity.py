"""`baogong identity`: what a code or label is, and people's judgements of what an item is."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer

from hub.cli.feed import AsJson
from hub.cli.inspection import inspect
from hub.cli.listing import Record, out, show
from hub.cli.on_record import on_record
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import system_clock
from hub.ingest import judgement_store
from hub.ingest.judging import KINDS, Judging
from hub.ingest.people import Person, person

app = typer.Typer(
    no_args_is_help=True,
    help="识别：查代码与标签、人工判定 Identity: what codes and labels are, judgements by people.",
)
app.command()(inspect)

_By = Annotated[str, typer.Option("--by", help="判定人，必填 Who decides.")]
_Reason = Annotated[str, typer.Option("--reason", help="理由，必填 Why.")]


@app.command()
def judge(
    kind: Annotated[str, typer.Argument(help=f"对象类别 Kind of item: {', '.join(KINDS)}.")],
    item: Annotated[
        list[str],
        typer.Argument(
            help="对象：依次写发送方与编码，或照抄 feed waiting 的 item_key"
            " Sender and codes in their order, or `item_key` of `feed waiting`."
        ),
    ],
    by: _By,
    reason: _Reason,
    product: Annotated[
        str | None, typer.Option(help="是此批准文号的药品 It is the medicine of this number.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="不是注册药品 It is no registered medicine.")] = False,
) -> None:
    """判定一个对象是哪种药品或不是药品，撤回之前优先于规则 Judge what an item is; stands until withdrawn."""
    if kind not in KINDS:
        raise typer.BadParameter(f"应为 one of {', '.join(KINDS)}")
    if (product is None) == (not none):
        raise typer.BadParameter("--product 与 --none 须选其一 give either --product or --none")
    number = run(_judge(kind, _values(item), product, by, reason))
    out.print(f"✓ 判定 judgement {number}", markup=False)


@app.command()
def withdraw(
    number: Annotated[int, typer.Argument(help="判定编号 Number of the judgement.")], by: _By, reason: _Reason
) -> None:
    """撤回判定：现状如同从未判定，历史保留 Withdraw a judgement: as if never made; history keeps both."""
    run(_withdraw(number, by, reason))
    out.print(f"✓ 已撤回判定 withdrew judgement {number}", markup=False)


@app.command()
def judgements(
    limit: Annotated[int, typer.Option(min=1, help="最多几条 At most so many.")] = 100,
    as_json: AsJson = False,
) -> None:
    """列出人工判定，含已撤回的 List judgements, withdrawn ones too, newest first."""
    show(
        run(_list(limit)),
        {
            "id": "编号 no.",
            "item_kind": "类别 kind",
            "item_key": "对象 item",
            "verdict_code": "判定 verdict",
            "approval_number": "批准文号 number",
            "name_zh": "药品 medicine",
            "decided_by": "判定人 by",
            "reason": "理由 reason",
            "decided_at": "时间 at",
            "withdrawn_by": "撤回人 withdrawn by",
            "withdrawn_reason": "撤回理由 why",
        },
        as_json=as_json,
        empty="还没有人工判定 no judgements yet",
    )


def _values(item: Sequence[str]) -> list[str | None]:
    """The item's values: as given, or out of the JSON array that listings print."""
    if len(item) == 1 and item[0].lstrip().startswith("["):
        try:
            return [None if value is None else str(value) for value in json.loads(item[0])]
        except json.JSONDecodeError as error:
            raise typer.BadParameter("对象不是 JSON 数组 the item is no JSON array") from error
    return list(item)


async def _judge(kind: str, item: list[str | None], number: str | None, by: str, reason: str) -> int:
    who = person(by, reason)
    about = {"kind": kind, "item": item, "approval_number": number}
    async with _judging("identity.judge", who, **about) as judging:
        return await judging.judge(KINDS[kind], item, number, who)


async def _withdraw(number: int, by: str, reason: str) -> None:
    who = person(by, reason)
    async with _judging("identity.withdraw", who, judgement=number) as judging:
        await judging.withdraw(number, who)


@asynccontextmanager
async def _judging(act: str, who: Person, **about: Any) -> AsyncIterator[Judging]:
    """To judge with, once it is recorded that somebody is about to."""
    settings = read_settings()
    told = {"decided_by": who.name, "reason": who.reason, **about}
    async with (
        ready_database(settings) as url,
        connection_to(url) as connection,
        on_record(settings, url, act, **told),
    ):
        yield Judging(connection, system_clock)


async def _list(limit: int) -> list[Record]:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return await judgement_store.list_judgements(connection, limit)
