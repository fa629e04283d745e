"""The post: outlets, partner pharmacies, service areas, consignments; and the checksum of what a batch received."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_LIVE = sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'")


def upgrade() -> None:
    op.create_table(
        "consignment",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("mail_number", sa.String(collation="C"), nullable=False),
        sa.Column("accepting_outlet_code", sa.String(collation="C"), nullable=True),
        sa.Column("accepting_outlet_id", sa.BigInteger(), nullable=True),
        sa.Column("accepting_outlet_link_code", sa.String(collation="C"), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consignor_name", sa.String(), nullable=False),
        sa.Column("consignee_name", sa.String(), nullable=False),
        sa.Column("goods_text", sa.String(), nullable=True),
        sa.Column("weight_kilograms", sa.Numeric(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="consignment_pkey"),
    )
    op.create_index(
        "consignment_by_accepting_outlet_id_id",
        "consignment",
        ["accepting_outlet_id", "id"],
        unique=False,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "consignment_by_mail_number_id",
        "consignment",
        ["mail_number", "id"],
        unique=False,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "consignment_live",
        "consignment",
        ["id"],
        unique=True,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "partner_pharmacy",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(collation="C"), nullable=False),
        sa.Column("licence_number", sa.String(collation="C"), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("cooperates_since_on", sa.Date(), nullable=True),
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=True),
        sa.Column("pharmacy_link_code", sa.String(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="partner_pharmacy_pkey"),
    )
    op.create_index(
        "partner_pharmacy_by_pharmacy_id_id",
        "partner_pharmacy",
        ["pharmacy_id", "id"],
        unique=False,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "partner_pharmacy_by_region_code_id",
        "partner_pharmacy",
        ["region_code", "id"],
        unique=False,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "partner_pharmacy_live",
        "partner_pharmacy",
        ["id"],
        unique=True,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "postal_outlet",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("outlet_code", sa.String(collation="C"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(collation="C"), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("longitude", sa.Numeric(), nullable=True),
        sa.Column("latitude", sa.Numeric(), nullable=True),
        sa.Column("postcode", sa.String(collation="C"), nullable=True),
        sa.Column("opening_hours", sa.String(), nullable=True),
        sa.Column("partnership_code", sa.String(collation="C"), nullable=False),
        sa.Column("partner_pharmacy_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="postal_outlet_pkey"),
    )
    op.create_index(
        "postal_outlet_by_outlet_code_id",
        "postal_outlet",
        ["outlet_code", "id"],
        unique=False,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "postal_outlet_by_partner_pharmacy_id_id",
        "postal_outlet",
        ["partner_pharmacy_id", "id"],
        unique=False,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "postal_outlet_by_region_code_id",
        "postal_outlet",
        ["region_code", "id"],
        unique=False,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "postal_outlet_live",
        "postal_outlet",
        ["id"],
        unique=True,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "service_area",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("region_code", sa.String(collation="C"), nullable=False),
        sa.Column("service_mode_code", sa.String(collation="C"), nullable=False),
        sa.Column("frequency_text", sa.String(), nullable=True),
        sa.Column("visits_per_week", sa.Numeric(), nullable=True),
        sa.Column("limit_text", sa.String(), nullable=True),
        sa.Column("limit_hours", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="service_area_pkey"),
    )
    op.create_index(
        "service_area_by_region_code_id",
        "service_area",
        ["region_code", "id"],
        unique=False,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "service_area_live",
        "service_area",
        ["id"],
        unique=True,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "tracking_event",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("consignment_id", sa.BigInteger(), nullable=False),
        sa.Column("mail_status_code", sa.String(collation="C"), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outlet_code", sa.String(collation="C"), nullable=True),
        sa.Column("outlet_id", sa.BigInteger(), nullable=True),
        sa.Column("outlet_link_code", sa.String(collation="C"), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="tracking_event_pkey"),
    )
    op.create_index(
        "tracking_event_by_consignment_id_id",
        "tracking_event",
        ["consignment_id", "id"],
        unique=False,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "tracking_event_live",
        "tracking_event",
        ["id"],
        unique=True,
        postgresql_where=_LIVE,
    )
    op.add_column("batch", sa.Column("received_sha256", sa.String(collation="C"), nullable=True))
    op.add_column("batch", sa.Column("received_byte_count", sa.BigInteger(), nullable=True))
    # until now landing kept all bytes as they came
    op.execute("UPDATE batch SET received_sha256 = sha256, received_byte_count = byte_count")
    op.alter_column("batch", "received_sha256", nullable=False)
    op.alter_column("batch", "received_byte_count", nullable=False)
    op.drop_index("batch_by_bytes", table_name="batch")
    op.create_index("batch_by_bytes", "batch", ["feed_code", "sender_code", "received_sha256"], unique=False)


def downgrade() -> None:
    op.drop_index("batch_by_bytes", table_name="batch")
    op.create_index("batch_by_bytes", "batch", ["feed_code", "sender_code", "sha256"], unique=False)
    op.drop_column("batch", "received_byte_count")
    op.drop_column("batch", "received_sha256")
    for table in ("tracking_event", "service_area", "postal_outlet", "partner_pharmacy", "consignment"):
        op.drop_table(table)
