"""By which rules a file was read: a digest of the code that says what its rows mean."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import connectors
import hub.ingest
import schema

_PACKAGES = (schema, connectors, hub.ingest)
_SUFFIXES = (".py", ".yaml")


@cache
def rules_digest() -> str:
    """The SHA-256 of the sources of `schema`, `connectors` and `hub.ingest`, in hexadecimal."""
    digest = sha256()
    for package in _PACKAGES:
        folder = Path(package.__path__[0])
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES):
            digest.update(f"{package.__name__}/{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
