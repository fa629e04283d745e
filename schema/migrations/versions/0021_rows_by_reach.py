"""Which rows callers see: the registry of senders, whose item a judgement is about, and row-level security."""

import secrets
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_POLICIES = Path(__file__).parents[1] / "sql" / "reach_0021.sql"
#: bytes that SHA-256 takes at a time, and HMAC's pads
_BLOCK, _INNER, _OUTER = 64, 0x36, 0x5C


def upgrade() -> None:
    code = sa.String(collation="C")
    op.create_table(
        "sender",
        sa.Column("code", code, primary_key=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region_code", code, nullable=True),
        sa.Column("uscc", code, nullable=True),
    )
    op.create_index("sender_by_region", "sender", ["region_code", "code"])
    op.add_column("judgement", sa.Column("sender_code", code, nullable=True))
    op.execute("UPDATE judgement SET sender_code = item_key::json ->> 0")
    op.alter_column("judgement", "sender_code", nullable=False)
    op.create_table(
        "reach_key",
        sa.Column("inner_pad", sa.LargeBinary(), primary_key=True, nullable=False),
        sa.Column("outer_pad", sa.LargeBinary(), nullable=False),
    )
    key = secrets.token_bytes(_BLOCK)
    op.execute(
        sa.text("INSERT INTO reach_key VALUES (:inner, :outer)").bindparams(
            inner=bytes(byte ^ _INNER for byte in key), outer=bytes(byte ^ _OUTER for byte in key)
        )
    )
    # many statements at once: the driver takes them, its prepared statements do not
    driver = op.get_bind().connection.dbapi_connection
    driver.run_async(lambda connection: connection.execute(_POLICIES.read_text("utf-8")))
