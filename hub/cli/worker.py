"""`baogong worker` and `baogong jobs`: the worker, and how the sources stand that it goes to."""

import os
from typing import Any

import typer

from hub.cli.feed import AsJson
from hub.cli.listing import err, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import CHINA, system_clock
from hub.config import Settings
from hub.ingest.pull_store import last_try
from hub.jobs.pull import configured_sources, key_of
from hub.jobs.standing import standing_of
from hub.jobs.worker import Worker


def worker() -> None:
    """按期取数，收取投入 inbox/<数据源>/<发送方>/ 的文件 Pull what is due; take in what is dropped there."""
    run(_work(read_settings()))


def jobs(as_json: AsJson = False) -> None:
    """列出各来源何时取数、取得如何 List when each source is due and how its last pull went; status 1 if it failed."""
    records = run(_list(read_settings()))
    show(
        records,
        {
            "source": "来源 source",
            "feed": "数据源 feed",
            "sender": "发送方 sender",
            "calendar": "日程 calendar",
            "state_label": "状态 state",
            "at": "到期时间 due at",
            "failures": "连续失败 failures",
            "last_at": "上次取数 last pull",
            "last_reason": "失败原因 reason",
        },
        as_json=as_json,
        empty="没有设置来源（HUB_SOURCES） no sources are set",
    )
    if any(record["failures"] for record in records):
        raise typer.Exit(1)


async def _work(settings: Settings) -> None:
    async with ready_database(settings) as url:
        hub = Worker(settings, url, os.environ, system_clock)
        err.print(f"收件目录 inbox: {settings.inbox_dir}", highlight=False)
        err.print(f"来源 sources: {settings.sources or '无 none'}", highlight=False)
        await hub.run()


async def _list(settings: Settings) -> list[dict[str, Any]]:
    sources = configured_sources(settings)
    records = []
    async with ready_database(settings) as url, connection_to(url) as connection:
        for source in sources:
            standing = await standing_of(connection, source, system_clock())
            last = await last_try(connection, key_of(source))
            records.append(
                {
                    "source": source.code,
                    "feed": source.feed,
                    "sender": source.sender_code,
                    "calendar": source.calendar,
                    "state": standing.state.value,
                    "state_label": str(standing.state.label),
                    "at": standing.at.astimezone(CHINA).isoformat(timespec="seconds"),
                    "failures": standing.failures,
                    "last_at": last and last.started_at.astimezone(CHINA).isoformat(timespec="seconds"),
                    "last_code": last and last.stop_code,
                    "last_reason": last and last.stop_reason,
                }
            )
    return records
