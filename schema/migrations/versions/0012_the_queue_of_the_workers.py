"""The workers' queue, as procrastinate 3.10.0 makes it, in a schema of its own: it holds hints and no facts."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0005"
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
