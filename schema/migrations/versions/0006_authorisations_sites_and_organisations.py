"""Authorisations with their events, former numbers, manufacturing sites, organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authorization_event",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("authorization_id", sa.BigInteger(), nullable=False),
        sa.Column("approval_number", sa.String(collation="C"), nullable=False),
        sa.Column("event_kind_code", sa.String(collation="C"), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.String(collation="C"), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=True),
        sa.Column("holder_name", sa.String(), nullable=True),
        sa.Column("holder_name_id", sa.BigInteger(), nullable=True),
        sa.Column("former_holder_name", sa.String(), nullable=True),
        sa.Column("former_approval_number", sa.String(collation="C"), nullable=True),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("content", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="authorization_event_pkey"),
    )
    op.create_index(
        "authorization_event_by_approval_number_id",
        "authorization_event",
        ["approval_number", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "authorization_event_by_authorization_id_id",
        "authorization_event",
        ["authorization_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "authorization_event_by_event_on_id",
        "authorization_event",
        ["event_on", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "authorization_event_live",
        "authorization_event",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "former_number",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("former_number", sa.String(collation="C"), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("approval_number", sa.String(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint(
            "former_number", "product_id", "valid_from", "recorded_at", name="former_number_pkey"
        ),
    )
    op.create_index(
        "former_number_by_product_id",
        "former_number",
        ["product_id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "former_number_live",
        "former_number",
        ["former_number", "product_id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "manufacturing_site",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("region_code", sa.String(collation="C"), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="manufacturing_site_pkey"),
    )
    op.create_index(
        "manufacturing_site_by_name_id_id",
        "manufacturing_site",
        ["name_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "manufacturing_site_by_region_code_id",
        "manufacturing_site",
        ["region_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "manufacturing_site_live",
        "manufacturing_site",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uscc", sa.String(collation="C"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("organization_by_name", "organization", ["name", "id"], unique=False)
    op.create_index("organization_by_uscc", "organization", ["uscc"], unique=True)
    op.create_table(
        "organization_alias",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("method_code", sa.String(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "organization_alias_by_organization", "organization_alias", ["organization_id", "id"], unique=False
    )
    op.create_table(
        "organization_name",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("name_state_code", sa.String(collation="C"), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "organization_name_by_organization", "organization_name", ["organization_id", "id"], unique=False
    )
    op.create_table(
        "organization_name_change",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("uscc", sa.String(collation="C"), nullable=False),
        sa.Column("former_name", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="organization_name_change_pkey"),
    )
    op.create_index(
        "organization_name_change_by_uscc_id",
        "organization_name_change",
        ["uscc", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "organization_name_change_live",
        "organization_name_change",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "organization_role",
        sa.Column("name_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role_code", sa.String(collation="C"), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name_id", "role_code"),
    )
    op.create_index(
        "organization_role_by_organization", "organization_role", ["organization_id", "name_id"], unique=False
    )
    op.create_table(
        "product_authorization",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("approval_number", sa.String(collation="C"), nullable=False),
        sa.Column("holder_name", sa.String(), nullable=True),
        sa.Column("holder_name_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("status_code", sa.String(collation="C"), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="product_authorization_pkey"),
    )
    op.create_index(
        "product_authorization_by_approval_number_id",
        "product_authorization",
        ["approval_number", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "product_authorization_by_holder_name_id_id",
        "product_authorization",
        ["holder_name_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "product_authorization_by_product_id",
        "product_authorization",
        ["product_id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "product_authorization_live",
        "product_authorization",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "product_site",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "product_id", "site_id", "valid_from", "recorded_at", name="product_site_pkey"
        ),
    )
    op.create_index(
        "product_site_by_site_id_product_id",
        "product_site",
        ["site_id", "product_id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "product_site_live",
        "product_site",
        ["product_id", "site_id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "substance_product",
        sa.Column("substance_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("method_code", sa.String(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("substance_id", "product_id"),
    )
    op.create_index(
        "substance_product_by_product", "substance_product", ["product_id", "substance_id"], unique=False
    )
    op.add_column("product", sa.Column("consistency_evaluated", sa.Boolean(), nullable=True))
    op.add_column("product", sa.Column("consistency_evaluated_on", sa.Date(), nullable=True))
    op.add_column("product", sa.Column("on_shortage_list", sa.Boolean(), nullable=True))
    op.add_column("product", sa.Column("priority_review", sa.Boolean(), nullable=True))
    op.add_column("substance", sa.Column("company_name_id", sa.BigInteger(), nullable=True))
    op.add_column("substance", sa.Column("status_code", sa.String(collation="C"), nullable=True))


def downgrade() -> None:
    op.drop_column("substance", "status_code")
    op.drop_column("substance", "company_name_id")
    op.drop_column("product", "priority_review")
    op.drop_column("product", "on_shortage_list")
    op.drop_column("product", "consistency_evaluated_on")
    op.drop_column("product", "consistency_evaluated")
    op.drop_table("substance_product")
    op.drop_table("product_site")
    op.drop_table("product_authorization")
    op.drop_table("organization_role")
    op.drop_table("organization_name_change")
    op.drop_table("organization_name")
    op.drop_table("organization_alias")
    op.drop_table("organization")
    op.drop_table("manufacturing_site")
    op.drop_table("former_number")
    op.drop_table("authorization_event")
