"""Tables of access. They hold secrets, so they are no entities: neither the graph nor a release knows them."""

from datetime import datetime

from sqlalchemy import ARRAY, DateTime, String, Text
from sqlmodel import Field, SQLModel


class OAuthClient(SQLModel, table=True):
    """A system that may ask for tokens, with its secret's hash and the scopes it may ask for."""

    __tablename__ = "oauth_client"

    client_id: str = Field(primary_key=True)
    name: str
    secret_hash: str
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    #: which rows it may see (`schema.reach`): a division's, or those of an organisation's codes
    region_code: str | None = Field(sa_type=String(collation="C"))
    owners: list[str] | None = Field(sa_type=ARRAY(Text))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    #: whose data it may push; None: nobody's
    sender_code: str | None
    disabled_at: datetime | None = Field(sa_type=DateTime(timezone=True))


class OAuthClientKey(SQLModel, table=True):
    """A public key by which a client signs what it pushes."""

    __tablename__ = "oauth_client_key"

    #: SHA-256 of the key's DER form, in hexadecimal
    key_id: str = Field(primary_key=True)
    client_id: str = Field(foreign_key="oauth_client.client_id")
    #: PEM
    public_key: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    revoked_at: datetime | None = Field(sa_type=DateTime(timezone=True))
