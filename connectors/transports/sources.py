"""The file of sources: which systems the hub goes to, by which transport, with credentials named and never written.

The secrets themselves are in environment variables; the file says only what these are called.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, unquote, urlsplit

import asyncssh
import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from connectors.registry import CONNECTORS
from connectors.transports.failures import Patience, PullError
from connectors.transports.pages import PageStyle
from schema.cadence import check_calendar
from schema.declare import Label

#: what may be the name of a folder
Code = Annotated[str, Field(pattern=r"^\w[\w.-]{0,63}$")]
#: the name of an environment variable; a secret written here by mistake will hardly look like one
Variable = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$", max_length=100)]


class _Source(BaseModel):
    """What every source has."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    code: Code
    feed: str
    #: may be left out where the feed has a default sender
    sender: Code | None = None
    address: str
    #: when the worker goes there, as cron writes it (China time); the feed's own calendar unless given
    due: Annotated[str, AfterValidator(check_calendar)] | None = None
    patience: Patience = Patience()

    @model_validator(mode="after")
    def _sender_is_known(self) -> "_Source":
        if self.feed not in CONNECTORS:
            raise ValueError(f"没有这个数据源 no such feed; there are {', '.join(CONNECTORS)}")
        if not self.sender and CONNECTORS[self.feed].manifest.default_sender is None:
            raise ValueError("须写 sender：编码由各发送方自定 sender is needed: codes are each sender's own")
        return self

    @property
    def sender_code(self) -> str:
        """Whose data it is."""
        return self.sender or CONNECTORS[self.feed].manifest.default_sender or ""

    @property
    def calendar(self) -> str:
        """When the worker goes there: cron's five fields, China time."""
        return self.due or CONNECTORS[self.feed].manifest.calendar

    @property
    def parts(self) -> SplitResult:
        """The address, cut up."""
        return urlsplit(self.address)


class HttpsSource(_Source):
    """A listing in pages over HTTPS; plain HTTP is for this machine only."""

    transport: Literal["https"]
    pages: PageStyle
    page_size: int = Field(default=500, ge=1, le=10_000)
    requests_per_second: float = Field(default=5, gt=0, le=1000)
    #: a listing that goes on beyond either is no listing
    max_pages: int = Field(default=100_000, gt=0)
    max_bytes: int = Field(default=2 << 30, gt=0)
    #: a run that broke off longer ago than this is not gone on with
    resume_hours: float = Field(default=6, ge=0)
    token_address: str | None = None
    client_id: str | None = None
    secret_variable: Variable | None = None
    scope: str | None = None
    #: keys that lead to the object with the page, parted by dots, where the answer wraps it: `data`
    envelope: str | None = Field(default=None, pattern=r"^\w+(\.\w+)*$")
    #: parameter by which the source is asked only for what changed since the last pull; None: for everything
    since_parameter: str | None = Field(default=None, min_length=1)
    #: so much of the time before that is asked for again: what is repeated changes nothing
    since_overlap_hours: float = Field(default=1, ge=0)

    @field_validator("address", "token_address")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        if value is None:
            return value
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(value)):
            raise ValueError("须为 https 地址（http 只限本机） an https address; plain http only on loopback")
        if not parts.hostname or parts.username or parts.password:
            raise ValueError("地址须有主机名、不含凭据 an address with a host and without credentials")
        return value

    @model_validator(mode="after")
    def _credentials_are_whole(self) -> "HttpsSource":
        given = [self.token_address, self.client_id, self.secret_variable]
        if any(given) and not all(given):
            raise ValueError(
                "token_address、client_id、secret_variable 须同时写 these three go together, or none of them"
            )
        return self

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """The variables it needs."""
        return (self.secret_variable,) if self.secret_variable else ()

    @property
    def asked(self) -> str:
        """What two runs must have in common for the second to go on with the first's pages."""
        asked = (self.address, self.pages, self.page_size, self.envelope, self.since_parameter)
        return sha256("\n".join(map(str, asked)).encode()).hexdigest()

    @property
    def wrappers(self) -> tuple[str, ...]:
        """The keys of the envelope, outermost first."""
        return tuple(self.envelope.split(".")) if self.envelope else ()


class SftpSource(_Source):
    """A folder on an SFTP server, `sftp://user@host:port/folder`."""

    transport: Literal["sftp"]
    #: the server's public keys as `ssh-keyscan` prints them, without the host; any of them will do
    host_keys: tuple[str, ...] = Field(min_length=1)
    pattern: str = "*"
    settle_seconds: float = Field(default=5, ge=0)
    #: larger files are not taken
    max_bytes: int = Field(default=2 << 30, gt=0)
    password_variable: Variable | None = None
    key_file: Path | None = None
    passphrase_variable: Variable | None = None

    @field_validator("address")
    @classmethod
    def _is_whole(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "sftp" or not parts.hostname or not parts.username or parts.password:
            raise ValueError("须形如 sftp://用户@主机:端口/目录，不含口令 like sftp://user@host:port/folder")
        if not parts.path or parts.query or parts.fragment or parts.port == 0:
            raise ValueError("须写明目录，端口须有效 the address must name a folder, and a port that can be")
        return value

    @field_validator("host_keys")
    @classmethod
    def _are_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            try:
                asyncssh.import_public_key(text)
            except asyncssh.KeyImportError as error:
                raise ValueError("不是 OpenSSH 公钥 not a public key as OpenSSH writes them") from error
        return value

    @model_validator(mode="after")
    def _one_way_in(self) -> "SftpSource":
        if (self.password_variable is None) == (self.key_file is None):
            raise ValueError("password_variable 与 key_file 须且只须写一个 exactly one of these two")
        return self

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """The variables it needs."""
        return tuple(name for name in (self.password_variable, self.passphrase_variable) if name)

    @property
    def folder(self) -> str:
        """The folder on the server."""
        return unquote(self.parts.path)


Source = HttpsSource | SftpSource
_SOURCE: TypeAdapter[Source] = TypeAdapter(Annotated[Source, Field(discriminator="transport")])


class SourcesError(Exception):
    """The file of sources cannot be used; the hint has a line for each entry and field that is wrong."""

    def __init__(self, hint: Label) -> None:
        super().__init__(str(hint))
        self.code = "source.file"
        self.hint = hint


def load_sources(path: Path) -> tuple[Source, ...]:
    """Read the file of sources, in its order. Raises SourcesError, naming file, entry and field."""
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise _wrong(path, [f"第 {line} 行不是 YAML line {line} is no YAML: {error.problem}"]) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise _wrong(path, [f"读不了 cannot be read: {error}"]) from error
    entries = raw.get("sources") if isinstance(raw, dict) and set(raw) == {"sources"} else None
    if not isinstance(entries, list):
        raise _wrong(path, ["须只有一个键 sources，其下为列表 must have one key, `sources`, with a list"])
    sources: list[Source] = []
    problems: list[str] = []
    for number, entry in enumerate(entries, 1):
        try:
            sources.append(_SOURCE.validate_python(entry))
        except ValidationError as error:
            problems.extend(_problems(number, entry, error))
    codes = [source.code for source in sources]
    problems += [
        f"code {code}：出现多次 more than once" for code in sorted({c for c in codes if codes.count(c) > 1})
    ]
    if problems:
        raise _wrong(path, problems)
    return tuple(sources)


def find_secrets(source: Source, environment: Mapping[str, str]) -> dict[str, str]:
    """The values of the variables a source needs. PullError names those that are not set."""
    missing = [name for name in source.secret_variables if not environment.get(name)]
    if missing:
        names = ", ".join(missing)
        raise PullError(
            "source.secret",
            Label(f"环境变量 {names} 没有设置", f"the environment variable {names} is not set"),
        )
    return {name: environment[name] for name in source.secret_variables}


def is_loopback(address: str) -> bool:
    """Whether an address is this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _problems(number: int, entry: Any, error: ValidationError) -> Iterator[str]:
    code = entry.get("code", "?") if isinstance(entry, dict) else "?"
    for each in error.errors(include_input=False, include_url=False, include_context=False):
        # the first of a location is the transport, by which the entry's kind was told
        field = ".".join(str(part) for part in each["loc"] if part not in ("https", "sftp"))
        where = f"，字段 field {field}" if field else ""
        yield f"第 {number} 项 entry {number} ({code}){where}：{each['msg'].removeprefix('Value error, ')}"


def _wrong(path: Path, problems: list[str]) -> SourcesError:
    lines = "\n  ".join(problems)
    return SourcesError(Label(f"{path}：来源配置不能用", f"cannot be used\n  {lines}"))
