"""Pull by SFTP: takes the settled files of one folder, from a server whose host key is known beforehand."""

import asyncio
import json
import posixpath
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import cast

import asyncssh

from connectors.memory import MemoryFile
from connectors.transports.durable import write_whole
from connectors.transports.failures import PassingError, PullError
from connectors.transports.fetched import Fetched, LeftAlone
from connectors.transports.file_names import shown_name, visible
from connectors.transports.settled import is_unfinished
from connectors.transports.sources import SftpSource
from connectors.transports.spool import MOST_BYTES_IN_MEMORY
from schema.declare import Label

_BLOCK = 1 << 22
_INCOMING = "incoming-"
#: 22 where the address names no port
_PORT = 22


@dataclass(frozen=True, slots=True)
class Seen:
    """A remote file as a look at the folder shows it."""

    name: str
    size: int
    #: seconds; None where the server does not say
    mtime: int | None


@dataclass(frozen=True, slots=True)
class _Copy:
    seen: Seen
    path: Path
    sha256: str
    #: gives its room back
    discard: Callable[[], None]


async def fetch_files(
    source: SftpSource, secrets: Mapping[str, str], folder: Path, *, in_memory: bool = False
) -> AsyncIterator[Fetched | LeftAlone]:
    """The folder's files that nobody writes to any more and that were not taken before, oldest first.

    They are copied into `folder` or, where persons may be in them, into memory first,
    so that the connection is not held while they are taken in. Raises
    PullError, after what could be had was handed over.
    """
    for stray in folder.glob(f"{_INCOMING}*"):
        stray.unlink()
    memory = Memory(folder / "taken.json", source.address)
    visit = _Visit(source, secrets, folder, memory, in_memory=in_memory)
    problem: PullError | None = None
    try:
        await source.patience.patiently(visit.run)
    except PullError as error:
        problem = error
    for name in visit.left_alone:
        yield LeftAlone(shown_name(name))
    for copy in visit.copies:
        yield Fetched(copy.path, shown_name(copy.seen.name), None, partial(_taken, memory, copy))
    if problem or visit.problem:
        raise problem or visit.problem or AssertionError


class Memory:
    """What was taken of an address: by name, with size, time and SHA-256. Lost, it costs repeats and no more."""

    def __init__(self, path: Path, address: str) -> None:
        self._path = path
        self._address = address
        self._taken: dict[str, list[int | str | None]] = {}
        if path.exists() and (kept := json.loads(path.read_bytes()))["address"] == address:
            self._taken = kept["taken"]

    def knows(self, seen: Seen) -> bool:
        """Whether this very file was taken. Without a time it could be another of the same size."""
        known = self._taken.get(seen.name)
        return known is not None and seen.mtime is not None and known[:2] == [seen.size, seen.mtime]

    def knows_bytes(self, seen: Seen, digest: str) -> bool:
        """Whether these bytes were taken under this name and, as far as the server tells, at this time."""
        return self._taken.get(seen.name) == [seen.size, seen.mtime, digest]

    def remember(self, seen: Seen, digest: str) -> None:
        """Note a file as taken."""
        self._taken[seen.name] = [seen.size, seen.mtime, digest]
        self._write()

    def forget_others(self, names: set[str]) -> None:
        """Forget files that the folder has no more."""
        if self._taken.keys() - names:
            self._taken = {name: known for name, known in self._taken.items() if name in names}
            self._write()

    def _write(self) -> None:
        kept = {"address": self._address, "taken": self._taken}
        write_whole(self._path, json.dumps(kept, ensure_ascii=False).encode())


class _Visit:
    """One visit to the server; run again after a lost connection it goes on where it was."""

    def __init__(
        self,
        source: SftpSource,
        secrets: Mapping[str, str],
        folder: Path,
        memory: Memory,
        *,
        in_memory: bool,
    ) -> None:
        self._source = source
        self._secrets = secrets
        self._folder = folder
        self._memory = memory
        self._in_memory = in_memory
        self._settled: list[Seen] | None = None
        self.copies: list[_Copy] = []
        self.left_alone: list[str] = []
        #: what keeps one file from being taken, and no other
        self.problem: PullError | None = None

    async def run(self) -> None:
        """Look twice, then copy what is new."""
        async with _session(self._source, self._secrets) as sftp:
            if self._settled is None:
                self._settled = await self._look_twice(sftp)
            while self._settled:
                await self._copy(sftp, self._settled[0])
                self._settled.pop(0)

    async def _look_twice(self, sftp: asyncssh.SFTPClient) -> list[Seen]:
        first = await self._look(sftp)
        self._memory.forget_others(set(first))
        fresh = {name: seen for name, seen in first.items() if not self._memory.knows(seen)}
        if not fresh:
            return []
        await asyncio.sleep(self._source.settle_seconds)
        second = await self._look(sftp)
        self.left_alone += sorted(name for name, seen in fresh.items() if second.get(name) != seen)
        settled = [seen for name, seen in fresh.items() if second.get(name) == seen]
        return sorted(settled, key=lambda seen: (seen.mtime or 0, seen.name))

    async def _look(self, sftp: asyncssh.SFTPClient) -> dict[str, Seen]:
        found = {}
        async for entry in sftp.scandir(self._source.folder):
            name = (
                entry.filename
                if isinstance(entry.filename, str)
                else entry.filename.decode("utf-8", "replace")
            )
            attributes = entry.attrs
            if (
                attributes.type == asyncssh.FILEXFER_TYPE_REGULAR
                and attributes.size is not None
                and "/" not in name
                and fnmatchcase(name, self._source.pattern)
                and not is_unfinished(name)
            ):
                found[name] = Seen(name, attributes.size, attributes.mtime)
        return found

    async def _copy(self, sftp: asyncssh.SFTPClient, seen: Seen) -> None:
        """Copy one file and make sure that it is what the look showed, before and after."""
        most = (
            min(self._source.max_bytes, MOST_BYTES_IN_MEMORY) if self._in_memory else self._source.max_bytes
        )
        if seen.size > most:
            self.problem = _too_large(seen, most)
            return
        remote = posixpath.join(self._source.folder, seen.name)
        if self._in_memory and sum(copy.seen.size for copy in self.copies) + seen.size > MOST_BYTES_IN_MEMORY:
            self.left_alone.append(seen.name)
            return
        local, discard = self._place()
        try:
            digest, size = await _download(sftp, remote, local, most)
            after = await sftp.stat(remote)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied) as error:
            self.problem = _unreadable(remote, error)
            return
        if (after.size, after.mtime) != (seen.size, seen.mtime):
            self.left_alone.append(seen.name)
        elif size != seen.size:
            raise PassingError(
                "pull.size",
                Label(
                    f"{shown_name(seen.name)} 应有 {seen.size} 字节，取到 {size}",
                    f"{shown_name(seen.name)} should have {seen.size} bytes, got {size}",
                ),
            )
        elif not self._memory.knows_bytes(seen, digest):
            self.copies.append(_Copy(seen, local, digest, discard))

    def _place(self) -> tuple[Path, Callable[[], None]]:
        """Where a copy goes, and what gives the room back."""
        if self._in_memory:
            held = MemoryFile()
            return held.path, held.discard
        path = self._folder / f"{_INCOMING}{len(self.copies)}"
        return path, path.unlink


async def _download(sftp: asyncssh.SFTPClient, remote: str, local: Path, most: int) -> tuple[str, int]:
    digest, size = sha256(), 0
    async with sftp.open(remote, "rb") as source:
        with local.open("wb") as target:
            while size <= most and (block := cast("bytes", await source.read(_BLOCK))):
                digest.update(block)
                size += len(block)
                await asyncio.to_thread(target.write, block)
    return digest.hexdigest(), size


@asynccontextmanager
async def _session(source: SftpSource, secrets: Mapping[str, str]) -> AsyncIterator[asyncssh.SFTPClient]:
    """An SFTP session. What may pass is a PassingError; a wrong host key, credential or folder is final."""
    try:
        async with (
            asyncssh.connect(
                source.parts.hostname or "",
                source.parts.port or _PORT,
                username=source.parts.username,
                # this machine's own ~/.ssh plays no part: all that counts stands in the file of sources
                config=None,
                agent_path=None,
                known_hosts=([asyncssh.import_public_key(text) for text in source.host_keys], [], []),
                client_keys=_keys(source, secrets),
                password=secrets.get(source.password_variable or ""),
                connect_timeout=source.patience.timeout_seconds,
                login_timeout=source.patience.timeout_seconds,
                keepalive_interval=source.patience.timeout_seconds,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            yield sftp
    except asyncssh.HostKeyNotVerifiable as error:
        raise PullError(
            "pull.host_key",
            Label(
                "服务器的主机密钥与配置不符，未登录。请向对方核实后再改 host_keys",
                "the server's host key is not the configured one, we did not log in; ask its owner before"
                " changing `host_keys`",
            ),
        ) from error
    except asyncssh.PermissionDenied as error:
        raise PullError(
            "pull.unauthorized", Label("服务器拒绝登录：请核对用户与凭据", "the server refuses the login")
        ) from error
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPPermissionDenied) as error:
        raise _unreadable(source.folder, error) from error
    except (OSError, asyncssh.Error) as error:
        raise PassingError(
            "pull.unreachable",
            Label(
                f"连接失败或中断：{type(error).__name__}",
                f"the connection failed or dropped: {visible(str(error))}",
            ),
        ) from error


def _keys(source: SftpSource, secrets: Mapping[str, str]) -> list[asyncssh.SSHKey] | None:
    if source.key_file is None:
        return None
    try:
        passphrase = secrets.get(source.passphrase_variable or "")
        return [asyncssh.read_private_key(source.key_file, passphrase)]
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise PullError(
            "source.secret",
            Label(f"读不了私钥 {source.key_file}", f"cannot read the private key: {type(error).__name__}"),
        ) from error


def _taken(memory: Memory, copy: _Copy) -> None:
    memory.remember(copy.seen, copy.sha256)
    copy.discard()


def _unreadable(path: str, error: asyncssh.SFTPError) -> PullError:
    said = visible(str(error))
    return PullError("pull.folder", Label(f"读不了 {visible(path)}：{said}", f"cannot be read: {said}"))


def _too_large(seen: Seen, most: int) -> PullError:
    name = shown_name(seen.name)
    return PullError(
        "pull.too_large",
        Label(f"{name} 超过 {most} 字节，未取", f"{name} has more than {most} bytes; not taken"),
    )
