"""`baogong feed pull` and `feed pulls`: going to source systems for their files, and how that went."""

import os
from typing import Annotated, Any

import typer

from connectors.transports.sources import Source
from hub.cli.feed import AsJson, print_outcome, progress_bar, progress_of
from hub.cli.listing import Record, err, out, print_json, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import system_clock
from hub.config import Settings
from hub.errors import SettingError
from hub.ingest.landing import Landing
from hub.ingest.outcome import outcome_record
from hub.ingest.pull_store import list_pulls
from hub.ingest.run import Ingest, find_connector
from hub.jobs.pull import PullResult, configured_sources, pull_source
from schema.declare import Label


def pull(
    feed: Annotated[str, typer.Argument(help="数据源代码，见 feed list Feed code, see `feed list`.")],
    sender: Annotated[str | None, typer.Option(help="只取此发送方 Only the sources of this sender.")] = None,
    as_json: AsJson = False,
) -> None:
    """到来源系统取文件（HUB_SOURCES）并接收 Fetch from the source systems of HUB_SOURCES, in the file's order."""
    results = run(_pull(read_settings(), feed, sender))
    records = [_record(result) for result in results]
    if as_json:
        print_json(records)
    else:
        for record in records:
            _print(record)
    if any(record["code"] or any(file["code"] for file in record["files"]) for record in records):
        raise typer.Exit(1)


def pulls(
    feed: Annotated[str | None, typer.Option(help="只看此数据源 Only this feed.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多几条 At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """列出取数记录，含失败的，最新在前 List pulls with the reason of those that failed, newest first."""
    show(
        run(_list(read_settings(), feed, limit)),
        {
            "id": "编号 pull",
            "feed_code": "数据源 feed",
            "sender_code": "发送方 sender",
            "source_code": "来源 source",
            "started_at": "开始 started",
            "file_count": "文件数 files",
            "stop_code": "失败 failure",
            "stop_reason": "原因 reason",
        },
        as_json=as_json,
        empty="还没有取过数 no pulls yet",
    )


def sources_of(settings: Settings, feed: str, sender: str | None) -> list[Source]:
    """The configured sources of a feed. Raises SettingError where the file cannot be used or has none."""
    find_connector(feed)
    if settings.sources is None:
        raise SettingError(
            "source.none",
            Label("没有设置 HUB_SOURCES（来源配置文件）", "HUB_SOURCES, the file of sources, is not set"),
        )
    sources = configured_sources(settings)
    found = [source for source in sources if source.feed == feed and sender in (None, source.sender_code)]
    if not found:
        raise SettingError(
            "source.none",
            Label(
                f"{settings.sources} 中没有数据源 {feed} {sender or ''} 的来源",
                f"has no source of feed {feed} {sender or ''}".rstrip(),
            ),
        )
    return found


async def _pull(settings: Settings, feed: str, sender: str | None) -> list[PullResult]:
    sources = sources_of(settings, feed, sender)
    results = []
    with progress_bar() as bar:
        async with ready_database(settings) as url, connection_to(url) as connection:
            await Ingest(connection, Landing(settings.landing_dir), system_clock).resume()
            for source in sources:
                progress = progress_of(bar, source.code)
                results.append(
                    await pull_source(settings, connection, source, os.environ, system_clock, progress)
                )
    return results


async def _list(settings: Settings, feed: str | None, limit: int) -> list[Record]:
    async with ready_database(settings) as url, connection_to(url) as connection:
        return await list_pulls(connection, feed, limit)


def _record(result: PullResult) -> dict[str, Any]:
    return {
        "source": result.source.code,
        "feed": result.source.feed,
        "sender": result.source.sender_code,
        "code": result.stop and result.stop.code,
        "reason": result.stop and result.stop.reason,
        "left_alone": result.left_alone,
        "files": [outcome_record(outcome) for outcome in result.outcomes],
    }


def _print(record: dict[str, Any]) -> None:
    for file in record["files"]:
        print_outcome(file)
    for name in record["left_alone"]:
        out.print(f"… {name} 还在写入，下次再取 still being written, left for the next pull", markup=False)
    if record["code"]:
        err.print(
            f"✗ 来源 source {record['source']} 取数失败 pull failed：{record['reason']}",
            style="red",
            markup=False,
            soft_wrap=True,
        )
    elif not record["files"]:
        out.print(f"✓ 来源 source {record['source']}：没有新文件 nothing new", markup=False)
