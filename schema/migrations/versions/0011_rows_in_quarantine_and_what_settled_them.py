"""Rows in quarantine have an identity, and what settled them is on record."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarantined_row",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("subject_code", sa.String(collation="C"), nullable=False),
        sa.Column("identity", sa.String(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("quarantined_row_by_batch", "quarantined_row", ["batch_id", "row_number"])
    op.create_index("quarantined_row_by_identity", "quarantined_row", ["subject_code", "identity"])
    op.create_table(
        "fault_settlement",
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("method_code", sa.String(collation="C"), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("cause_batch_id", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["quarantined_row.id"]),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"]),
        sa.ForeignKeyConstraint(["cause_batch_id"], ["batch.id"]),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index("fault_settlement_by_batch", "fault_settlement", ["batch_id"])
    op.add_column("fault", sa.Column("row_id", sa.BigInteger(), nullable=True))
    op.execute("UPDATE fault SET row_id = (batch_id::bigint << 32) | row_number")
    op.alter_column("fault", "row_id", nullable=False)
    op.create_index("fault_by_row", "fault", ["row_id"])
    op.create_index("fault_by_code", "fault", ["code", "row_id"])
    # what these rows are about is not known any more without reading their files again
    op.execute(
        "INSERT INTO quarantined_row (id, batch_id, row_number, subject_code, identity)"
        " SELECT DISTINCT row_id, batch_id, row_number, '', 'row:' || batch_id || '/' || row_number"
        " FROM fault WHERE NOT is_notice"
    )
