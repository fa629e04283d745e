"""Judgements of items by people, their withdrawals, and items of which only the concept is known."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MATCHED = (
    "local_item",
    "packaged_product",
    "production_report",
    "supply_notice",
    "platform_product",
    "filed_purchase",
)


def upgrade() -> None:
    for table in _MATCHED:
        op.add_column(table, sa.Column("match_concept_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_kind", sa.String(collation="C"), nullable=False),
        sa.Column("item_key", sa.String(collation="C"), nullable=False),
        sa.Column("verdict_code", sa.String(collation="C"), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("judgement_by_item", "judgement", ["item_kind", "item_key", "id"])
    op.create_table(
        "judgement_withdrawal",
        sa.Column("judgement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgement.id"]),
        sa.PrimaryKeyConstraint("judgement_id"),
    )
