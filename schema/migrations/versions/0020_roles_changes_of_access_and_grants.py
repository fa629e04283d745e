"""Roles of clients and people, changes of access that need a second person, and grants of conditional sharing."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _code(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(collation="C"), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    for table in ("oauth_client", "account"):
        op.add_column(table, sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"))
        op.alter_column(table, "roles", server_default=None)
    op.create_table(
        "access_change",
        sa.Column("id", sa.Integer(), nullable=False),
        *map(_code, ("change_kind_code", "subject_kind_code", "subject_code")),
        _text("content"),
        _code("state_code"),
        _text("proposed_by"),
        _instant("proposed_at"),
        _text("reason"),
        _text("decided_by", nullable=True),
        _instant("decided_at", nullable=True),
        _text("decision_reason", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("access_change_by_state", "access_change", ["state_code", "id"])
    op.create_index("access_change_by_subject", "access_change", ["subject_kind_code", "subject_code", "id"])
    op.create_table(
        "access_change_secret",
        sa.Column("change_id", sa.Integer(), nullable=False),
        _text("secret_hash"),
        sa.ForeignKeyConstraint(["change_id"], ["access_change.id"]),
        sa.PrimaryKeyConstraint("change_id"),
    )
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        *map(_code, ("holder_kind_code", "holder_code")),
        _text("scopes"),
        _code("region_code", nullable=True),
        _text("owners", nullable=True),
        _text("purpose"),
        _text("approval_document"),
        _instant("granted_at"),
        _instant("expires_at"),
        _instant("revoked_at", nullable=True),
        sa.CheckConstraint("btrim(purpose) <> ''", name="access_grant_purpose_said"),
        sa.CheckConstraint("btrim(approval_document) <> ''", name="access_grant_approval_document_said"),
        sa.CheckConstraint("expires_at > granted_at", name="access_grant_expires"),
        sa.ForeignKeyConstraint(["change_id"], ["access_change.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("access_grant_by_holder", "access_grant", ["holder_kind_code", "holder_code", "id"])
    op.create_index("access_grant_by_change", "access_grant", ["change_id"])
    op.create_index("access_grant_by_region", "access_grant", ["region_code", "id"])
