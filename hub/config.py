"""Settings, read once from the environment (prefix HUB_) and handed on."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment can set; each as an environment variable HUB_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="HUB_", frozen=True)

    database_url: str | None = Field(
        default=None, description="PostgreSQL 15 or later; unset: an embedded one under data_dir"
    )
    data_dir: Path = Field(
        default=Path("var"), description="landing, releases, keys and the embedded database"
    )
    host: str = Field(default="127.0.0.1", description="address the graph and the public site listen on")
    port: int = Field(default=8000, description="port of the graph")
    site_port: int = Field(default=8001, description="port of the public site")
    issuer_url: str = Field(
        default="http://127.0.0.1:8000", description="this hub's name as issuer of tokens"
    )
    token_seconds: int = Field(default=300, description="how long a token is good for")

    worker_seconds: float = Field(default=5, gt=0, description="pause between two rounds of the worker")

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
    def release_dir(self) -> Path:
        """Sealed releases of open data."""
        return self.data_dir / "releases"

    @property
    def key_dir(self) -> Path:
        """The issuer's signing keys."""
        return self.data_dir / "keys"
