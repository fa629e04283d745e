"""Which transport fetches from which source."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path

from connectors.registry import CONNECTORS
from connectors.transports.fetched import Fetched, LeftAlone
from connectors.transports.http_pages import fetch_listing
from connectors.transports.sftp import fetch_files
from connectors.transports.sources import HttpsSource, Source, find_secrets


def fetch(
    source: Source, environment: Mapping[str, str], folder: Path, now: datetime
) -> AsyncIterator[Fetched | LeftAlone]:
    """What the source has for us; where persons may be in it, in memory only. `folder` is its own, and only
    one fetch may go on in it. Raises PullError.
    """
    secrets = find_secrets(source, environment)
    in_memory = CONNECTORS[source.feed].manifest.personal is not None
    if isinstance(source, HttpsSource):
        return fetch_listing(
            source, secrets.get(source.secret_variable or ""), folder, now, in_memory=in_memory
        )
    return fetch_files(source, secrets, folder, in_memory=in_memory)
