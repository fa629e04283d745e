"""Accounts of people, their sessions and what came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("organization_name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("password_is_initial", sa.Boolean(), nullable=False),
        _instant("password_changed_at"),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("recovery_hashes", sa.ARRAY(sa.LargeBinary()), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("region_code", sa.String(collation="C"), nullable=True),
        sa.Column("owners", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("oidc_subject", sa.String(), nullable=True),
        _instant("created_at"),
        _instant("disabled_at", nullable=True),
        sa.PrimaryKeyConstraint("user_name"),
        sa.UniqueConstraint("oidc_subject"),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("session_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        _instant("second_factor_at", nullable=True),
        sa.Column("by_provider", sa.Boolean(), nullable=False),
        sa.Column("totp_offered", sa.LargeBinary(), nullable=True),
        _instant("started_at"),
        _instant("expires_at"),
        sa.PrimaryKeyConstraint("session_hash"),
        sa.ForeignKeyConstraint(["user_name"], ["account.user_name"]),
    )
    op.create_index("ix_sign_in_session_user_name", "sign_in_session", ["user_name"])
    op.create_table(
        "sign_in_throttle",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _instant("last_at"),
        _instant("blocked_until"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "person_authorization",
        sa.Column("authorization_id", sa.String(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("redirect_uri", sa.String(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("code_challenge", sa.String(), nullable=False),
        sa.Column("session_hash", sa.LargeBinary(), nullable=True),
        _instant("issued_at"),
        _instant("code_used_at", nullable=True),
        _instant("expires_at"),
        _instant("revoked_at", nullable=True),
        sa.Column("revoked_reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("authorization_id"),
        sa.UniqueConstraint("code_hash"),
        sa.ForeignKeyConstraint(["user_name"], ["account.user_name"]),
    )
    op.create_index("ix_person_authorization_user_name", "person_authorization", ["user_name"])
    op.create_table(
        "refresh_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("authorization_id", sa.String(), nullable=False),
        sa.Column("access_token_id", sa.String(), nullable=False),
        _instant("access_expires_at"),
        _instant("issued_at"),
        _instant("used_at", nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
        sa.ForeignKeyConstraint(["authorization_id"], ["person_authorization.authorization_id"]),
    )
    op.create_index("ix_refresh_token_authorization_id", "refresh_token", ["authorization_id"])
