"""The workers' queue, as procrastinate 3.10.0 makes it, in a schema of its own; and the keys that clients sign with."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: kept as it was, for the package's own file changes with its version
_TABLES = Path(__file__).parent.parent / "sql" / "procrastinate_3_10_0.sql"


def upgrade() -> None:
    script = f"CREATE SCHEMA jobs; SET LOCAL search_path TO jobs; {_TABLES.read_text('utf-8')}"
    # many statements at once: the driver takes them, its prepared statements do not
    driver = op.get_bind().connection.dbapi_connection
    driver.run_async(lambda connection: connection.execute(script))
    op.execute("SET LOCAL search_path TO DEFAULT")
    op.create_table(
        "oauth_client_key",
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["oauth_client.client_id"]),
        sa.PrimaryKeyConstraint("key_id"),
    )
