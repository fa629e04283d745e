"""`baogong feed`: taking files in, and what became of them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from hub.cli.lazy import lazy_group
from hub.cli.listing import Record, err, out, print_json, show
from hub.cli.on_record import on_record
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import CHINA, Clock, system_clock
from hub.config import Settings
from hub.ingest import listing_store
from hub.ingest.batches import BatchState, Decision, Verdict
from hub.ingest.landing import Landing
from hub.ingest.outcome import outcome_record
from hub.ingest.people import person
from hub.ingest.promotion import Progress
from hub.ingest.run import Delivery, Ingest, Outcome

app = typer.Typer(
    cls=lazy_group(
        {
            "faults": "hub.cli.faults:faults",
            "pull": "hub.cli.pull:pull",
            "pulls": "hub.cli.pull:pulls",
        }
    ),
    no_args_is_help=True,
    add_completion=False,
    help="数据源：接收文件、查看批次与问题行 Feeds: take files in, see batches and faults.",
)

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")]
_STOPPED = {
    BatchState.REFUSED: "拒收 refused",
    BatchState.HELD: "扣留 held",
    BatchState.REJECTED: "否决 rejected",
    BatchState.FAILED: "系统故障 failed",
}
_STEPS = {"read": "读取 read", "resolve": "识别 resolve", "promote": "入库 promote"}


@app.command("list")
def list_feeds(as_json: AsJson = False) -> None:
    """列出数据源 List the feeds, each with its newest batch."""
    records = run(_fetch(listing_store.list_feeds))
    show(
        records,
        {
            "code": "数据源 feed",
            "name_zh": "名称 name",
            "cadence": "频率 cadence",
            "batches": "批次数 batches",
            "last_received_at": "最近收到 last received",
        },
        as_json=as_json,
        empty="没有数据源 no feeds",
    )


@app.command()
def ingest(
    feed: Annotated[str, typer.Argument(help="数据源代码，见 feed list Feed code, see `feed list`.")],
    paths: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, readable=True, help="文件 Files, taken in this order."),
    ],
    sender: Annotated[
        str | None, typer.Option(help="发送方代码；药店连锁必填 Sender code; needed for pharmacy chains.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="数据所述时点（中国时间），缺省为现在 What instant the data is about, China time; default now.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """接收文件：入库、隔离或拒收 Take files in: promoted, quarantined or refused; exit status 1 if any was stopped."""
    instant = as_of and as_of.replace(tzinfo=CHINA).astimezone(UTC)
    deliveries = [(Delivery(feed, sender, path.name, "folder", instant), path) for path in paths]
    outcomes = run(_ingest(read_settings(), deliveries))
    records = [outcome_record(outcome) for outcome in outcomes]
    if as_json:
        print_json(records)
    else:
        for record in records:
            print_outcome(record)
    if any(outcome.stop for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def batches(
    feed: Annotated[str | None, typer.Option(help="只看此数据源 Only this feed.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多几条 At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """列出批次，最新在前 List batches with their books, newest first."""
    records = run(_fetch(listing_store.list_batches, feed, limit))
    show(
        records,
        {
            "id": "批次 batch",
            "feed_code": "数据源 feed",
            "sender_code": "发送方 sender",
            "file_name": "文件 file",
            "state_code": "状态 state",
            "rows_read": "读到 read",
            "rows_promoted": "入库 promoted",
            "rows_unchanged": "未变 unchanged",
            "rows_quarantined": "隔离 quarantined",
            "rows_settled": "其中已入库 since settled",
            "rows_skipped": "略过 skipped",
            "facts_closed": "结束 closed",
            "repeats": "重复 repeats",
            "stop_reason": "原因 reason",
        },
        as_json=as_json,
        empty="还没有批次 no batches yet",
    )


_BATCH = Annotated[int, typer.Argument(help="批次编号 Batch number.")]
_BY = Annotated[str, typer.Option(help="决定人，必填 Who decides.")]
_REASON = Annotated[str, typer.Option(help="理由，必填 Why.")]


@app.command()
def release(batch: _BATCH, by: _BY, reason: _REASON) -> None:
    """放行被扣留的批次：不再设防，照常入库 Promote a held batch all the same."""
    _decide(batch, Verdict.RELEASE, by, reason)


@app.command()
def reject(batch: _BATCH, by: _BY, reason: _REASON) -> None:
    """否决被扣留的批次：不入库，文件留存 Keep a held batch out; its file stays in landing."""
    _decide(batch, Verdict.REJECT, by, reason)


def _decide(batch: int, verdict: Verdict, by: str, reason: str) -> None:
    print_outcome(outcome_record(run(_carry_out(read_settings(), batch, verdict, by, reason))))


async def _carry_out(settings: Settings, batch: int, verdict: Verdict, by: str, reason: str) -> Outcome:
    who = person(by, reason)
    decision = Decision(verdict, who.name, who.reason, system_clock())
    async with ready_database(settings) as url, connection_to(url) as connection:
        about = {"batch": batch, "decided_by": who.name, "reason": who.reason}
        async with on_record(settings, url, f"feed.{verdict.value}", **about):
            ingest = Ingest(connection, Landing(settings.landing_dir), system_clock)
            return await ingest.decide(batch, decision)


@app.command()
def waiting(
    limit: Annotated[int, typer.Option(min=1, help="最多几条 At most so many.")] = 100,
    as_json: AsJson = False,
) -> None:
    """列出尚未对应到注册药品的商品、月报和通知 List items, reports and notices without a registered medicine."""
    records = run(_fetch(listing_store.list_waiting, limit))
    show(
        records,
        {
            "feed_code": "数据源 feed",
            "sender_code": "发送方 sender",
            "item_kind": "类别 kind",
            "item_key": "对象 item",
            "name_zh": "通用名 name",
            "specification": "规格 spec",
            "approval_number": "批准文号 number",
            "match_code": "状态 state",
            "match_evidence": "依据 evidence",
        },
        as_json=as_json,
        empty="没有待对应的商品 nothing waits",
    )
    if records and not as_json:
        out.print(
            "人工判定 to judge: baogong identity judge 类别 对象 --product 批准文号（或 --none）--by … --reason …",
            markup=False,
            soft_wrap=True,
        )


def print_outcome(record: Record) -> None:
    """One delivery's outcome as a sentence."""
    if record["reason"]:
        word = _STOPPED[BatchState(record["state"])]
        out.print(
            f"✗ 批次 batch {record['batch']} {word}：{record['reason']}",
            style="red",
            markup=False,
            soft_wrap=True,
        )
        return
    repeat = "（重复送达，未再处理 a repeat, nothing done）" if record["repeat"] else ""
    out.print(
        f"✓ {record['file']}{repeat} 批次 batch {record['batch']}：读到 read {record['rows_read']}"
        f" = 入库 promoted {record['promoted']} + 未变 unchanged {record['unchanged']}"
        f" + 隔离 quarantined {record['quarantined']} + 略过 skipped {record['skipped']}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def progress_bar() -> Bar:
    """A progress display on standard error; silent where that is no terminal."""
    return Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} 行 rows"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def progress_of(bar: Bar, file_name: str) -> Progress:
    """Tells a progress display of a file's steps."""
    task = bar.add_task(file_name, total=None)
    return lambda step, rows: bar.update(task, description=f"{file_name} {_STEPS[step]}", completed=rows)


async def take_all(
    settings: Settings, url: str, deliveries: list[tuple[Delivery, Path]], clock: Clock = system_clock
) -> list[Outcome]:
    """Take files in, one after the other; before them, what a killed run left."""
    outcomes = []
    with progress_bar() as bar:
        async with connection_to(url) as connection:
            landing = Landing(settings.landing_dir)
            await Ingest(connection, landing, clock).resume()
            for delivery, path in deliveries:
                taker = Ingest(connection, landing, clock, progress_of(bar, path.name))
                with path.open("rb") as source:
                    outcomes.append(await taker.take(delivery, source))
    return outcomes


async def _ingest(settings: Settings, deliveries: list[tuple[Delivery, Path]]) -> list[Outcome]:
    files = [
        f"{delivery.feed_code}/{delivery.sender_code or '-'}/{path.name}" for delivery, path in deliveries
    ]
    async with ready_database(settings) as url, on_record(settings, url, "feed.ingest", files=files[:100]):
        return await take_all(settings, url, deliveries)


async def _fetch(query: Any, *arguments: Any) -> list[Record]:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        records: list[Record] = await query(connection, *arguments)
        return records
