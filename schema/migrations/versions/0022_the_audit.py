"""The audit: segments of chained records, checkpoints, a view of single records; rows are added and never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLES = ("audit_segment", "audit_checkpoint")
_REFUSE = """
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '审计记录不可更改或删除 / the audit is never changed: % of %', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$
"""
#: for people who read with SQL; what was hashed are the bytes of `lines`
_VIEW = """
CREATE VIEW audit_record WITH (security_invoker = true) AS
SELECT s.chain_id, s.first_number + l.place - 1 AS number, l.line::jsonb AS record
FROM audit_segment s
CROSS JOIN LATERAL regexp_split_to_table(convert_from(s.lines, 'UTF8'), E'\\n') WITH ORDINALITY AS l (line, place)
"""


def upgrade() -> None:
    op.create_table(
        "audit_segment",
        sa.Column("chain_id", sa.String(collation="C"), primary_key=True),
        sa.Column("first_number", sa.BigInteger(), primary_key=True),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_audit_segment_recorded_at", "audit_segment", ["recorded_at"])
    op.create_table(
        "audit_checkpoint",
        sa.Column("chain_id", sa.String(collation="C"), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
    )
    op.create_index("ix_audit_checkpoint_made_at", "audit_checkpoint", ["made_at"])
    op.execute(_REFUSE)
    for table in _TABLES:
        op.execute(f"REVOKE ALL ON {table} FROM PUBLIC")
        op.execute(
            f"CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()"
        )
        # logical replication's and pg_restore's sessions leave ordinary triggers out; not this one
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_stays")
    op.execute(_VIEW)
