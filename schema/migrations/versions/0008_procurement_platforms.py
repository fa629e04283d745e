"""Procurement platforms: products, listings, purchases, deliveries, settlements, filed purchases."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery_line",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("delivery_number", sa.String(collation="C"), nullable=False),
        sa.Column("order_number", sa.String(collation="C"), nullable=False),
        sa.Column("line_number", sa.String(collation="C"), nullable=False),
        sa.Column("purchase_line_id", sa.BigInteger(), nullable=False),
        sa.Column("product_code", sa.String(collation="C"), nullable=False),
        sa.Column("platform_product_id", sa.BigInteger(), nullable=False),
        sa.Column("distributor_code", sa.String(collation="C"), nullable=True),
        sa.Column("lot_number", sa.String(collation="C"), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("invoice_number", sa.String(collation="C"), nullable=True),
        sa.Column("quantity_unit", sa.String(), nullable=True),
        sa.Column("quantity_basis_code", sa.String(collation="C"), nullable=False),
        sa.Column("conversion_ratio", sa.Numeric(), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipped_stated", sa.Numeric(), nullable=True),
        sa.Column("shipped_packs", sa.Numeric(), nullable=True),
        sa.Column("shipped_units", sa.Numeric(), nullable=True),
        sa.Column("receipt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_stated", sa.Numeric(), nullable=True),
        sa.Column("receipt_packs", sa.Numeric(), nullable=True),
        sa.Column("receipt_units", sa.Numeric(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="delivery_line_pkey"),
    )
    op.create_index(
        "delivery_line_by_platform_product_id_id",
        "delivery_line",
        ["platform_product_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "delivery_line_by_purchase_line_id_id",
        "delivery_line",
        ["purchase_line_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "delivery_line_live",
        "delivery_line",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "filed_purchase",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("match_code", sa.String(collation="C"), nullable=False),
        sa.Column("match_method_code", sa.String(collation="C"), nullable=True),
        sa.Column("match_score", sa.Numeric(), nullable=True),
        sa.Column("match_evidence", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("filing_number", sa.String(collation="C"), nullable=False),
        sa.Column("institution_code", sa.String(collation="C"), nullable=False),
        sa.Column("institution_name", sa.String(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("dosage_form", sa.String(), nullable=True),
        sa.Column("specification", sa.String(), nullable=True),
        sa.Column("packaging", sa.String(), nullable=True),
        sa.Column("approval_number", sa.String(collation="C"), nullable=True),
        sa.Column("holder_name", sa.String(), nullable=True),
        sa.Column("manufacturer_name", sa.String(), nullable=True),
        sa.Column("supplier_name", sa.String(), nullable=True),
        sa.Column("reason_text", sa.String(), nullable=True),
        sa.Column("conversion_ratio", sa.Numeric(), nullable=True),
        sa.Column("price_state_code", sa.String(collation="C"), nullable=False),
        sa.Column("pack_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("unit_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_pack_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_unit_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="filed_purchase_pkey"),
    )
    op.create_index(
        "filed_purchase_by_institution_code_id",
        "filed_purchase",
        ["institution_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "filed_purchase_by_match_code_id",
        "filed_purchase",
        ["match_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "filed_purchase_by_product_id_id",
        "filed_purchase",
        ["product_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "filed_purchase_live",
        "filed_purchase",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "listing",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("platform_product_id", sa.BigInteger(), nullable=False),
        sa.Column("catalogue_code", sa.String(collation="C"), nullable=True),
        sa.Column("mode_code", sa.String(collation="C"), nullable=True),
        sa.Column("mode_text", sa.String(), nullable=True),
        sa.Column("price_state_code", sa.String(collation="C"), nullable=False),
        sa.Column("pack_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("unit_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_pack_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_unit_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("listed_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_stopped", sa.Boolean(), nullable=True),
        sa.Column("is_shortage", sa.Boolean(), nullable=True),
        sa.Column("is_out_of_stock", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="listing_pkey"),
    )
    op.create_index(
        "listing_by_platform_product_id_id",
        "listing",
        ["platform_product_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "listing_by_sender_code_id",
        "listing",
        ["sender_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "listing_live",
        "listing",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "platform_product",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("match_code", sa.String(collation="C"), nullable=False),
        sa.Column("match_method_code", sa.String(collation="C"), nullable=True),
        sa.Column("match_score", sa.Numeric(), nullable=True),
        sa.Column("match_evidence", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("product_code", sa.String(collation="C"), nullable=False),
        sa.Column("nhsa_code", sa.String(collation="C"), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("trade_name_zh", sa.String(), nullable=True),
        sa.Column("dosage_form", sa.String(), nullable=True),
        sa.Column("specification", sa.String(), nullable=True),
        sa.Column("packaging", sa.String(), nullable=True),
        sa.Column("conversion_ratio", sa.Numeric(), nullable=True),
        sa.Column("pack_name", sa.String(), nullable=True),
        sa.Column("unit_name", sa.String(), nullable=True),
        sa.Column("holder_name", sa.String(), nullable=True),
        sa.Column("manufacturer_name", sa.String(), nullable=True),
        sa.Column("approval_number", sa.String(collation="C"), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="platform_product_pkey"),
    )
    op.create_index(
        "platform_product_by_match_code_id",
        "platform_product",
        ["match_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "platform_product_by_nhsa_code_id",
        "platform_product",
        ["nhsa_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "platform_product_by_product_id_id",
        "platform_product",
        ["product_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "platform_product_by_sender_code_product_code",
        "platform_product",
        ["sender_code", "product_code"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "platform_product_live",
        "platform_product",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "purchase_line",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("order_number", sa.String(collation="C"), nullable=False),
        sa.Column("line_number", sa.String(collation="C"), nullable=False),
        sa.Column("institution_code", sa.String(collation="C"), nullable=False),
        sa.Column("institution_name", sa.String(), nullable=True),
        sa.Column("distributor_code", sa.String(collation="C"), nullable=True),
        sa.Column("distributor_name", sa.String(), nullable=True),
        sa.Column("product_code", sa.String(collation="C"), nullable=False),
        sa.Column("platform_product_id", sa.BigInteger(), nullable=False),
        sa.Column("mode_code", sa.String(collation="C"), nullable=True),
        sa.Column("mode_text", sa.String(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quantity_stated", sa.Numeric(), nullable=True),
        sa.Column("quantity_unit", sa.String(), nullable=True),
        sa.Column("quantity_basis_code", sa.String(collation="C"), nullable=False),
        sa.Column("quantity_packs", sa.Numeric(), nullable=True),
        sa.Column("quantity_units", sa.Numeric(), nullable=True),
        sa.Column("conversion_ratio", sa.Numeric(), nullable=True),
        sa.Column("price_state_code", sa.String(collation="C"), nullable=False),
        sa.Column("price_stated_yuan", sa.Numeric(), nullable=True),
        sa.Column("pack_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("unit_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("amount_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_price_stated_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_pack_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_unit_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_amount_yuan", sa.Numeric(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="purchase_line_pkey"),
    )
    op.create_index(
        "purchase_line_by_institution_code_id",
        "purchase_line",
        ["institution_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "purchase_line_by_platform_product_id_id",
        "purchase_line",
        ["platform_product_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "purchase_line_by_sender_code_order_number",
        "purchase_line",
        ["sender_code", "order_number"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "purchase_line_live",
        "purchase_line",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "settlement",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("settlement_number", sa.String(collation="C"), nullable=False),
        sa.Column("order_number", sa.String(collation="C"), nullable=True),
        sa.Column("line_number", sa.String(collation="C"), nullable=True),
        sa.Column("purchase_line_id", sa.BigInteger(), nullable=True),
        sa.Column("invoice_number", sa.String(collation="C"), nullable=True),
        sa.Column("institution_code", sa.String(collation="C"), nullable=True),
        sa.Column("distributor_code", sa.String(collation="C"), nullable=True),
        sa.Column("due_yuan", sa.Numeric(), nullable=True),
        sa.Column("paid_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_due_yuan", sa.Numeric(), nullable=True),
        sa.Column("confidential_paid_yuan", sa.Numeric(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="settlement_pkey"),
    )
    op.create_index(
        "settlement_by_institution_code_id",
        "settlement",
        ["institution_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "settlement_by_purchase_line_id_id",
        "settlement",
        ["purchase_line_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "settlement_by_sender_code_id",
        "settlement",
        ["sender_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "settlement_live",
        "settlement",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )


def downgrade() -> None:
    op.drop_table("settlement")
    op.drop_table("purchase_line")
    op.drop_table("platform_product")
    op.drop_table("listing")
    op.drop_table("filed_purchase")
    op.drop_table("delivery_line")
