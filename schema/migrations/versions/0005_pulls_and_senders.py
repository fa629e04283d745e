"""Pulls on record, and clients that may push: each bound to the sender whose data it brings."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("oauth_client", sa.Column("sender_code", sa.String(), nullable=True))
    op.create_table(
        "pull",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_code", sa.String(collation="C"), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("source_code", sa.String(collation="C"), nullable=False),
        sa.Column("transport_code", sa.String(collation="C"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_count", sa.Integer(), nullable=False),
        sa.Column("stop_code", sa.String(collation="C"), nullable=True),
        sa.Column("stop_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["feed_code"], ["feed.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("pull_by_feed", "pull", ["feed_code", "id"])
