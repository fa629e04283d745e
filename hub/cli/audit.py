"""`baogong audit`: is the record whole, what does it say, and the end of what is old enough."""

import sys
from collections import deque
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from hub.audit.checkpoint import Checkpoint, read_checkpoint
from hub.audit.pruning import Pruned, prune
from hub.audit.reading import Record, as_csv_line, as_json_line, csv_head, records_between
from hub.audit.signature import PublicKey, known_keys, load_public_keys
from hub.audit.store import newest_checkpoints
from hub.audit.verify import KEPT_DAYS, Report, Verifier
from hub.cli.listing import err, out, print_json, show
from hub.cli.on_record import on_record
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import CHINA, system_clock
from hub.config import Settings

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")]
Since = Annotated[
    datetime | None,
    typer.Option(help="自何时起，北京时间 From when on, in China's time; default: a day ago."),
]
Until = Annotated[
    datetime | None, typer.Option(help="至何时止，不含 Until when, not included; default: now.")
]

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="审计 The audit: who was answered what, and is it whole."
)


class Format(StrEnum):
    """How records are written."""

    JSONL = "jsonl"
    CSV = "csv"


@app.callback()
def audit() -> None:
    """审计 The audit."""


@app.command()
def verify(
    checkpoints: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="他处保存的检查点，一行一个 Checkpoints that others kept, one a line.",
        ),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="他处保存的公钥（PEM），缺省用密钥目录 Public keys that others kept.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """核对审计记录；有改动、缺失、乱序或截断则状态为 1 Is the audit whole? Status 1 where it is not."""
    settings = read_settings()
    witnessed = _read_checkpoints(checkpoints) if checkpoints else []
    report = run(_verify(settings, witnessed, load_public_keys(keys) if keys else None))
    if as_json:
        print_json(asdict(report))
    else:
        _tell(report)
    if not report.is_whole:
        raise typer.Exit(1)


@app.command("export")
def export_records(
    since: Since = None,
    until: Until = None,
    form: Annotated[Format, typer.Option("--format", help="格式 Form.")] = Format.JSONL,
    output: Annotated[
        Path | None, typer.Option("--output", help="写入文件，缺省标准输出 File; default standard output.")
    ] = None,
) -> None:
    """导出审计记录供审计人员使用 Write records out, for auditors."""
    settings = read_settings()
    count = run(_export(settings, *_span(since, until), form, output))
    if output is not None:
        err.print(f"已导出 exported {count} 条 records → {output}", highlight=False, markup=False)


@app.command("show")
def show_records(
    since: Since = None,
    until: Until = None,
    last: Annotated[int, typer.Option(min=1, help="最多显示末尾几条 At most so many of the last.")] = 50,
    as_json: AsJson = False,
) -> None:
    """查看审计记录 Show the last records."""
    records = run(_fetch(read_settings(), *_span(since, until), last))
    show(
        records if as_json else [_row(record) for record in records],
        {
            "at": "时间 at",
            "kind": "事项 kind",
            "decision": "结果 decision",
            "who": "何人 who",
            "what": "何事 what",
            "rows": "数据行 rows",
        },
        as_json=as_json,
        empty="没有记录 no records",
    )


@app.command("checkpoints")
def list_checkpoints() -> None:
    """列出检查点，供他处保存 Print the last checkpoint of each chain, for others to keep."""
    for checkpoint in run(_newest(read_settings())):
        out.print(checkpoint.text, markup=False, highlight=False, soft_wrap=True)


@app.command("prune")
def prune_records(
    before: Annotated[datetime, typer.Option(help="清除此前的记录，北京时间 Take out what is older.")],
    as_json: AsJson = False,
) -> None:
    """清除足够久的记录（至少保存 183 天） Take out records that are old enough: 183 days at least."""
    settings = read_settings()
    pruned = run(_prune(settings, before.replace(tzinfo=CHINA)))
    if as_json:
        print_json(asdict(pruned))
    else:
        out.print(
            f"已清除 pruned {pruned.segments} 段 segments / {pruned.chains} 条链 chains", highlight=False
        )


def _tell(report: Report) -> None:
    for finding in report.findings:
        err.print(
            f"✗ {finding.code} {finding.chain_id} {finding.first}–{finding.last}: {finding.message}",
            style="red",
            markup=False,
            soft_wrap=True,
        )
    out.print(
        f"链 chains {report.chains}，记录 records {report.records}，检查点 checkpoints {report.checkpoints}"
        f"（他处保存 kept by others {report.witnessed}）",
        highlight=False,
        soft_wrap=True,
    )
    if not report.witnessed:
        out.print(
            "没有他处保存的检查点：能改数据库和密钥的人所做的改动看不出来。"
            " Without checkpoints kept by others this shows nothing of who owns both database and key.",
            soft_wrap=True,
        )
    if report.is_whole:
        out.print("✓ 审计记录完整 the audit is whole")


def _row(record: Record) -> dict[str, Any]:
    who = record.get("who", {})
    details = record.get("details", {})
    return {
        "at": record["at"],
        "kind": record["kind"],
        "decision": " ".join(filter(None, (record.get("decision"), record.get("code")))),
        "who": who.get("client")
        or details.get("client")
        or details.get("system_user")
        or record.get("address"),
        "what": record.get("operation") or details.get("act") or (record.get("document") or "")[:12],
        "rows": " ".join(f"{name} {count}" for name, count in record.get("rows", {}).items()),
    }


def _read_checkpoints(path: Path) -> list[Checkpoint]:
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                found.append(read_checkpoint(line))
            except ValueError as error:
                raise typer.BadParameter(f"{path.name}:{number}: {error}") from error
    return found


def _span(since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    end = until.replace(tzinfo=CHINA) if until else system_clock() + timedelta(minutes=1)
    return (since.replace(tzinfo=CHINA) if since else end - timedelta(days=1)), end


async def _verify(
    settings: Settings, witnessed: list[Checkpoint], keys: Mapping[str, PublicKey] | None
) -> Report:
    async with ready_database(settings) as url, connection_to(url) as connection:
        known = known_keys(settings.key_dir) if keys is None else keys
        return await Verifier(known, system_clock(), witnessed).verify(connection)


async def _export(
    settings: Settings, since: datetime, until: datetime, form: Format, output: Path | None
) -> int:
    written = as_csv_line if form is Format.CSV else as_json_line
    count = 0
    async with ready_database(settings) as url, connection_to(url) as connection:
        with _opened(output, form) as file:
            if form is Format.CSV:
                file.write(csv_head() + "\n")
            async for record in records_between(connection, since, until):
                file.write(written(record) + "\n")
                count += 1
    return count


def _opened(output: Path | None, form: Format) -> AbstractContextManager[TextIO]:
    """Where records go; a spreadsheet knows UTF-8 by its mark."""
    if output is None:
        return nullcontext(sys.stdout)
    return output.open("w", encoding="utf-8-sig" if form is Format.CSV else "utf-8")


async def _fetch(settings: Settings, since: datetime, until: datetime, last: int) -> list[Record]:
    found: deque[Record] = deque(maxlen=last)
    async with ready_database(settings) as url, connection_to(url) as connection:
        async for record in records_between(connection, since, until):
            found.append(record)
    return [*found]


async def _newest(settings: Settings) -> list[Checkpoint]:
    since = system_clock() - timedelta(days=KEPT_DAYS)
    async with ready_database(settings) as url, connection_to(url) as connection:
        return await newest_checkpoints(connection, since, 1000)


async def _prune(settings: Settings, before: datetime) -> Pruned:
    async with (
        ready_database(settings) as url,
        on_record(settings, url, "audit.prune", before=before),
        connection_to(url) as connection,
    ):
        return await prune(connection, before, system_clock(), known_keys(settings.key_dir))
