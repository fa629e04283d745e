"""The file of issuers: who besides the hub itself may say who somebody is, and what each may vouch for at most."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from hub.access.algorithms import Algorithm
from hub.access.jwks import Freshness, RemoteKeys
from hub.access.trusted_issuer import ACCESS_TOKEN, ClaimMap, ClaimPath, TrustedIssuer
from hub.errors import SettingError
from schema.declare import Label
from schema.regions import complete_code
from schema.scopes import READ_SCOPES, Scope

_TYPES = {"at+jwt": ACCESS_TOKEN, "JWT": (*ACCESS_TOKEN, "JWT")}


def _path(value: Any) -> Any:
    """`a.b` is short for the keys a and b; where a key has a dot in it, the keys are a list."""
    return tuple(value.split(".")) if isinstance(value, str) else value


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class _Claims(_Entry):
    """Where the issuer says what."""

    client_id: ClaimPath = ("client_id",)
    scopes: tuple[ClaimPath, ...] = Field(default=(("scope",),), min_length=1)
    region: ClaimPath | None = None
    organization: ClaimPath | None = None

    @field_validator("client_id", "region", "organization", mode="before")
    @classmethod
    def _is_path(cls, value: Any) -> Any:
        return _path(value)

    @field_validator("scopes", mode="before")
    @classmethod
    def _are_paths(cls, value: Any) -> Any:
        return tuple(_path(each) for each in ([value] if isinstance(value, str) else value or ()))


class IssuerEntry(_Entry):
    """One issuer, as the file has it."""

    #: short; stands behind every name that the issuer gives
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    iss: str
    jwks_uri: str
    audience: str = Field(min_length=1)
    algorithms: tuple[Algorithm, ...] = Field(default=(Algorithm.ES256,), min_length=1)
    #: `typ` of its tokens: at+jwt as RFC 9068 has it; JWT where the issuer can do no better
    token_type: str = Field(default="at+jwt", pattern=r"^(at\+jwt|JWT)$")
    claims: _Claims = _Claims()
    #: all that it may ever vouch for
    scopes: frozenset[Scope] = Field(min_length=1)
    #: its own words (roles) for scopes
    words: dict[str, frozenset[Scope]] = Field(default_factory=dict)
    #: the division beyond which nobody reaches whom it vouches for; 000000 is the country
    region: str
    keys_seconds: float = Field(default=300, ge=1, le=86_400)
    stale_seconds: float = Field(default=3600, ge=0, le=86_400)

    @field_validator("iss", "jwks_uri")
    @classmethod
    def _is_safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
            raise ValueError("须为 https 地址（http 只限本机） an https address; plain http only on loopback")
        if not parts.hostname or parts.username or parts.password or parts.fragment:
            raise ValueError("地址须有主机名、不含凭据 an address with a host and without credentials")
        return value

    @field_validator("region", mode="before")
    @classmethod
    def _is_division(cls, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError('区划代码须加引号，如 "440000" a division code in quotes')  # noqa: TRY004
        return complete_code(value)

    @model_validator(mode="after")
    def _reads_only(self) -> "IssuerEntry":
        meant = self.scopes.union(*self.words.values())
        if beyond := meant - READ_SCOPES:
            raise ValueError(
                "外部签发者只能担保一般读取权限；写入、有条件共享和管理权限须在本系统登记"
                f" other issuers vouch for plain reading only, not for {', '.join(sorted(beyond))}"
            )
        if self.stale_seconds < self.keys_seconds:
            raise ValueError("stale_seconds 不得小于 keys_seconds stale_seconds is less than keys_seconds")
        return self

    def trusted(self, clock: Callable[[], datetime]) -> TrustedIssuer:
        """The issuer, with its keys still to be fetched."""
        fresh = Freshness(timedelta(seconds=self.keys_seconds), timedelta(seconds=self.stale_seconds))
        return TrustedIssuer(
            url=self.iss,
            audience=self.audience,
            keys=RemoteKeys(self.jwks_uri, self.algorithms, clock, fresh),
            algorithms=self.algorithms,
            token_types=_TYPES[self.token_type],
            claims=ClaimMap(
                self.claims.client_id, self.claims.scopes, self.claims.region, self.claims.organization
            ),
            name=self.name,
            scopes=frozenset(map(str, self.scopes)),
            words={word: frozenset(map(str, scopes)) for word, scopes in self.words.items()},
            region_code=self.region,
        )


def read_issuers(path: Path, own: str) -> tuple[IssuerEntry, ...]:
    """The file's issuers. `own`: the hub's own, which needs no entry. SettingError names entry and field."""
    entries = _entries(path)
    found: list[IssuerEntry] = []
    problems: list[str] = []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(IssuerEntry.model_validate(entry))
        except ValidationError as error:
            problems.extend(_problems(number, entry, error))
    for field in ("name", "iss"):
        given = [getattr(each, field) for each in found]
        problems += [
            f"{field} {value}：出现多次 more than once"
            for value in sorted({v for v in given if given.count(v) > 1})
        ]
    if any(each.iss == own for each in found):
        problems.append(f"iss {own}：是本系统自己，不必写 is the hub itself and needs no entry")
    if problems:
        raise _wrong(path, problems)
    return tuple(found)


def _entries(path: Path) -> list[Any]:
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise _wrong(path, [f"第 {line} 行不是 YAML line {line} is no YAML: {error.problem}"]) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise _wrong(path, [f"读不了 cannot be read: {error}"]) from error
    entries = raw.get("issuers") if isinstance(raw, dict) and set(raw) == {"issuers"} else None
    if not isinstance(entries, list):
        raise _wrong(path, ["须只有一个键 issuers，其下为列表 must have one key, `issuers`, with a list"])
    return entries


def _problems(number: int, entry: Any, error: ValidationError) -> Iterator[str]:
    name = entry.get("name", "?") if isinstance(entry, dict) else "?"
    for each in error.errors(include_input=False, include_url=False, include_context=False):
        field = ".".join(map(str, each["loc"]))
        where = f"，字段 field {field}" if field else ""
        yield f"第 {number} 项 entry {number} ({name}){where}：{each['msg'].removeprefix('Value error, ')}"


def _wrong(path: Path, problems: list[str]) -> SettingError:
    lines = "\n  ".join(problems)
    return SettingError("setting.issuers", Label(f"{path}：签发者配置不能用", f"cannot be used\n  {lines}"))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
