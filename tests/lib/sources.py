"""Source systems of the sandbox for tests, and pulls from them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox import http_source, sftp_source
from connectors.sandbox.http_source import HttpSource
from connectors.sandbox.sftp_source import SftpSource
from connectors.transports.sources import Source, load_sources
from hub.jobs.pull import PullResult, pull_source
from tests.lib.hub import TestHub

HTTP_SECRET = {"HTTP_SECRET": http_source.CLIENT_SECRET}
SFTP_SECRET = {"SFTP_SECRET": sftp_source.PASSWORD}
#: no test waits longer than it must
PATIENCE = {"attempts": 4, "first_wait_seconds": 0.001, "longest_wait_seconds": 5, "timeout_seconds": 20}


def approvals(count: int) -> list[bytes]:
    """Records of the registration feed, numbers and all as a source writes them."""
    return [
        json.dumps({"code": f"国药准字H{20000000 + n}", "zh": f"药{n}"}, ensure_ascii=False).encode()
        for n in range(count)
    ]


def http_entry(url: str, source: HttpSource, **other: Any) -> dict[str, Any]:
    """The entry of a paging source in the file of sources."""
    return {
        "code": "platform",
        "feed": "registration",
        "transport": "https",
        "address": f"{url}{http_source.LISTING_PATH}",
        "pages": source.style.value,
        "page_size": 10,
        "requests_per_second": 1000,
        "token_address": f"{url}{http_source.TOKEN_PATH}",
        "client_id": http_source.CLIENT_ID,
        "secret_variable": "HTTP_SECRET",
        "patience": PATIENCE,
    } | other


def sftp_entry(port: int, source: SftpSource, **other: Any) -> dict[str, Any]:
    """The entry of an SFTP source in the file of sources."""
    entry = {
        "code": "chain",
        "feed": "pharmacy",
        "sender": "chain-a",
        "transport": "sftp",
        "address": f"sftp://{sftp_source.USER}@127.0.0.1:{port}/",
        "host_keys": [source.public_host_key],
        "password_variable": "SFTP_SECRET",
        "settle_seconds": 0.01,
        "patience": PATIENCE,
    } | other
    return {key: value for key, value in entry.items() if value is not None}


def write_sources(folder: Path, *entries: Mapping[str, Any]) -> Path:
    """A file of sources."""
    path = folder / "sources.yaml"
    path.write_text(
        yaml.safe_dump({"sources": [dict(each) for each in entries]}, allow_unicode=True), "utf-8"
    )
    return path


def source_of(folder: Path, entry: Mapping[str, Any]) -> Source:
    """The source that an entry of a file describes."""
    [source] = load_sources(write_sources(folder, entry))
    return source


async def pull(hub: TestHub, entry: Mapping[str, Any], environment: Mapping[str, str]) -> PullResult:
    """Pull from a source as `feed pull` does; time goes on by a minute."""
    hub.clock.turn(minutes=1)
    source = source_of(hub.settings.data_dir, entry)
    return await pull_source(hub.settings, hub.connection, source, environment, hub.clock)
