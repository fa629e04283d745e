"""Settings, read once from the environment (prefix HUB_) and handed on."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment can set; each as an environment variable HUB_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="HUB_", env_ignore_empty=True, frozen=True)

    database_url: str | None = Field(
        default=None, description="PostgreSQL 15 or later; unset: an embedded one under data_dir"
    )
    graph_database_url: str | None = Field(
        default=None,
        description="the same database under a login of its own for the graph, a member of baogong_graph and of"
        " nothing else; unset: the hub's login, which reads as that role",
    )
    data_dir: Path = Field(
        default=Path("var"), description="landing, releases, keys and the embedded database"
    )
    host: str = Field(default="127.0.0.1", description="address the graph and the public site listen on")
    port: int = Field(default=8000, description="port of the graph")
    site_port: int = Field(default=8001, description="port of the public site")
    public_url: str | None = Field(
        default=None, description="the hub's public origin and name as issuer; unset: from host and port"
    )
    site_url: str | None = Field(
        default=None, description="the public site's origin; unset: from host and site_port"
    )
    site_sql_port: int = Field(
        default=8002, description="port of the process that answers questions in SQL over a release"
    )
    site_sql_url: str | None = Field(
        default=None,
        description="that process's public origin, which the site then leads to; unset: it leads nowhere",
    )
    site_mcp: bool = Field(
        default=False,
        description="whether that process answers language models too (Model Context Protocol, at /mcp)",
    )
    sign_in_idle_seconds: int = Field(
        default=1800, gt=0, description="how long a person who does nothing stays signed in"
    )
    sign_in_seconds: int = Field(default=28800, gt=0, description="how long a person stays signed in at most")
    oidc_issuer: str | None = Field(
        default=None, description="an OpenID provider at which people sign in; unset: by password only"
    )
    oidc_client_id: str | None = Field(default=None, description="the hub's client id at the provider")
    oidc_client_secret: SecretStr | None = Field(default=None, description="the hub's secret at the provider")
    token_seconds: int = Field(default=300, gt=0, le=86_400, description="how long a token is good for")
    issuers: Path | None = Field(
        default=None, description="the file of other issuers whose tokens are taken; unset: none"
    )
    client_cert_header: str | None = Field(
        default=None,
        min_length=1,
        description="the header in which a proxy hands on a client's TLS certificate; unset: none does",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1", description="addresses or networks of proxies, whose headers are believed"
    )

    worker_seconds: float = Field(default=5, gt=0, description="pause between two rounds of the worker")

    sources: Path | None = Field(
        default=None, description="the file of source systems that `feed pull` goes to; unset: none"
    )
    push_max_bytes: int = Field(
        default=512 << 20, gt=0, description="the largest file that a client may push"
    )

    graph_seconds: float = Field(default=10, gt=0, description="how long one query of the graph may take")
    graph_connections: int = Field(
        default=10, gt=0, description="how many queries the graph answers at a time, each with a connection"
    )
    trusted_documents: Path | None = Field(
        default=None, description="a folder of .graphql files that are trusted documents"
    )
    audit_database_url: str | None = Field(
        default=None,
        description="the audit's own role in the database, which may add records only; unset: as database_url",
    )
    audit_seconds: float = Field(default=5, gt=0, description="how long a commit of the audit may take")
    audit_synchronous: bool = Field(
        default=True,
        description="whether a record is on disk before the answer goes out, not only in the database server",
    )
    audit_checkpoint_seconds: float = Field(
        default=60, gt=0, description="time between two signed checkpoints of the audit"
    )
    audit_digest: Literal["sha256", "sm3"] = Field(
        default="sha256", description="by which digest records are chained"
    )
    audit_signature: Literal["es256", "sm2"] = Field(
        default="es256", description="by which signature checkpoints are sealed"
    )
    trusted_only: bool = Field(default=False, description="whether the graph runs trusted documents only")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for each in _parts(value):
            ip_network(each)
        return value

    @property
    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Where the proxies are."""
        return tuple(ip_network(each) for each in _parts(self.trusted_proxies))

    @property
    def hub_origin(self) -> str:
        """Where clients reach the hub, which is also its name as issuer of tokens."""
        return self.public_url or _origin(self.host, self.port)

    @property
    def site_origin(self) -> str:
        """Where the public reaches the site."""
        return self.site_url or _origin(self.host, self.site_port)

    @property
    def site_sql_origin(self) -> str:
        """Where the public reaches the process that answers SQL."""
        return self.site_sql_url or _origin(self.host, self.site_sql_port)

    @property
    def sign_in_idle(self) -> timedelta:
        """How long a person who does nothing stays signed in."""
        return timedelta(seconds=self.sign_in_idle_seconds)

    @property
    def sign_in_lifetime(self) -> timedelta:
        """How long a person stays signed in at most."""
        return timedelta(seconds=self.sign_in_seconds)

    @property
    def inbox_dir(self) -> Path:
        """Where files are dropped: `<feed>/<sender>/<file>`."""
        return self.data_dir / "inbox"

    @property
    def taken_dir(self) -> Path:
        """Where dropped files go when they were taken in."""
        return self.data_dir / "taken"

    @property
    def landing_dir(self) -> Path:
        """Bytes as received, by SHA-256."""
        return self.data_dir / "landing"

    @property
    def pull_dir(self) -> Path:
        """Pages and files on their way from a source: `<feed>/<sender>/<source>/`."""
        return self.data_dir / "pull"

    @property
    def release_dir(self) -> Path:
        """Sealed releases of open data."""
        return self.data_dir / "releases"

    @property
    def key_dir(self) -> Path:
        """The issuer's signing keys."""
        return self.data_dir / "keys"


def _parts(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _origin(host: str, port: int) -> str:
    """A server that listens everywhere is reached at least here."""
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
