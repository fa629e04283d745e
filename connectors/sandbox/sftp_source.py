"""A source system that offers files over real SFTP, and can be made to fail in the ways that real ones do.

`python -m connectors.sandbox.sftp_source --fault half_written` plays it by hand; see docs/sandbox.md.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import cast

import asyncssh

import connectors

USER = "sandbox"
#: of a source that holds nothing but samples
PASSWORD = "sandbox-secret"  # noqa: S105
SAMPLES = Path(connectors.__file__).parent / "pharmacy" / "samples" / "demo-chain-a"
#: looks at the folder that a file needs to be written whole
_LOOKS = 4
#: a reader that has got so far is cut off
_DROP_AT = 40


class Fault(StrEnum):
    """Ways to fail."""

    #: each file grows by a part whenever the folder is looked at, until it is whole
    HALF_WRITTEN = "half_written"
    #: the connection drops once, in the middle of a file
    CONNECTION_DROPPED = "connection_dropped"
    #: the connection drops always, in the middle of a file
    DOWN = "down"
    #: every file is suddenly there without a row: its header only
    EMPTY_FILE = "empty_file"


@dataclass
class SftpSource:
    """The folder that is offered, and what was done with it."""

    folder: Path
    faults: frozenset[Fault] = frozenset()
    #: keys that open it beside the password
    keys: list[asyncssh.SSHKey] = field(default_factory=list)
    host_key: asyncssh.SSHKey = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    #: names of the files that were opened, in order
    opened: list[str] = field(default_factory=list)
    #: names that a password was sent for
    logins: list[str] = field(default_factory=list)
    looks: int = 0
    drops: int = 0
    _whole: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in sorted(self.folder.iterdir()):
            if Fault.HALF_WRITTEN in self.faults:
                self._whole[path.name] = path.read_bytes()
            if Fault.EMPTY_FILE in self.faults:
                # samples have a title, then the header
                path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))

    @property
    def public_host_key(self) -> str:
        """The server's key as the file of sources wants it."""
        return self.host_key.export_public_key().decode().strip()

    def look(self) -> None:
        """Somebody looks at the folder: time for a writer to write on."""
        self.looks += 1
        for name, content in self._whole.items():
            part = min(self.looks, _LOOKS) * len(content) // _LOOKS
            path = self.folder / name
            if path.stat().st_size != part or self.looks < _LOOKS:
                path.write_bytes(content[:part])

    def drops_now(self, offset: int) -> bool:
        """Whether the connection is to be cut at this place of a file."""
        is_due = Fault.DOWN in self.faults or (Fault.CONNECTION_DROPPED in self.faults and not self.drops)
        if is_due and offset >= _DROP_AT:
            self.drops += 1
            return True
        return False


@asynccontextmanager
async def serving(source: SftpSource, port: int = 0) -> AsyncIterator[int]:
    """Serve the folder on loopback; gives the port."""
    server = await asyncssh.listen(
        "127.0.0.1",
        port,
        server_factory=lambda: _Door(source),
        server_host_keys=[source.host_key],
        sftp_factory=lambda channel: _Folder(channel, source),
    )
    try:
        yield server.get_port()
    finally:
        server.close()
        await server.wait_closed()


class _Door(asyncssh.SSHServer):
    """Who may come in."""

    def __init__(self, source: SftpSource) -> None:
        self._source = source

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._source.logins.append(username)
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key in [own.convert_to_public() for own in self._source.keys]


class _Folder(asyncssh.SFTPServer):
    """The folder as a client sees it."""

    def __init__(self, channel: "asyncssh.SSHServerChannel[bytes]", source: SftpSource) -> None:
        super().__init__(channel, chroot=os.fsencode(source.folder))
        self._source = source

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        self._source.look()
        async for entry in super().scandir(path):
            yield entry

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        self._source.opened.append(Path(os.fsdecode(path)).name)
        return super().open(path, pflags, attrs)

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        if self._source.drops_now(offset + size):
            self.connection.abort()
        return cast("bytes", super().read(file_obj, offset, size))


def main() -> None:
    """Play the source until Ctrl-C, over a copy of the folder."""
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox.sftp_source", description=__doc__)
    parser.add_argument("--folder", type=Path, default=SAMPLES, help="files to offer; a copy is made")
    parser.add_argument("--fault", type=Fault, choices=list(Fault), action="append", default=[])
    parser.add_argument("--port", type=int, default=8122)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "files"
        shutil.copytree(given.folder, copy)
        asyncio.run(_play(SftpSource(copy, frozenset(given.fault)), given.port))


async def _play(source: SftpSource, port: int) -> None:
    async with serving(source, port):
        sys.stdout.write(f"sftp://{USER}@127.0.0.1:{port}/ password {PASSWORD}\n")
        sys.stdout.write(f"host key {source.public_host_key}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
