"""Tables of access. They hold secrets, so they are no entities: neither the graph nor a release knows them."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, DateTime, Identity, Index, String, Text, false
from sqlmodel import Field, SQLModel


class OAuthClient(SQLModel, table=True):
    """A system that may ask for tokens, with its secret's hash and the scopes it may ask for."""

    __tablename__ = "oauth_client"

    client_id: str = Field(primary_key=True)
    name: str
    secret_hash: str
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    #: codes of `schema/roles.yaml`
    roles: list[str] = Field(sa_type=ARRAY(Text))
    #: which rows it may see (`schema.reach`): a division's, or those of an organisation's codes
    region_code: str | None = Field(sa_type=String(collation="C"))
    owners: list[str] | None = Field(sa_type=ARRAY(Text))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    #: whose data it may push; None: nobody's
    sender_code: str | None
    disabled_at: datetime | None = Field(sa_type=DateTime(timezone=True))
    #: whether it gets only tokens that are bound to a key of its own
    must_bind: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class OAuthClientKey(SQLModel, table=True):
    """A public key by which a client signs what it pushes, and proves who it is."""

    __tablename__ = "oauth_client_key"

    #: SHA-256 of the key's DER form, in hexadecimal
    key_id: str = Field(primary_key=True)
    client_id: str = Field(foreign_key="oauth_client.client_id")
    #: PEM
    public_key: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    revoked_at: datetime | None = Field(sa_type=DateTime(timezone=True))


class AccessChangeSecret(SQLModel, table=True):
    """The hash that a proposed client's or person's secret will be checked by, apart from what the graph shows."""

    __tablename__ = "access_change_secret"

    change_id: int = Field(primary_key=True, foreign_key="access_change.id")
    secret_hash: str


class AccessRevocation(SQLModel, table=True):
    """What is good no longer, before its time: a token, or all tokens of somebody that were issued until then."""

    __tablename__ = "access_revocation"

    id: int = Field(sa_type=BigInteger, sa_column_args=(Identity(always=True),), primary_key=True)
    #: client, subject, token or grant
    kind_code: str
    #: its id
    name: str
    revoked_at: datetime = Field(sa_type=DateTime(timezone=True))
    #: from then on every token concerned has expired anyway
    kept_until: datetime = Field(sa_type=DateTime(timezone=True))


class AccessOnce(SQLModel, table=True):
    """What was shown once and is not taken again: assertions of clients, and proofs of possession."""

    __tablename__ = "access_once"
    __table_args__ = (Index("access_once_kept_until", "kept_until"),)

    #: SHA-256 of whose it is and its id
    digest: bytes = Field(primary_key=True)
    #: from then on it has expired anyway
    kept_until: datetime = Field(sa_type=DateTime(timezone=True))


class ReachKey(SQLModel, table=True):
    """The key under which the hub seals which rows a caller sees, as HMAC takes it: one row."""

    __tablename__ = "reach_key"

    #: the key, filled up to a block of SHA-256, with each of the two pads
    inner_pad: bytes = Field(primary_key=True)
    outer_pad: bytes
