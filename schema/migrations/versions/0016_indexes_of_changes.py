"""Indexes of changes: what was learned in the order of its recorded time, and what brought it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SUPERSEDED = sa.text("superseded_at < 'infinity'")
#: tables of facts and the first column of their keys
_FIRST = {
    "region": "code",
    "standard_code": "standard_code",
    "former_number": "former_number",
    "product_site": "product_id",
    "on_sale": "pharmacy_id",
}
_BY_ID = (
    "product",
    "drug_concept",
    "packaged_product",
    "pack_code",
    "product_authorization",
    "authorization_event",
    "manufacturing_site",
    "substance",
    "organization_name_change",
    "essential_medicine",
    "essential_medicine_form",
    "insurance_entry",
    "insurance_price",
    "pharmacy",
    "local_item",
    "inventory_change",
    "stock_lot",
    "production_report",
    "supply_notice",
    "platform_product",
    "listing",
    "purchase_line",
    "delivery_line",
    "settlement",
    "filed_purchase",
    "postal_outlet",
    "partner_pharmacy",
    "service_area",
    "consignment",
    "tracking_event",
)


def upgrade() -> None:
    for table, column in {**_FIRST, **dict.fromkeys(_BY_ID, "id")}.items():
        op.create_index(f"{table}_recorded", table, ["recorded_at", column])
        op.create_index(f"{table}_superseded", table, ["superseded_at", column], postgresql_where=_SUPERSEDED)
    op.create_index("batch_by_promotion", "batch", ["promoted_at"])
    op.create_index("judgement_by_date", "judgement", ["decided_at"])
    op.create_index("judgement_withdrawal_by_date", "judgement_withdrawal", ["decided_at"])


def downgrade() -> None:
    op.drop_index("judgement_withdrawal_by_date", "judgement_withdrawal")
    op.drop_index("judgement_by_date", "judgement")
    op.drop_index("batch_by_promotion", "batch")
    for table in (*_FIRST, *_BY_ID):
        op.drop_index(f"{table}_superseded", table)
        op.drop_index(f"{table}_recorded", table)
