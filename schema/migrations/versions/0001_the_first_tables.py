"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TABLES = (
    "feed",
    "local_item",
    "oauth_client",
    "on_sale",
    "pharmacy",
    "product",
    "region",
    "standard_code",
    "stock_take",
    "batch",
    "delivery",
    "fault",
)
#: the 34 provinces of GB/T 2260
PROVINCES = (
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"),
    *("71", "81", "82"),
)


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("code", sa.String(collation="C"), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("cadence", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "local_item",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("item_code", sa.String(collation="C"), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("trade_name_zh", sa.String(), nullable=True),
        sa.Column("specification", sa.String(), nullable=True),
        sa.Column("manufacturer_name", sa.String(), nullable=True),
        sa.Column("approval_number", sa.String(collation="C"), nullable=True),
        sa.Column("standard_code", sa.String(collation="C"), nullable=True),
        sa.Column("barcode", sa.String(collation="C"), nullable=True),
        sa.Column("sales_unit", sa.String(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("match_code", sa.String(collation="C"), nullable=False),
        sa.Column("match_method_code", sa.String(collation="C"), nullable=True),
        sa.Column("match_score", sa.Numeric(), nullable=True),
        sa.Column("match_evidence", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="local_item_pkey"),
    )
    op.create_index(
        "local_item_by_match_code_id",
        "local_item",
        ["match_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "local_item_by_product_id_id",
        "local_item",
        ["product_id", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "local_item_by_sender_code_item_code",
        "local_item",
        ["sender_code", "item_code"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "local_item_live",
        "local_item",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "oauth_client",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("client_id"),
    )
    op.create_table(
        "on_sale",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("province_code", sa.String(collation="C"), nullable=False),
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("availability_code", sa.String(collation="C"), nullable=False),
        sa.Column("retail_price_yuan", sa.Numeric(), nullable=True),
        sa.Column("stock_packs", sa.Numeric(), nullable=True),
        sa.PrimaryKeyConstraint(
            "pharmacy_id", "item_id", "province_code", "valid_from", "recorded_at", name="on_sale_pkey"
        ),
        postgresql_partition_by="LIST (province_code)",
    )
    op.create_index(
        "on_sale_by_item_id_pharmacy_id",
        "on_sale",
        ["item_id", "pharmacy_id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "on_sale_live",
        "on_sale",
        ["pharmacy_id", "item_id", "province_code"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "pharmacy",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("store_code", sa.String(collation="C"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("chain_name", sa.String(), nullable=True),
        sa.Column("region_code", sa.String(collation="C"), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("longitude", sa.Numeric(), nullable=True),
        sa.Column("latitude", sa.Numeric(), nullable=True),
        sa.Column("licence_number", sa.String(collation="C"), nullable=True),
        sa.Column("opening_hours", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="pharmacy_pkey"),
    )
    op.create_index(
        "pharmacy_by_name_id",
        "pharmacy",
        ["name", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "pharmacy_by_region_code_id",
        "pharmacy",
        ["region_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "pharmacy_by_sender_code_store_code",
        "pharmacy",
        ["sender_code", "store_code"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "pharmacy_live",
        "pharmacy",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "product",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("approval_number", sa.String(collation="C"), nullable=False),
        sa.Column("approval_kind_code", sa.String(collation="C"), nullable=False),
        sa.Column("approval_origin_code", sa.String(collation="C"), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("trade_name_zh", sa.String(), nullable=True),
        sa.Column("trade_name_en", sa.String(), nullable=True),
        sa.Column("dosage_form", sa.String(), nullable=True),
        sa.Column("specification", sa.String(), nullable=True),
        sa.Column("holder_name", sa.String(), nullable=True),
        sa.Column("manufacturer_name", sa.String(), nullable=True),
        sa.Column("manufacturing_address", sa.String(), nullable=True),
        sa.Column("category_name", sa.String(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("former_approval_number", sa.String(collation="C"), nullable=True),
        sa.Column("special_control_code", sa.String(collation="C"), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="product_pkey"),
    )
    op.create_index(
        "product_by_approval_number",
        "product",
        ["approval_number"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "product_by_name_zh_id",
        "product",
        ["name_zh", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "product_live",
        "product",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "region",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(collation="C"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level_code", sa.String(collation="C"), nullable=False),
        sa.Column("type_name", sa.String(), nullable=True),
        sa.Column("parent_code", sa.String(collation="C"), nullable=True),
        sa.PrimaryKeyConstraint("code", "valid_from", "recorded_at", name="region_pkey"),
    )
    op.create_index(
        "region_by_parent_code_code",
        "region",
        ["parent_code", "code"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "region_live",
        "region",
        ["code"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "standard_code",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("standard_code", sa.String(collation="C"), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("standard_code", "valid_from", "recorded_at", name="standard_code_pkey"),
    )
    op.create_index(
        "standard_code_by_product_id",
        "standard_code",
        ["product_id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "standard_code_live",
        "standard_code",
        ["standard_code"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "stock_take",
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pharmacy_id"),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("feed_code", sa.String(collation="C"), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(collation="C"), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_code", sa.String(collation="C"), nullable=False),
        sa.Column("layout_code", sa.String(collation="C"), nullable=True),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows_read", sa.Integer(), nullable=True),
        sa.Column("rows_promoted", sa.Integer(), nullable=True),
        sa.Column("rows_unchanged", sa.Integer(), nullable=True),
        sa.Column("rows_quarantined", sa.Integer(), nullable=True),
        sa.Column("rows_skipped", sa.Integer(), nullable=True),
        sa.Column("facts_closed", sa.Integer(), nullable=True),
        sa.Column("stop_code", sa.String(collation="C"), nullable=True),
        sa.Column("stop_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_code"],
            ["feed.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("batch_by_bytes", "batch", ["feed_code", "sender_code", "sha256"], unique=False)
    op.create_index("batch_by_feed", "batch", ["feed_code", "id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transport_code", sa.String(collation="C"), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("delivery_by_batch", "delivery", ["batch_id", "id"], unique=False)
    op.create_table(
        "fault",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(collation="C"), nullable=False),
        sa.Column("is_notice", sa.Boolean(), nullable=False),
        sa.Column("column_name", sa.String(), nullable=True),
        sa.Column("found_text", sa.String(), nullable=True),
        sa.Column("hint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch.id"],
        ),
        sa.PrimaryKeyConstraint("batch_id", "row_number", "ordinal"),
    )
    for province in PROVINCES:
        op.execute(f"CREATE TABLE on_sale__p{province} PARTITION OF on_sale FOR VALUES IN ('{province}')")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
