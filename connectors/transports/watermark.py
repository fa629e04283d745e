"""Up to when a source has been read: what a source that can tell of changes alone is asked for next."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.transports.durable import write_whole
from connectors.transports.sources import HttpsSource

_FILE = "since.json"
_CHINA = ZoneInfo("Asia/Shanghai")


class Watermark:
    """When the last pull began of which everything was taken in, kept in the source's own folder."""

    def __init__(self, source: HttpsSource, folder: Path) -> None:
        self._source = source
        self._path = folder / _FILE

    def asked(self) -> dict[str, str]:
        """The parameter to ask with; none at first, or when the source is asked otherwise than before."""
        began = self._last()
        if self._source.since_parameter is None or began is None:
            return {}
        since = began - timedelta(hours=self._source.since_overlap_hours)
        return {self._source.since_parameter: since.astimezone(_CHINA).isoformat(timespec="seconds")}

    def move(self, began: datetime) -> None:
        """Everything that a pull begun then found is taken in."""
        if self._source.since_parameter is not None:
            about = {"asked": self._source.asked, "began": began.isoformat()}
            write_whole(self._path, json.dumps(about).encode())

    def _last(self) -> datetime | None:
        try:
            about = json.loads(self._path.read_bytes())
            return datetime.fromisoformat(about["began"]) if about["asked"] == self._source.asked else None
        except (OSError, ValueError, KeyError, TypeError):
            # asked for everything once more, which costs time and changes nothing
            return None
