"""Files of releases under their permanent addresses: whole or in ranges, complete or an error."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

from pydantic import ValidationError
from starlette.responses import FileResponse, Response

from publish.layout import MANIFEST_NAME, RELEASE_ID, SUMS_NAME, address_of, media_type, read_address
from publish.manifest import File, Release, read_release
from publish.site.asgi import Message, Receive, Scope, Send
from publish.site.gate import SECURITY

#: a sealed file never changes; which release is the latest does
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_MINUTES = "public, max-age=300"
_BEGINNINGS = (b"/releases/", b"/latest/")
_RELEASES_KEPT_IN_MIND = 32


@dataclass(frozen=True, slots=True)
class Found:
    """A file that an address names."""

    release: Release
    file: File
    path: Path
    is_latest: bool


def find_file(raw_path: bytes, releases: Path, current: Release) -> Found | None:
    """The file at an address; None where it names none. `/latest/` is of the release that is served now."""
    if not raw_path.startswith(_BEGINNINGS):
        return None
    asked = read_address(raw_path.decode("latin-1"))
    if asked is None:
        return None
    release = current if asked.release_id is None else release_named(releases, asked.release_id)
    if release is None:
        return None
    file = _files_of(releases, release.id).get(asked.path)
    return (
        None
        if file is None
        else Found(release, file, releases / release.id / file.path, asked.release_id is None)
    )


async def send_file(found: Found, scope: Scope, receive: Receive, send: Send) -> None:
    """Send it, or the part that is asked for. A file that is not as it was sealed is an error, not a beginning."""
    if found.path.stat().st_size != found.file.bytes:
        await Response("release file damaged\n", 500, media_type="text/plain")(scope, receive, send)
        return
    tag = f'"{found.file.sha256}"'
    headers = {
        "etag": tag,
        "cache-control": _FOR_MINUTES if found.is_latest else _FOR_EVER,
        "content-location": address_of(found.release.id, found.file.path),
        "baogong-release": found.release.id,
        **{name.decode(): value.decode() for name, value in SECURITY},
    }
    known = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"").decode(
        "latin-1"
    )
    if tag in known:
        await Response(status_code=304, headers=headers)(scope, receive, send)
        return
    name = f"baogong-{found.release.id}-{'-'.join(PurePosixPath(found.file.path).parts)}"
    response = FileResponse(
        found.path, headers=headers, media_type=found.file.media_type, filename=name,
        content_disposition_type="attachment",
    )  # fmt: skip
    await response(scope, receive, _without_surprises(send))


def _without_surprises(send: Send) -> Send:
    """FileResponse says by itself that it takes ranges; of a 416 it forgets what may be read from other pages."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in message["headers"]}
            message = dict(
                message, headers=[*message["headers"], *(pair for pair in SECURITY if pair[0] not in names)]
            )
        await send(message)

    return sending


@lru_cache(maxsize=_RELEASES_KEPT_IN_MIND)
def _manifest(folder: Path) -> Release:
    return read_release(folder)


@lru_cache(maxsize=_RELEASES_KEPT_IN_MIND)
def _files_of(releases: Path, release_id: str) -> dict[str, File]:
    """Path → file: those that the manifest names, the manifest itself and its checksums."""
    folder = releases / release_id
    named = {file.path: file for file in _manifest(folder).files}
    for name in (MANIFEST_NAME, SUMS_NAME):
        path = folder / name
        if name not in named and path.exists():
            digest = sha256(path.read_bytes()).hexdigest()
            named[name] = File(name, path.stat().st_size, digest, media_type(name))
    return named


def release_named(releases: Path, release_id: str) -> Release | None:
    """The release of this name (which has the form of one); None where there is none."""
    try:
        return _manifest(releases / release_id)
    except (FileNotFoundError, ValidationError):
        # none of this name, or one whose manifest is of an older shape
        return None


def all_releases(releases: Path) -> list[Release]:
    """Every release that is here, the newest data first."""
    names = [folder.name for folder in releases.iterdir() if RELEASE_ID.fullmatch(folder.name)]
    found = [release_named(releases, name) for name in names]
    return sorted((each for each in found if each), key=lambda each: (each.data_as_of, each.id), reverse=True)
