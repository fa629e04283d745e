"""Which rows a client may see. Those that are there saw everything, and still do."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("oauth_client", sa.Column("region_code", sa.String(collation="C"), nullable=True))
    op.add_column("oauth_client", sa.Column("owners", sa.ARRAY(sa.Text()), nullable=True))
    op.execute("UPDATE oauth_client SET region_code = '000000'")
