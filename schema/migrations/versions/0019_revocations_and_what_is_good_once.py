"""What is revoked before its time, what is good only once, clients whose tokens must be bound, and a scope per feed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

#: who could push could push to every feed that its sender may write
_FEEDS = (
    "divisions",
    "essential_medicines",
    "insurance_list",
    "medicine_codes",
    "pharmacy",
    "postal",
    "procurement",
    "production",
    "registration",
)
_SPLIT = """
UPDATE oauth_client SET scopes = (
    SELECT array_agg(DISTINCT scope ORDER BY scope)
    FROM unnest(array_remove(scopes, 'feed:write') || ARRAY[{scopes}]) AS scope
)
WHERE 'feed:write' = ANY (scopes)
"""
#: every process hears of it at once, whoever wrote it and how
_TELL = """
CREATE FUNCTION tell_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('access', '');
    RETURN NULL;
END
$$
"""
_TOLD = """
CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION tell_access()
"""


def upgrade() -> None:
    op.add_column(
        "oauth_client", sa.Column("must_bind", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("refresh_token", sa.Column("proof_key", sa.String(), nullable=True))
    op.create_table(
        "access_revocation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "access_once",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("access_once_kept_until", "access_once", ["kept_until"])
    op.execute(_TELL)
    for table in ("oauth_client", "access_revocation"):
        op.execute(_TOLD.format(table=table))
    op.execute(_SPLIT.format(scopes=", ".join(f"'feed.{feed}:write'" for feed in _FEEDS)))
