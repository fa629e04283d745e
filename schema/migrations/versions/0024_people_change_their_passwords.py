"""A browser in which somebody asked to choose another password."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sign_in_session",
        sa.Column("wants_new_password", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
