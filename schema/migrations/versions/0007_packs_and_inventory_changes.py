"""Packs under their insurance codes, concepts of medicines, changes of pharmacies' stocks."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LIVE = sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'")


def upgrade() -> None:
    op.create_table(
        "drug_concept",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("generic_name", sa.String(), nullable=False),
        sa.Column("form_group", sa.String(collation="C"), nullable=False),
        sa.Column("strength", sa.String(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="drug_concept_pkey"),
    )
    op.create_index(
        "drug_concept_by_generic_name_id", "drug_concept", ["generic_name", "id"], postgresql_where=_LIVE
    )
    op.create_index("drug_concept_live", "drug_concept", ["id"], unique=True, postgresql_where=_LIVE)
    op.create_table(
        "inventory_change",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("source_code", sa.String(collation="C"), nullable=False),
        sa.Column("kind_code", sa.String(collation="C"), nullable=False),
        sa.Column("kind_received", sa.String(), nullable=True),
        sa.Column("quantity_received", sa.Numeric(), nullable=True),
        sa.Column("quantity_packs", sa.Numeric(), nullable=True),
        sa.Column("price_yuan", sa.Numeric(), nullable=True),
        sa.Column("amount_yuan", sa.Numeric(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_whole_day", sa.Boolean(), nullable=False),
        sa.Column("document_number", sa.String(collation="C"), nullable=True),
        sa.Column("lot_number", sa.String(collation="C"), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="inventory_change_pkey"),
    )
    op.create_index(
        "inventory_change_by_item_id_id", "inventory_change", ["item_id", "id"], postgresql_where=_LIVE
    )
    op.create_index(
        "inventory_change_by_pharmacy_id_item_id_changed_at",
        "inventory_change",
        ["pharmacy_id", "item_id", "changed_at"],
        postgresql_where=_LIVE,
    )
    op.create_index("inventory_change_live", "inventory_change", ["id"], unique=True, postgresql_where=_LIVE)
    op.create_table(
        "pack_code",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("kind_code", sa.String(collation="C"), nullable=False),
        sa.Column("code", sa.String(collation="C"), nullable=False),
        sa.Column("nhsa_code", sa.String(collation="C"), nullable=True),
        sa.Column("approval_number", sa.String(collation="C"), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="pack_code_pkey"),
    )
    op.create_index("pack_code_by_code_kind_code", "pack_code", ["code", "kind_code"], postgresql_where=_LIVE)
    op.create_index("pack_code_by_nhsa_code_id", "pack_code", ["nhsa_code", "id"], postgresql_where=_LIVE)
    op.create_index("pack_code_live", "pack_code", ["id"], unique=True, postgresql_where=_LIVE)
    op.create_table(
        "packaged_product",
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
        sa.Column("nhsa_code", sa.String(collation="C"), nullable=False),
        sa.Column("generic_name", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=True),
        sa.Column("trade_name_zh", sa.String(), nullable=True),
        sa.Column("dosage_form", sa.String(), nullable=True),
        sa.Column("specification", sa.String(), nullable=True),
        sa.Column("conversion_ratio", sa.Numeric(), nullable=True),
        sa.Column("min_unit", sa.String(), nullable=True),
        sa.Column("pack_unit", sa.String(), nullable=True),
        sa.Column("holder_name", sa.String(), nullable=True),
        sa.Column("approval_number", sa.String(collation="C"), nullable=True),
        sa.Column("standard_code", sa.String(collation="C"), nullable=True),
        sa.Column("ean13", sa.String(collation="C"), nullable=True),
        sa.Column("trace_prefix", sa.String(collation="C"), nullable=True),
        sa.Column("concept_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="packaged_product_pkey"),
    )
    op.create_index(
        "packaged_product_by_approval_number_id",
        "packaged_product",
        ["approval_number", "id"],
        postgresql_where=_LIVE,
    )
    op.create_index(
        "packaged_product_by_concept_id_id", "packaged_product", ["concept_id", "id"], postgresql_where=_LIVE
    )
    op.create_index(
        "packaged_product_by_generic_name_id",
        "packaged_product",
        ["generic_name", "id"],
        postgresql_where=_LIVE,
    )
    op.create_index(
        "packaged_product_by_match_code_id", "packaged_product", ["match_code", "id"], postgresql_where=_LIVE
    )
    op.create_index(
        "packaged_product_by_nhsa_code", "packaged_product", ["nhsa_code"], postgresql_where=_LIVE
    )
    op.create_index(
        "packaged_product_by_product_id_id", "packaged_product", ["product_id", "id"], postgresql_where=_LIVE
    )
    op.create_index(
        "packaged_product_by_sender_code_id",
        "packaged_product",
        ["sender_code", "id"],
        postgresql_where=_LIVE,
    )
    op.create_index("packaged_product_live", "packaged_product", ["id"], unique=True, postgresql_where=_LIVE)
    op.create_table(
        "stock_lot",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_number", sa.String(collation="C"), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("counted_packs", sa.Numeric(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="stock_lot_pkey"),
    )
    op.create_index("stock_lot_live", "stock_lot", ["id"], unique=True, postgresql_where=_LIVE)
    op.create_index(
        "stock_lot_by_pharmacy_id_item_id", "stock_lot", ["pharmacy_id", "item_id"], postgresql_where=_LIVE
    )
    op.create_table(
        "stock_level",
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("level_packs", sa.Numeric(), nullable=True),
        sa.Column("basis_code", sa.String(collation="C"), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("pharmacy_id", "item_id"),
    )
    op.add_column("local_item", sa.Column("nhsa_code", sa.String(collation="C"), nullable=True))
    op.add_column("local_item", sa.Column("trace_prefix", sa.String(collation="C"), nullable=True))
    op.create_index("local_item_by_nhsa_code_id", "local_item", ["nhsa_code", "id"], postgresql_where=_LIVE)
    op.add_column("product", sa.Column("concept_id", sa.BigInteger(), nullable=True))
    op.create_index("product_by_concept_id_id", "product", ["concept_id", "id"], postgresql_where=_LIVE)


def downgrade() -> None:
    op.drop_index("product_by_concept_id_id", table_name="product")
    op.drop_column("product", "concept_id")
    op.drop_index("local_item_by_nhsa_code_id", table_name="local_item")
    op.drop_column("local_item", "trace_prefix")
    op.drop_column("local_item", "nhsa_code")
    op.drop_table("stock_level")
    op.drop_table("stock_lot")
    op.drop_table("packaged_product")
    op.drop_table("pack_code")
    op.drop_table("inventory_change")
    op.drop_table("drug_concept")
