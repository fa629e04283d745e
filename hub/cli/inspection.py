"""`baogong identity inspect`: what any code or label is, who knows it, and how sure that is."""

from typing import Annotated, Any

import typer

from hub.cli.feed import AsJson
from hub.cli.listing import out, print_json
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.ingest import inspection
from schema.inspection import MAX_TEXT

_HEADINGS = {
    "products": "药品 medicines",
    "packs": "包装 packs",
    "items": "各方商品与报告 items of senders",
    "organizations": "机构 organisations",
    "regions": "行政区划 divisions",
}


def inspect(
    text: Annotated[str, typer.Argument(help="任何编码，或标签文字 Any code, or the text of a label.")],
    as_json: AsJson = False,
) -> None:
    """查一个编码或标签：是什么、谁认得、多可靠 What a code or label is, who knows it, how sure that is."""
    if not text.strip() or len(text) > MAX_TEXT:
        raise typer.BadParameter(f"应为 1 到 {MAX_TEXT} 字 from 1 to {MAX_TEXT} characters")
    report = run(_inspect(text))
    if as_json:
        print_json(report)
    else:
        _print(report)


async def _inspect(text: str) -> dict[str, Any]:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return await inspection.inspect(connection, text)


def _print(report: dict[str, Any]) -> None:
    for reading in report["codes"]:
        _print_code(reading)
    if items := report.get("item_codes"):
        _say("作为发送方自己的商品编码 as a sender's own item code：")
        _print_rows(items)
    if organizations := report.get("organizations"):
        _say("作为机构名称 as the name of an organisation：")
        _print_rows(organizations)
    if label := report.get("label"):
        _print_label(label)


def _print_code(reading: dict[str, Any]) -> None:
    if reading["is_right"]:
        parts = "；".join(f"{label} {value}" for label, value in reading["parts"].items())
        _say(f"✓ {reading['label']} {reading['normal']}（{parts}）")
    else:
        _say(f"✗ {reading['label']}：{reading['hint']}")
        for meant in reading["meant"]:
            _say(f"  可能是 perhaps {meant}")
    shown = [name for name in _HEADINGS if reading.get(name)]
    for name in shown:
        _say(f"  {_HEADINGS[name]}：")
        _print_rows(reading[name])
    if not shown:
        _say("  本系统无人认得 nobody here knows it")


def _print_label(label: dict[str, Any]) -> None:
    said = label["said"]
    _say(
        f"标签 label：名称 name {said['name'] or '—'}；规格 spec {said['specification'] or '—'}；"
        f"厂家 maker {said['holder'] or '—'}；批准文号 number {said['approval_number'] or '—'}"
    )
    strengths = "、".join(label["strengths"]) or "—"
    pack = f"{label['pack_count'] or '—'}{label['pack_unit'] or ''}"
    rest = f"；未读懂 not understood {label['not_understood']}" if label["not_understood"] else ""
    _say(f"  读作 read as：剂量 strength {strengths}；包装 pack {pack}{rest}")
    for rung in label["rungs"]:
        numbers = "、".join(rung["approval_numbers"]) or "无 none"
        _say(f"  {rung['label']} {rung['code']} → {numbers}")
    finding = label["finding"]
    score = f" {finding['score']}" if finding["score"] is not None else ""
    _say(f"  识别 ladder：{finding['state']} {finding['method'] or ''}{score} {finding['evidence']}")
    for each in label["candidates"]:
        mark = "✓" if each["is_found"] else "✗"
        _say(f"  {mark} {each['approval_number']} {each['compared']}")


def _print_rows(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        _say(
            "    "
            + "；".join(f"{key} {value}" for key, value in row.items() if key != "id" and value is not None)
        )


def _say(line: str) -> None:
    out.print(line, markup=False, highlight=False, soft_wrap=True)
