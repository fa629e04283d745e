"""The file of sources: what is wrong with it is told by file, entry and field, and no secret is ever repeated."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.transports.sources import HttpsSource, SftpSource, SourcesError, load_sources

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDHq80df+GcqXKDzbV2GJvI7EBA2GgaZGXr+7FaOCZlE"
HTTPS: dict[str, Any] = {
    "code": "platform",
    "feed": "registration",
    "transport": "https",
    "address": "https://platform.example/api/list?kind=1",
    "pages": "current_size",
}
SFTP: dict[str, Any] = {
    "code": "chain-a",
    "feed": "pharmacy",
    "sender": "chain-a",
    "transport": "sftp",
    "address": "sftp://baogong@sftp.example:2222/out",
    "host_keys": [KEY],
    "password_variable": "CHAIN_A_PASSWORD",
}


def write(folder: Path, *entries: Any) -> Path:
    """A file of these entries."""
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": list(entries)}), "utf-8")
    return path


def problem(path: Path) -> str:
    """What is told of a file that cannot be used."""
    with pytest.raises(SourcesError) as caught:
        load_sources(path)
    return str(caught.value)


def test_sources_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    """One of each kind; the sender of a feed of everyone's codes need not be written."""
    first, second = load_sources(write(tmp_path, HTTPS, SFTP))
    assert (HttpsSource, SftpSource) == (type(first), type(second))
    assert ("nmpa", "chain-a") == (first.sender_code, second.sender_code)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (HTTPS | {"address": "http://platform.example/api"}, ["entry 1", "(platform)", "address", "https"]),
        (HTTPS | {"address": "https://user:pw@platform.example/"}, ["address"]),
        (HTTPS | {"pages": "offset"}, ["pages", "current_size", "jqgrid", "cursor"]),
        (HTTPS | {"page_size": 0}, ["page_size"]),
        (HTTPS | {"due": "daily"}, ["due", "cron"]),
        (HTTPS | {"client_id": "x"}, ["secret_variable"]),
        (HTTPS | {"feed": "weather"}, ["no such feed", "registration"]),
        (HTTPS | {"password": "x"}, ["password"]),
        (HTTPS | {"patience": {"attempts": 0}}, ["patience.attempts"]),
        (HTTPS | {"transport": "ftp"}, ["https", "sftp"]),
        (HTTPS | {"code": "../x"}, ["code"]),
        (SFTP | {"sender": None}, ["sender"]),
        (SFTP | {"sender": "../x"}, ["sender"]),
        (SFTP | {"address": "sftp://sftp.example/out"}, ["address", "sftp://user@host"]),
        (SFTP | {"address": "sftp://baogong:pw@sftp.example/out"}, ["address"]),
        (SFTP | {"host_keys": []}, ["host_keys"]),
        (SFTP | {"host_keys": ["anything"]}, ["host_keys"]),
        (SFTP | {"key_file": "/keys/a"}, ["password_variable", "key_file"]),
        ("text", ["entry 1"]),
    ],
)
def test_a_wrong_entry_is_told_by_file_entry_and_field(tmp_path: Path, entry: Any, told: list[str]) -> None:
    """In one message, Chinese and English."""
    message = problem(write(tmp_path, entry))
    assert [] == [word for word in ("sources.yaml", "第 1 项", *told) if word not in message]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Two entries, and a code that both have."""
    message = problem(write(tmp_path, HTTPS, HTTPS | {"page_size": 0}, SFTP, SFTP))
    assert ("entry 2" in message, "chain-a" in message, "more than once" in message) == (True, True, True)


@pytest.mark.parametrize(
    "entry", [SFTP | {"password_variable": "s3cret-pa$$"}, SFTP | {"password": "s3cret"}]
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, entry: Any) -> None:
    """Whoever pastes a password learns which field is wrong; the message may end up in a log."""
    assert "s3cret" not in problem(write(tmp_path, entry))


@pytest.mark.parametrize("content", ["sources: [", "- a", "sources: {}", "other: []", ""])
def test_a_file_that_is_no_list_of_sources_is_told(tmp_path: Path, content: str) -> None:
    """By its name."""
    path = tmp_path / "sources.yaml"
    path.write_text(content, "utf-8")
    assert "sources.yaml" in problem(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """By its name."""
    assert "none.yaml" in problem(tmp_path / "none.yaml")
