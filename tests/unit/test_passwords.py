"""What a person may take as password, and how it is kept."""

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.passwords import (
    AT_ONCE,
    MAX_WAITING,
    BusyError,
    Passwords,
    WeakPasswordError,
    check_new,
    new_initial_password,
    normalize,
)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "冬天里的一把火 1987年",
        "x7!kQ-pL09zz",
        "my baogong has seven cats",
        pytest.param(new_initial_password(), id="initial"),
    ],
)
def test_a_long_password_is_taken(password: str) -> None:
    """Length counts, not symbols; a known word in a long one does no harm."""
    check_new(password, "li.hua", "李华")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "x" * 257,
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "baogongbaogong",
        "BAOGONG-2026!",
        "password12345678",
        "li.hua.li.hua.1",
        "tab\tin the middle",
        "\u200b" * 12,
    ],
)
def test_an_obvious_password_is_refused(password: str) -> None:
    """Too short, too uniform, the names that everybody tries first, characters that cannot be seen."""
    with pytest.raises(WeakPasswordError) as error:
        check_new(password, "li.hua", "李华")
    assert error.value.message.zh
    assert error.value.message.en


@given(st.text(max_size=300))
def test_any_text_is_taken_or_refused(password: str) -> None:
    """Nothing else happens."""
    try:
        check_new(password, "li.hua", "李华")
    except WeakPasswordError:
        return
    assert len(normalize(password)) >= 12


async def test_a_guess_costs() -> None:
    """Argon2id with 64 MiB and three passes; each hash has a salt of its own; only the password opens it."""
    passwords = Passwords()
    one, two = [await passwords.hash("correct horse battery") for _ in range(2)]
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert one != two
    assert await passwords.verify(one, "correct horse battery")
    assert not await passwords.verify(one, "correct horse batterx")
    assert not await passwords.verify("$argon2id$broken", "correct horse battery")


async def test_nobody_has_every_password() -> None:
    """Where there is no hash, no password is right."""
    assert not await Passwords().verify(None, "")


async def test_a_flood_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are checked, so many wait, and the next is told to come back; then all goes on."""
    may_go = threading.Event()
    monkeypatch.setattr("hub.access.passwords._verify", lambda *_: may_go.wait(30))
    passwords = Passwords()
    monkeypatch.setattr(passwords, "_nobody", "x")
    waiting = [asyncio.create_task(passwords.verify("x", "y")) for _ in range(AT_ONCE + MAX_WAITING)]
    for _ in range(10):
        await asyncio.sleep(0)  # each has got to where it waits
    with pytest.raises(BusyError):
        await passwords.verify("x", "y")
    may_go.set()
    assert await asyncio.gather(*waiting) == [True] * (AT_ONCE + MAX_WAITING)
