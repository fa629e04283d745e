"""What administrators do with accounts: each act whole, in one transaction, and told."""

from datetime import datetime

import asyncpg

from hub.access.account_store import disable_account, insert_account, reset_totp, set_password
from hub.access.accounts import Account
from hub.access.authorizations import end_everything
from hub.access.events import AccessEvent, EventName, Record
from hub.access.passwords import Passwords, new_initial_password
from hub.errors import HubError
from schema.declare import Label


class NoSuchAccountError(HubError):
    """No account has this user name."""

    def __init__(self, user_name: str) -> None:
        super().__init__("account.unknown", Label(f"没有账号 {user_name}", "there is no such account"))


async def add_account(
    connection: asyncpg.Connection, account: Account, record: Record, *, with_password: bool = True
) -> str | None:
    """Store an account; its initial password, to be handed over, is kept nowhere. Raises AccountExistsError.

    Without a password the person can sign in at the OpenID provider only.
    """
    password = new_initial_password() if with_password else None
    password_hash = None if password is None else await Passwords().hash(password)
    async with connection.transaction():
        await insert_account(connection, account, password_hash)
        await record(AccessEvent(EventName.ACCOUNT_ADDED, account.created_at, account.user_name))
    return password


async def reset_password(
    connection: asyncpg.Connection,
    user_name: str,
    now: datetime,
    record: Record,
) -> str:
    """A new initial password; wherever the person is signed in, that ends. Raises NoSuchAccountError."""
    password = new_initial_password()
    password_hash = await Passwords().hash(password)
    async with connection.transaction():
        if not await set_password(connection, user_name, password_hash, now, initial=True):
            raise NoSuchAccountError(user_name)
        await end_everything(connection, user_name, now, "password_reset")
        await record(AccessEvent(EventName.PASSWORD_RESET, now, user_name))
    return password


async def reset_second_factor(
    connection: asyncpg.Connection,
    user_name: str,
    now: datetime,
    record: Record,
) -> None:
    """Forget the phone and the recovery codes: the next sign-in enrols anew. Raises NoSuchAccountError."""
    async with connection.transaction():
        if not await reset_totp(connection, user_name):
            raise NoSuchAccountError(user_name)
        await end_everything(connection, user_name, now, "totp_reset")
        await record(AccessEvent(EventName.TOTP_RESET, now, user_name))


async def disable(
    connection: asyncpg.Connection,
    user_name: str,
    now: datetime,
    record: Record,
) -> None:
    """Nothing is issued any more, and what was ends. Raises NoSuchAccountError."""
    async with connection.transaction():
        if not await disable_account(connection, user_name, now):
            raise NoSuchAccountError(user_name)
        await end_everything(connection, user_name, now, "account_disabled")
        await record(AccessEvent(EventName.ACCOUNT_DISABLED, now, user_name))
