"""The `account` table: every SQL statement about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from hub.access.accounts import Account, Credentials
from hub.access.entitlement import Grant
from hub.access.grant_store import grants_by_holder, grants_of
from hub.access.holders import HolderKind
from schema.reach import Reach, owners_of

_COLUMNS = """user_name, display_name, organization_name, password_hash, password_is_initial, password_changed_at,
    totp_sealed, totp_last_step, recovery_hashes, scopes, region_code, owners, oidc_subject, created_at, disabled_at,
    roles"""

_INSERT = f"""
INSERT INTO account ({_COLUMNS})
VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, '{{}}', $7, $8, $9, $10, $11, NULL, $12)
ON CONFLICT DO NOTHING
RETURNING user_name
"""

_REPLACE = """
UPDATE account SET password_hash = $2, password_is_initial = $3, password_changed_at = $4
WHERE user_name = $1 RETURNING user_name
"""

_TAKE_STEP = """
UPDATE account SET totp_last_step = $2
WHERE user_name = $1 AND coalesce(totp_last_step < $2, true) RETURNING user_name
"""

_TAKE_RECOVERY = """
UPDATE account SET recovery_hashes = $3 WHERE user_name = $1 AND recovery_hashes = $2 RETURNING user_name
"""

_ENROL = """
UPDATE account SET totp_sealed = $2, totp_last_step = $3, recovery_hashes = $4
WHERE user_name = $1 AND totp_sealed IS NULL RETURNING user_name
"""

_RESET_TOTP = """
UPDATE account SET totp_sealed = NULL, totp_last_step = NULL, recovery_hashes = '{}'
WHERE user_name = $1 RETURNING user_name
"""


class AccountExistsError(Exception):
    """The user name, or the provider's subject, is taken."""


async def insert_account(connection: asyncpg.Connection, account: Account, password_hash: str | None) -> None:
    """Store a new account. Raises AccountExistsError."""
    reach = account.reach
    stored = await connection.fetchval(
        _INSERT,
        account.user_name,
        account.display_name,
        account.organization_name,
        password_hash,
        account.password_is_initial,
        account.password_changed_at,
        sorted(account.scopes),
        reach.region_code,
        reach.owner_texts,
        account.oidc_subject,
        account.created_at,
        sorted(account.roles),
    )
    if stored is None:
        raise AccountExistsError(account.user_name)


async def fetch_credentials(connection: asyncpg.Connection, user_name: str) -> Credentials | None:
    """The account of this user name, disabled or not, with what proves it."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM account WHERE user_name = $1", user_name)
    if row is None:
        return None
    return _credentials(row, await grants_of(connection, HolderKind.ACCOUNT, user_name))


async def fetch_by_subject(connection: asyncpg.Connection, oidc_subject: str) -> Credentials | None:
    """The account that the OpenID provider knows by this `sub`."""
    user_name = await connection.fetchval(
        "SELECT user_name FROM account WHERE oidc_subject = $1", oidc_subject
    )
    return None if user_name is None else await fetch_credentials(connection, user_name)


async def fetch_accounts(connection: asyncpg.Connection) -> list[Account]:
    """All accounts, the disabled ones too, by user name."""
    rows = await connection.fetch(f"SELECT {_COLUMNS} FROM account ORDER BY user_name")
    grants = await grants_by_holder(connection, HolderKind.ACCOUNT)
    return [_credentials(row, grants.get(row["user_name"], ())).account for row in rows]


async def set_password(
    connection: asyncpg.Connection, user_name: str, password_hash: str, now: datetime, *, initial: bool
) -> bool:
    """Replace the password; `initial`: the person has to change it. False where there is no such account."""
    return await connection.fetchval(_REPLACE, user_name, password_hash, initial, now) is not None


async def take_totp_step(connection: asyncpg.Connection, user_name: str, step: int) -> bool:
    """Use up a step; False where it, or a later one, was used already."""
    return await connection.fetchval(_TAKE_STEP, user_name, step) is not None


async def take_recovery_code(
    connection: asyncpg.Connection, user_name: str, before: list[bytes], left: list[bytes]
) -> bool:
    """Use up a recovery code; False where somebody else used one meanwhile."""
    return await connection.fetchval(_TAKE_RECOVERY, user_name, before, left) is not None


async def enrol_totp(
    connection: asyncpg.Connection, user_name: str, sealed: bytes, step: int, recovery: list[bytes]
) -> bool:
    """Store the second factor; False where there is one already."""
    return await connection.fetchval(_ENROL, user_name, sealed, step, recovery) is not None


async def reset_totp(connection: asyncpg.Connection, user_name: str) -> bool:
    """Forget the second factor, so that the person enrols anew; False where there is no such account."""
    return await connection.fetchval(_RESET_TOTP, user_name) is not None


def _credentials(row: Any, grants: Sequence[Grant] = ()) -> Credentials:
    owners = row["owners"]
    account = Account(
        user_name=row["user_name"],
        display_name=row["display_name"],
        organization_name=row["organization_name"],
        scopes=frozenset(row["scopes"]),
        reach=Reach(row["region_code"], None if owners is None else owners_of(owners)),
        created_at=row["created_at"],
        password_is_initial=row["password_is_initial"],
        password_changed_at=row["password_changed_at"],
        has_totp=row["totp_sealed"] is not None,
        recovery_codes_left=len(row["recovery_hashes"]),
        oidc_subject=row["oidc_subject"],
        disabled_at=row["disabled_at"],
        roles=frozenset(row["roles"]),
        grants=tuple(grants),
    )
    return Credentials(
        account, row["password_hash"], row["totp_sealed"], row["totp_last_step"], row["recovery_hashes"]
    )
