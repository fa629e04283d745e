"""What the headers of a pushed file say: its digest, name, kind, size and the instant it is about. All checked."""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message

from starlette.datastructures import Headers

from connectors.transports.file_names import shown_name
from hub.clock import CHINA
from schema.declare import Label

#: what files that the readers know are sent as; none at all counts as the last
MEDIA_TYPES = frozenset(
    {
        "text/csv",
        "text/tab-separated-values",
        "text/plain",
        "text/xml",
        "application/json",
        "application/jsonl",
        "application/x-ndjson",
        "application/gzip",
        "application/xml",
        "application/zip",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/octet-stream",
    }
)
_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?=[,;]|$)")
#: clocks differ; what is later than this is no slip of a clock
_LEEWAY = timedelta(minutes=5)


class PushError(Exception):
    """A push that is not taken: status, a stable code, and why."""

    def __init__(self, status: int, code: str, message: Label, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(message))
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class PushHeaders:
    """The headers of a push, understood."""

    #: SHA-256 that the body must have
    digest: bytes
    #: None: the sender gave no name
    file_name: str | None
    as_of: datetime | None


def read_headers(headers: Headers, most: int, now: datetime) -> PushHeaders:
    """Check everything that can be known before the first byte of the body. Raises PushError."""
    _check_kind(headers)
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise too_large(most)
    return PushHeaders(_digest(headers), file_name_of(headers), _as_of(headers, now))


def too_large(most: int) -> PushError:
    """The body has more bytes than are taken."""
    return PushError(
        413, "push.too_large", Label(f"文件超过 {most} 字节。", f"the file has more than {most} bytes")
    )


def file_name_of(headers: Headers) -> str | None:
    """The file's name by Content-Disposition (RFC 6266): no folders, nothing invisible, not too long."""
    message = Message()
    # headers are Latin-1 on the wire, but senders write UTF-8 into them
    value = headers.get("content-disposition", "").encode("latin-1", "replace").decode("utf-8", "replace")
    message["content-disposition"] = re.sub(r"[\r\n]", " ", value)
    name = message.get_filename()
    return shown_name(name) if name else None


def _check_kind(headers: Headers) -> None:
    kind = headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
    if kind not in MEDIA_TYPES:
        raise PushError(
            415,
            "push.media_type",
            Label(
                f"请求体须为文件本身，Content-Type 不能是 {kind!r}；可用 application/octet-stream。",
                f"the body must be the file itself, not {kind!r}; application/octet-stream will do",
            ),
            {"Accept-Post": ", ".join(sorted(MEDIA_TYPES))},
        )
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise PushError(
            415,
            "push.encoding",
            Label(
                "请勿使用 Content-Encoding；压缩的文件请直接以 .gz 送来。",
                "no Content-Encoding: send a packed file as the .gz it is",
            ),
            {"Accept-Encoding": "identity"},
        )


def _digest(headers: Headers) -> bytes:
    """The SHA-256 of RFC 9530, `Content-Digest: sha-256=:base64:`; other digests beside it are not looked at."""
    found = _SHA256.findall(",".join(headers.getlist("content-digest")))
    if len(found) != 1:
        raise PushError(
            400,
            "push.digest",
            Label(
                "须有请求头 Content-Digest: sha-256=:…:（RFC 9530，文件 SHA-256 的 base64）。",
                "the header Content-Digest: sha-256=:…: is needed (RFC 9530, base64 of the file's SHA-256)",
            ),
        )
    return base64.b64decode(found[0])


def _as_of(headers: Headers, now: datetime) -> datetime | None:
    text = headers.get("as-of")
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        instant = (found if found.tzinfo else found.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _wrong_as_of(text) from error
    if instant > now + _LEEWAY:
        raise _wrong_as_of(text)
    return instant


def _wrong_as_of(text: str) -> PushError:
    return PushError(
        400,
        "push.as_of",
        Label(
            f"As-Of 须为不晚于现在的时点，如 2026-11-20 或 2026-11-20T08:00:00+08:00，这里是 {text!r}。",
            f"As-Of must be an instant that is not to come, like 2026-11-20 or 2026-11-20T08:00:00+08:00, not {text!r}",
        ),
    )
