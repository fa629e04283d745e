"""By which rules a batch was read: files read by the same rules can be compared by their lines."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batch", sa.Column("rules_sha256", sa.String(collation="C"), nullable=True))


def downgrade() -> None:
    op.drop_column("batch", "rules_sha256")
