"""What a process of the site is told when it starts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

_COMMON: dict[str, Any] = {
    "allow_download": False,
    "allow_facet": False,
    "suggest_facets": False,
    "allow_csv_stream": False,
    "max_csv_mb": 20,
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "num_sql_threads": 4,
}


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """One process: the folder of releases, where it listens, and by what name the public knows it."""

    releases: Path
    host: str
    port: int
    #: the public origin of the site, without a slash at the end
    url: str
    #: the public origin of the process that answers SQL; None where there is none
    sql_url: str | None = None
    #: whether this is that process
    is_sql: bool = False
    #: whether the process of SQL answers language models too (Model Context Protocol)
    is_mcp: bool = False
    #: questions in SQL that one address may ask a second, after a first handful
    per_second: float = 1.0
    #: what the kept pages of a release may take in memory
    cache_bytes: int = 128 << 20
    #: how often it looks whether there is a new release
    look_seconds: float = 1.0

    @property
    def answers_models(self) -> bool:
        """Whether language models ask this process."""
        return self.is_sql and self.is_mcp

    @property
    def models_url(self) -> str | None:
        """Where language models may ask, if anywhere."""
        asked = self.url if self.is_sql else self.sql_url
        return f"{asked}/mcp" if self.is_mcp and asked else None

    @property
    def datasette(self) -> dict[str, Any]:
        """Datasette's settings. Nobody asks in SQL but in the process for it, and there for less time."""
        return _COMMON | {
            "default_allow_sql": self.is_sql,
            "sql_time_limit_ms": 500 if self.is_sql else 800,
        }
