"""Three procurement platforms over real HTTP: province, Guangzhou, Shenzhen, each with its own codes and paging.

`python -m connectors.sandbox.platforms --fault 429` plays them by hand on one port; see docs/sandbox.md.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import uvicorn
import yaml
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from connectors.sandbox.common import read_medicines
from connectors.sandbox.http_source import TOKEN_PATH, Fault, HttpSource, TokenDesk
from connectors.sandbox.procurement_offers import GUANGZHOU, PROVINCE, SHENZHEN, offers
from connectors.sandbox.procurement_samples import city_records, province_records
from connectors.sandbox.purchase_samples import order_records
from connectors.transports.pages import PageStyle

#: parameter by which orders are asked for, and the key that it is compared with
SINCE = ("updatedFrom", "updateTime")


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform: its token desk, and its lists by name."""

    #: the sender that it is to the hub
    code: str
    desk: TokenDesk
    lists: Mapping[str, HttpSource]

    def app(self) -> Starlette:
        """The platform's application: a token endpoint and one address for each list."""
        return Starlette(
            routes=[
                Route(TOKEN_PATH, self.desk.answer, methods=["POST"]),
                *(Route(f"/api/{name}", source.answer) for name, source in self.lists.items()),
            ]
        )

    def entries(self, base: str) -> list[dict[str, Any]]:
        """What the file of sources says of it: an entry for each list, the platform's listings first."""
        return [self._entry(f"{base}/{self.code}", name, source) for name, source in self.lists.items()]

    def _entry(self, address: str, name: str, source: HttpSource) -> dict[str, Any]:
        entry = {
            "code": f"{self.code}-{name}",
            "feed": "procurement",
            "sender": self.code,
            "transport": "https",
            "address": f"{address}/api/{name}",
            "pages": source.style.value,
            "page_size": 10,
            "envelope": source.envelope,
            "since_parameter": source.since and source.since[0],
            "token_address": f"{address}{TOKEN_PATH}",
            "client_id": self.desk.client_id,
            "secret_variable": secret_variable(self.code),
        }
        return {key: value for key, value in entry.items() if value is not None}


def platforms(faults: frozenset[Fault] = frozenset(), retry_after: int = 0) -> list[Platform]:
    """The three, with the samples in them; the province pages as MyBatis-Plus does, in an envelope."""
    styles = (
        (PROVINCE, PageStyle.CURRENT_SIZE, "data"),
        (GUANGZHOU, PageStyle.JQGRID, None),
        (SHENZHEN, PageStyle.CURSOR, "data"),
    )
    return [_platform(code, style, envelope, faults, retry_after) for code, style, envelope in styles]


def secret_variable(code: str) -> str:
    """The environment variable that holds the secret of a platform's client."""
    return f"{code.replace('-', '_').upper()}_SECRET"


def secrets_of(given: Sequence[Platform]) -> dict[str, str]:
    """The variables that a pull from these platforms needs."""
    return {secret_variable(platform.code): platform.desk.secret for platform in given}


def application(given: Sequence[Platform]) -> Starlette:
    """All platforms under one address, each below its code."""
    return Starlette(routes=[Mount(f"/{platform.code}", platform.app()) for platform in given])


def _platform(
    code: str, style: PageStyle, envelope: str | None, faults: frozenset[Fault], retry_after: int
) -> Platform:
    desk = TokenDesk(client_id=f"baogong-{code}", secret=f"{code}-sandbox-secret")

    def source(records: Sequence[bytes], since: tuple[str, str] | None = None) -> HttpSource:
        return HttpSource(records, style, faults, retry_after, desk=desk, envelope=envelope, since=since)

    offered = offers(code, read_medicines())
    listed = (
        city_records(offered) if code == GUANGZHOU else province_records(offered, is_messy=code == PROVINCE)
    )
    lists = {"listings": source(_lines(listed)), "orders": source(_lines(order_records(offered)), SINCE)}
    return Platform(code, desk, lists)


def _lines(records: Sequence[dict[str, Any]]) -> list[bytes]:
    return [orjson.dumps(record) for record in records]


def main() -> None:
    """Play the platforms until Ctrl-C; what the hub's file of sources needs is printed."""
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox.platforms", description=__doc__)
    parser.add_argument("--fault", type=Fault, choices=list(Fault), action="append", default=[])
    parser.add_argument("--retry-after", type=int, default=2, help="seconds that 429 asks for")
    parser.add_argument("--port", type=int, default=8110)
    given = parser.parse_args()
    played = platforms(frozenset(given.fault), given.retry_after)
    base = f"http://127.0.0.1:{given.port}"
    entries = [entry for platform in played for entry in platform.entries(base)]
    for name, secret in secrets_of(played).items():
        sys.stdout.write(f"# export {name}={secret}\n")
    sys.stdout.write(yaml.safe_dump({"sources": entries}, allow_unicode=True, sort_keys=False))
    sys.stdout.flush()
    server = uvicorn.Config(application(played), host="127.0.0.1", port=given.port, log_level="critical")
    asyncio.run(uvicorn.Server(server).serve())


if __name__ == "__main__":
    main()
