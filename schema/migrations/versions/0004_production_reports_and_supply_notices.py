"""Production reports and supply notices."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "production_report",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("match_code", sa.String(collation="C"), nullable=False),
        sa.Column("match_method_code", sa.String(collation="C"), nullable=True),
        sa.Column("match_score", sa.Numeric(), nullable=True),
        sa.Column("match_evidence", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("uscc", sa.String(collation="C"), nullable=False),
        sa.Column("holder_name", sa.String(), nullable=True),
        sa.Column("approval_number", sa.String(collation="C"), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=True),
        sa.Column("specification", sa.String(), nullable=False),
        sa.Column("packaging", sa.String(), nullable=True),
        sa.Column("report_month", sa.Date(), nullable=False),
        sa.Column("supply_status_code", sa.String(collation="C"), nullable=True),
        sa.Column("unit_received", sa.String(), nullable=True),
        sa.Column("planned_received", sa.Numeric(), nullable=True),
        sa.Column("actual_received", sa.Numeric(), nullable=True),
        sa.Column("stock_received", sa.Numeric(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("unit_factor", sa.Numeric(), nullable=True),
        sa.Column("planned_quantity", sa.Numeric(), nullable=True),
        sa.Column("actual_quantity", sa.Numeric(), nullable=True),
        sa.Column("stock_quantity", sa.Numeric(), nullable=True),
        sa.Column("substance_supplier", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="production_report_pkey"),
    )
    op.create_index(
        "production_report_by_approval_number_id",
        "production_report",
        ["approval_number", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "production_report_by_match_code_id",
        "production_report",
        ["match_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "production_report_by_product_id_id",
        "production_report",
        ["product_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "production_report_by_report_month_id",
        "production_report",
        ["report_month", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "production_report_live",
        "production_report",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "supply_notice",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("match_code", sa.String(collation="C"), nullable=False),
        sa.Column("match_method_code", sa.String(collation="C"), nullable=True),
        sa.Column("match_score", sa.Numeric(), nullable=True),
        sa.Column("match_evidence", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("uscc", sa.String(collation="C"), nullable=False),
        sa.Column("holder_name", sa.String(), nullable=True),
        sa.Column("approval_number", sa.String(collation="C"), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=True),
        sa.Column("specification", sa.String(), nullable=False),
        sa.Column("notice_kind_code", sa.String(collation="C"), nullable=False),
        sa.Column("planning_code", sa.String(collation="C"), nullable=True),
        sa.Column("cause_code", sa.String(collation="C"), nullable=True),
        sa.Column("cause_text", sa.String(), nullable=True),
        sa.Column("stop_on", sa.Date(), nullable=True),
        sa.Column("expected_return_on", sa.Date(), nullable=True),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.Column("substance_supplier", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="supply_notice_pkey"),
    )
    op.create_index(
        "supply_notice_by_approval_number_id",
        "supply_notice",
        ["approval_number", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "supply_notice_by_match_code_id",
        "supply_notice",
        ["match_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "supply_notice_by_product_id_id",
        "supply_notice",
        ["product_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "supply_notice_live",
        "supply_notice",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )


def downgrade() -> None:
    op.drop_table("supply_notice")
    op.drop_table("production_report")
