"""Tables of the audit. Nobody changes them, and they are no entities: neither a query nor a release knows them."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, LargeBinary, String
from sqlmodel import Field, SQLModel


class AuditSegment(SQLModel, table=True):
    """Records of one chain that were committed together, as the bytes that were hashed."""

    __tablename__ = "audit_segment"

    #: the chain: one for each run of a process
    chain_id: str = Field(primary_key=True, sa_type=String(collation="C"))
    first_number: int = Field(primary_key=True, sa_type=BigInteger)
    last_number: int = Field(sa_type=BigInteger)
    #: UTC, by the writer's clock
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True), index=True)
    #: what the first record is chained to
    previous: bytes = Field(sa_type=LargeBinary)
    #: the chain's head after the last record
    head: bytes = Field(sa_type=LargeBinary)
    #: one record a line, JSON in UTF-8
    lines: bytes = Field(sa_type=LargeBinary)


class AuditCheckpoint(SQLModel, table=True):
    """A signed statement of how far a chain had come (`hub.audit.checkpoint`)."""

    __tablename__ = "audit_checkpoint"

    chain_id: str = Field(primary_key=True, sa_type=String(collation="C"))
    #: of the last record that it covers
    number: int = Field(primary_key=True, sa_type=BigInteger)
    made_at: datetime = Field(sa_type=DateTime(timezone=True), index=True)
    #: as it was handed out
    text: str
