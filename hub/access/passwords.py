"""People's passwords: what is allowed, and how they are kept (Argon2id)."""

import secrets
import unicodedata
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

import anyio
import anyio.to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schema.declare import Label

Result = TypeVar("Result")
Given = TypeVarTuple("Given")

MIN_LENGTH = 12
#: longer ones are refused rather than cut; bounds the work of a request too
MAX_LENGTH = 256
#: words that a guesser tries first here
_OBVIOUS = ("baogong", "保供", "password", "密码", "12345678", "qwerty", "admin")
#: of so many different characters a password has at least to be
_MIN_DIFFERENT = 5
#: so much has to be left of it without those words and the person's own names
_MIN_REST = 8
#: initial passwords: neither 0 and O nor 1, l and I
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"

# People's passwords can be guessed, so a guess has to cost: 64 MiB and three passes, the second choice of RFC 9106.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
#: so many at a time; a flood has to queue
AT_ONCE = 2
#: who would wait behind so many is turned away
MAX_WAITING = 32


class WeakPasswordError(Exception):
    """A password that is not allowed; `message` says why."""

    def __init__(self, message: Label) -> None:
        super().__init__(str(message))
        self.message = message


class BusyError(Exception):
    """Too many passwords are being checked."""


def normalize(password: str) -> str:
    """The same password however its characters were typed (NFKC, as RFC 8265 has it)."""
    return unicodedata.normalize("NFKC", password)


def check_new(password: str, *names: str) -> None:
    """Raise WeakPasswordError where a person should not take this password. `names` are the person's own."""
    text = normalize(password)
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        raise WeakPasswordError(
            Label(
                f"密码须有 {MIN_LENGTH} 至 {MAX_LENGTH} 个字符。",
                f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters.",
            )
        )
    if not text.isprintable():
        raise WeakPasswordError(
            Label("密码含有不可见字符。", "The password has characters that cannot be seen.")
        )
    if len(set(text.casefold())) < _MIN_DIFFERENT:
        raise WeakPasswordError(
            Label("密码中不同的字符太少。", "The password has too few different characters.")
        )
    rest = _without(text.casefold(), (*_OBVIOUS, *names))
    if len(rest) < _MIN_REST:
        raise WeakPasswordError(
            Label(
                "密码主要由用户名、系统名或常见词组成，容易被猜到。",
                "The password is mostly the user's name, the system's, or a common word: easy to guess.",
            )
        )


def _without(text: str, words: tuple[str, ...]) -> str:
    for word in words:
        if len(word) > 1:
            text = text.replace(word.casefold(), "")
    return text


def new_initial_password() -> str:
    """A password to hand over once: 100 random bits in groups that can be read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


class Passwords:
    """Hashes and checks passwords in threads, few at a time; for an account that is not there it costs the same."""

    def __init__(self) -> None:
        self._limiter = anyio.CapacityLimiter(AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The password's hash, which carries its own salt and parameters."""
        return await self._run(_HASHER.hash, normalize(password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password; with no hash, False after as much work. Raises BusyError."""
        if self._nobody is None:
            self._nobody = await self.hash(secrets.token_urlsafe())
        proven = await self._run(_verify, password_hash or self._nobody, normalize(password))
        return proven and password_hash is not None

    async def _run(self, work: Callable[[*Given], Result], *given: *Given) -> Result:
        if self._limiter.statistics().tasks_waiting >= MAX_WAITING:
            raise BusyError
        return await anyio.to_thread.run_sync(work, *given, limiter=self._limiter)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
