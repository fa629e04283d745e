"""`baogong list`: lists of medicines, their versions and differences, proposals and decisions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.feed import AsJson
from hub.cli.listing import Record, out, print_json, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import CHINA, system_clock
from hub.ingest.landing import Landing
from hub.ingest.people import person
from hub.lists import store
from hub.lists.proposing import Proposing, actor
from hub.lists.versions import Difference, Line, difference

app = typer.Typer(
    no_args_is_help=True,
    help="清单：查看、比较、拟议、公布 Lists of medicines: see, compare, propose, publish.",
)

_By = Annotated[str, typer.Option("--by", help="何人，必填 Who.")]
_Reason = Annotated[str, typer.Option("--reason", help="理由，必填 Why.")]
_List = Annotated[int, typer.Argument(help="清单标识，见 list show Identifier of the list, see `list show`.")]
_Number = Annotated[int, typer.Argument(help="拟议编号 Number of the proposal.")]
_LINE = {
    "name_zh": "药品 medicine",
    "dosage_form": "剂型 form",
    "strength_text": "规格 strength",
    "approval_number": "批准文号 number",
    "reason_code": "列入原因 reason",
}


@app.command("show")
def show_list(
    number: Annotated[int | None, typer.Argument(help="清单标识；不写则列出各清单 None: all lists.")] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="哪一天，缺省今天 On this day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """列出各清单，或一个清单在某天的药品 List the lists, or the medicines on one of them on a day."""
    if number is None:
        columns = {
            "id": "标识 id",
            "name": "清单 list",
            "kind_code": "类型 kind",
            "region_code": "区划 division",
            "effective_on": "现行版本 in force since",
            "entries": "在列 entries",
        }
        show(run(_fetch(store.lists)), columns, as_json=as_json, empty="还没有清单 no lists yet")
        return
    at = system_clock() if on is None else on.replace(tzinfo=CHINA).astimezone(UTC)
    lines = run(_fetch(lambda connection: store.lines_at(connection, number, at, before=False)))
    show(_records(lines), _LINE, as_json=as_json, empty="当日清单上没有药品 nothing is on it on that day")


@app.command()
def versions(number: _List, as_json: AsJson = False) -> None:
    """列出一个清单的各版本 List the versions of a list."""
    show(
        run(_fetch(lambda connection: store.versions(connection, number))),
        {
            "id": "标识 id",
            "effective_on": "生效日期 effective on",
            "document_title": "文件 document",
            "document_number": "文号 number",
            "came_in": "调入 in",
            "went_out": "调出 out",
        },
        as_json=as_json,
        empty="没有此清单 no such list",
    )


@app.command()
def diff(
    number: _List,
    before: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d"], help="前一版本的生效日期 From this day.")
    ],
    after: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="后一版本的生效日期 To this day.")],
    as_json: AsJson = False,
) -> None:
    """比较一个清单的任意两个版本 Compare any two versions of a list."""
    days = [day.replace(tzinfo=CHINA).astimezone(UTC) for day in (before, after)]
    found, reasons = run(_diff(number, days))
    _print_difference(found, reasons, as_json=as_json)


@app.command()
def propose(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="清单版本文件 File of a version.")
    ],
    sender: Annotated[
        str, typer.Option("--sender", help="发送方代码，必填 Sender code of who keeps the list.")
    ],
    by: _By,
    reason: _Reason,
) -> None:
    """拟议一个版本，由另一人决定公布 Propose a version; a second person publishes it."""
    number, found = run(_propose(file, sender, by, reason))
    out.print(f"✓ 拟议 proposal {number}", markup=False)
    _print_difference(found, {}, as_json=False)


@app.command()
def approve(number: _Number, by: _By, reason: _Reason) -> None:
    """公布一个拟议，不能由拟议人自己决定 Publish a proposal, which its proposer cannot."""
    outcome = run(_decide("approve", number, by, reason))
    out.print(f"✓ 已公布拟议 published proposal {number}，批次 batch {outcome.batch.id}", markup=False)


@app.command()
def reject(number: _Number, by: _By, reason: _Reason) -> None:
    """否决一个拟议 Reject a proposal."""
    run(_decide("reject", number, by, reason))
    out.print(f"✓ 已否决拟议 rejected proposal {number}", markup=False)


@app.command()
def pending(
    everything: Annotated[bool, typer.Option("--all", help="含已决定的 Decided ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """列出待决定的拟议 List the proposals that wait for a decision."""
    show(
        run(_fetch(lambda connection: store.proposals(connection, pending=not everything))),
        {
            "id": "编号 no.",
            "list_name": "清单 list",
            "effective_on": "生效日期 effective on",
            "added": "调入 in",
            "removed": "调出 out",
            "changed": "改动 changed",
            "proposed_by": "拟议人 by",
            "reason": "理由 reason",
            "proposed_at": "时间 at",
            "verdict_code": "决定 verdict",
            "decided_by": "决定人 decided by",
        },
        as_json=as_json,
        empty="没有待决定的拟议 nothing waits for a decision",
    )


def _records(lines: Sequence[Line]) -> list[Record]:
    return [line._asdict() for line in sorted(lines, key=lambda line: line.name_zh)]


def _print_difference(found: Difference, reasons: dict[int, str], *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "added": [line._asdict() | {"reason": reasons.get(line.id)} for line in found.added],
                "removed": [line._asdict() | {"reason": reasons.get(line.id)} for line in found.removed],
                "changed": [
                    {"before": one._asdict(), "after": other._asdict()} for one, other in found.changed
                ],
            }
        )
        return
    for mark, lines in (("+", found.added), ("-", found.removed)):
        for line in lines:
            out.print(
                f"{mark} {_told(line)}  {reasons.get(line.id, '')}".rstrip(), markup=False, highlight=False
            )
    for one, other in found.changed:
        out.print(f"~ {_told(one)} → {_told(other)}", markup=False, highlight=False)
    if found.is_nothing:
        out.print("没有差别 no difference")


def _told(line: Line) -> str:
    words = (line.name_zh, line.dosage_form, line.strength_text, line.approval_number, line.category_name)
    return " ".join(word for word in words if word)


async def _fetch(query: Any) -> Any:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return await query(connection)


async def _diff(number: int, days: list[datetime]) -> tuple[Difference, dict[int, str]]:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        old, new = [await store.lines_at(connection, number, day, before=False) for day in days]
        span = min(days), max(days)
        return difference(old, new), await store.reasons_between(connection, number, *span)


async def _propose(file: Path, sender: str, by: str, reason: str) -> tuple[int, Difference]:
    settings, who = read_settings(), actor(person(by, reason))
    async with ready_database(settings) as url, connection_to(url) as connection:
        proposing = Proposing(connection, Landing(settings.landing_dir), system_clock)
        with file.open("rb") as source:
            return await proposing.propose(sender, file.name, source, who)


async def _decide(verdict: str, number: int, by: str, reason: str) -> Any:
    settings, who = read_settings(), actor(person(by, reason))
    async with ready_database(settings) as url, connection_to(url) as connection:
        proposing = Proposing(connection, Landing(settings.landing_dir), system_clock)
        if verdict == "approve":
            return await proposing.approve(number, who)
        return await proposing.reject(number, who)
