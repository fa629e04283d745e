"""Tables of how people sign in. Secrets are hashed or sealed; neither the graph nor a release knows these tables."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, String, Text
from sqlmodel import Field, SQLModel

_INSTANT = DateTime(timezone=True)


class Account(SQLModel, table=True):
    """A person who may sign in."""

    __tablename__ = "account"

    user_name: str = Field(primary_key=True)
    display_name: str
    #: what people call the person's organisation
    organization_name: str
    #: Argon2id; None: signs in at the OpenID provider only
    password_hash: str | None
    #: set by somebody else, to be replaced at the first sign-in
    password_is_initial: bool
    password_changed_at: datetime = Field(sa_type=_INSTANT)
    #: sealed (`hub.access.sealing`); None: not enrolled yet
    totp_sealed: bytes | None = Field(sa_type=LargeBinary)
    #: the 30-second step of the last code that was taken: neither it nor an earlier one is taken again
    totp_last_step: int | None = Field(sa_type=BigInteger)
    #: SHA-256 of each recovery code that is left
    recovery_hashes: list[bytes] = Field(sa_type=ARRAY(LargeBinary))
    #: what the person may do beside the roles
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    #: codes of `schema/roles.yaml`
    roles: list[str] = Field(sa_type=ARRAY(Text))
    #: which rows the person may see (`schema.reach`)
    region_code: str | None = Field(sa_type=String(collation="C"))
    owners: list[str] | None = Field(sa_type=ARRAY(Text))
    #: `sub` at the OpenID provider
    oidc_subject: str | None = Field(unique=True)
    created_at: datetime = Field(sa_type=_INSTANT)
    disabled_at: datetime | None = Field(sa_type=_INSTANT)


class SignInSession(SQLModel, table=True):
    """A browser in which somebody gave a right password; it is signed in once nothing is left to do."""

    __tablename__ = "sign_in_session"

    #: SHA-256 of the cookie
    session_hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
    user_name: str = Field(foreign_key="account.user_name", index=True)
    #: when a one-time code was given; None: not yet
    second_factor_at: datetime | None = Field(sa_type=_INSTANT)
    #: the OpenID provider said who it is: neither password nor code are asked for
    by_provider: bool
    #: they asked to choose another password
    wants_new_password: bool
    #: the secret offered for enrolment, sealed
    totp_offered: bytes | None = Field(sa_type=LargeBinary)
    started_at: datetime = Field(sa_type=_INSTANT)
    expires_at: datetime = Field(sa_type=_INSTANT)


class SignInThrottle(SQLModel, table=True):
    """How many attempts an account or an address has made since the last calm hour."""

    __tablename__ = "sign_in_throttle"

    #: a keyed digest of the name or address: what is typed into the wrong field may be a password
    key: bytes = Field(sa_type=LargeBinary, primary_key=True)
    attempts: int
    last_at: datetime = Field(sa_type=_INSTANT)
    blocked_until: datetime = Field(sa_type=_INSTANT)


class PersonAuthorization(SQLModel, table=True):
    """What a person let an application do: one code, and the family of refresh tokens that came of it."""

    __tablename__ = "person_authorization"

    authorization_id: str = Field(primary_key=True)
    #: SHA-256 of the code
    code_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    user_name: str = Field(foreign_key="account.user_name", index=True)
    client_id: str
    redirect_uri: str
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    code_challenge: str
    #: the browser's session, which ends with the family; None: the OpenID provider's
    session_hash: bytes | None = Field(sa_type=LargeBinary)
    issued_at: datetime = Field(sa_type=_INSTANT)
    code_used_at: datetime | None = Field(sa_type=_INSTANT)
    #: when the family ends, however it is used
    expires_at: datetime = Field(sa_type=_INSTANT)
    revoked_at: datetime | None = Field(sa_type=_INSTANT)
    revoked_reason: str | None


class RefreshToken(SQLModel, table=True):
    """A refresh token, good once, and the access token that was issued with it."""

    __tablename__ = "refresh_token"

    #: SHA-256
    token_hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
    authorization_id: str = Field(foreign_key="person_authorization.authorization_id", index=True)
    access_token_id: str
    access_expires_at: datetime = Field(sa_type=_INSTANT)
    issued_at: datetime = Field(sa_type=_INSTANT)
    #: thumbprint of the key that has to be proven with it, as with the access token; None: none
    proof_key: str | None
    used_at: datetime | None = Field(sa_type=_INSTANT)
