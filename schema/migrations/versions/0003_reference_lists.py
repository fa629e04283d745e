"""Reference lists and active substances."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "essential_medicine",
    "essential_medicine_form",
    "insurance_entry",
    "insurance_price",
    "substance",
)


def upgrade() -> None:
    op.create_table(
        "essential_medicine",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("category_name", sa.String(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("section_name", sa.String(), nullable=True),
        sa.Column("function_name", sa.String(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("forms_text", sa.String(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="essential_medicine_pkey"),
    )
    op.create_index(
        "essential_medicine_by_name_zh_id",
        "essential_medicine",
        ["name_zh", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "essential_medicine_by_sender_code_id",
        "essential_medicine",
        ["sender_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "essential_medicine_live",
        "essential_medicine",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "essential_medicine_form",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("medicine_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("dosage_form", sa.String(), nullable=False),
        sa.Column("qualifier", sa.String(), nullable=True),
        sa.Column("strength_text", sa.String(), nullable=True),
        sa.Column("strength", sa.String(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="essential_medicine_form_pkey"),
    )
    op.create_index(
        "essential_medicine_form_by_medicine_id_ordinal_id",
        "essential_medicine_form",
        ["medicine_id", "ordinal", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "essential_medicine_form_by_sender_code_id",
        "essential_medicine_form",
        ["sender_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "essential_medicine_form_live",
        "essential_medicine_form",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "insurance_entry",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("part_name", sa.String(), nullable=False),
        sa.Column("class_code", sa.String(collation="C"), nullable=False),
        sa.Column("class_name", sa.String(), nullable=True),
        sa.Column("reimbursement_class", sa.String(collation="C"), nullable=False),
        sa.Column("entry_number", sa.Integer(), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("dosage_form", sa.String(), nullable=True),
        sa.Column("payment_standard_code", sa.String(collation="C"), nullable=False),
        sa.Column("payment_standard_text", sa.String(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("agreement_starts_on", sa.Date(), nullable=True),
        sa.Column("agreement_ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="insurance_entry_pkey"),
    )
    op.create_index(
        "insurance_entry_by_class_code_id",
        "insurance_entry",
        ["class_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "insurance_entry_by_name_id",
        "insurance_entry",
        ["name", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "insurance_entry_by_sender_code_id",
        "insurance_entry",
        ["sender_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "insurance_entry_live",
        "insurance_entry",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "insurance_price",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sender_code", sa.String(collation="C"), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("price_yuan", sa.Numeric(), nullable=False),
        sa.Column("per_text", sa.String(), nullable=True),
        sa.Column("strength", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="insurance_price_pkey"),
    )
    op.create_index(
        "insurance_price_by_entry_id_ordinal_id",
        "insurance_price",
        ["entry_id", "ordinal", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "insurance_price_by_sender_code_id",
        "insurance_price",
        ["sender_code", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "insurance_price_live",
        "insurance_price",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_table(
        "substance",
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("registration_number", sa.String(collation="C"), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("company_name", sa.String(), nullable=True),
        sa.Column("origin_name", sa.String(), nullable=True),
        sa.Column("package_specification", sa.String(), nullable=True),
        sa.Column("updated_on", sa.Date(), nullable=True),
        sa.Column("review_status_code", sa.String(collation="C"), nullable=False),
        sa.Column("related_approvals", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name="substance_pkey"),
    )
    op.create_index(
        "substance_by_name_zh_id",
        "substance",
        ["name_zh", "id"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "substance_by_registration_number",
        "substance",
        ["registration_number"],
        unique=False,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )
    op.create_index(
        "substance_live",
        "substance",
        ["id"],
        unique=True,
        postgresql_where=sa.text("valid_to = 'infinity' AND superseded_at = 'infinity'"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
