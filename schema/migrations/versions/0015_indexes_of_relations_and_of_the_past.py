"""Indexes of relations, over the past too; items name the judgement that their link rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_LIVE_NOW = "valid_to = 'infinity' AND superseded_at = 'infinity'"
_LIVE = sa.text(_LIVE_NOW)
_PAST = sa.text(f"NOT ({_LIVE_NOW})")

_MATCHED = (
    "packaged_product",
    "local_item",
    "platform_product",
    "filed_purchase",
    "production_report",
    "supply_notice",
)
#: by table, the columns of each index over live rows
_OF_LIVE = {
    "packaged_product": ["match_concept_id id", "match_judgement_id"],
    "pack_code": ["approval_number id"],
    "authorization_event": ["holder_name_id id"],
    "substance": ["company_name_id id"],
    "local_item": ["match_concept_id id", "match_judgement_id"],
    "inventory_change": ["pharmacy_id id"],
    "stock_lot": ["item_id id", "pharmacy_id id"],
    "production_report": ["match_concept_id id", "match_judgement_id", "uscc id"],
    "supply_notice": ["match_concept_id id", "match_judgement_id", "uscc id"],
    "platform_product": ["match_concept_id id", "match_judgement_id"],
    "filed_purchase": ["match_concept_id id", "match_judgement_id"],
    "tracking_event": ["outlet_id id"],
}
#: by table, the columns of each index over the rows of the past
_OF_PAST = {
    "region": ["parent_code code"],
    "product": ["approval_number", "concept_id id", "name_zh id"],
    "standard_code": ["product_id"],
    "drug_concept": ["generic_name id"],
    "packaged_product": [
        "approval_number id",
        "concept_id id",
        "generic_name id",
        "match_code id",
        "match_concept_id id",
        "match_judgement_id",
        "nhsa_code",
        "product_id id",
        "sender_code id",
    ],
    "pack_code": ["approval_number id", "code kind_code", "nhsa_code id"],
    "product_authorization": ["approval_number id", "holder_name_id id", "product_id"],
    "authorization_event": ["approval_number id", "authorization_id id", "event_on id", "holder_name_id id"],
    "former_number": ["product_id"],
    "manufacturing_site": ["name_id id", "region_code id"],
    "product_site": ["site_id product_id"],
    "substance": ["company_name_id id", "name_zh id", "registration_number"],
    "organization_name_change": ["uscc id"],
    "essential_medicine": ["name_zh id", "sender_code id"],
    "essential_medicine_form": ["medicine_id ordinal id", "sender_code id"],
    "insurance_entry": ["class_code id", "name id", "sender_code id"],
    "insurance_price": ["entry_id ordinal id", "sender_code id"],
    "pharmacy": ["name id", "region_code id", "sender_code store_code"],
    "local_item": [
        "match_code id",
        "match_concept_id id",
        "match_judgement_id",
        "nhsa_code id",
        "product_id id",
        "sender_code item_code",
    ],
    "on_sale": ["item_id pharmacy_id"],
    "inventory_change": ["item_id id", "pharmacy_id id", "pharmacy_id item_id changed_at"],
    "stock_lot": ["item_id id", "pharmacy_id id", "pharmacy_id item_id"],
    "production_report": [
        "approval_number id",
        "match_code id",
        "match_concept_id id",
        "match_judgement_id",
        "product_id id",
        "report_month id",
        "uscc id",
    ],
    "supply_notice": [
        "approval_number id",
        "match_code id",
        "match_concept_id id",
        "match_judgement_id",
        "product_id id",
        "uscc id",
    ],
    "platform_product": [
        "match_code id",
        "match_concept_id id",
        "match_judgement_id",
        "nhsa_code id",
        "product_id id",
        "sender_code product_code",
    ],
    "listing": ["platform_product_id id", "sender_code id"],
    "purchase_line": ["institution_code id", "platform_product_id id", "sender_code order_number"],
    "delivery_line": ["platform_product_id id", "purchase_line_id id"],
    "settlement": ["institution_code id", "purchase_line_id id", "sender_code id"],
    "filed_purchase": [
        "institution_code id",
        "match_code id",
        "match_concept_id id",
        "match_judgement_id",
        "product_id id",
    ],
    "postal_outlet": ["outlet_code id", "partner_pharmacy_id id", "region_code id"],
    "partner_pharmacy": ["pharmacy_id id", "region_code id"],
    "service_area": ["region_code id"],
    "consignment": ["accepting_outlet_id id", "mail_number id"],
    "tracking_event": ["consignment_id id", "outlet_id id"],
}


def upgrade() -> None:
    for table in _MATCHED:
        op.add_column(table, sa.Column("match_judgement_id", sa.Integer(), nullable=True))
        op.execute(_number_out_of_evidence(table))
    for table, indexes in _OF_LIVE.items():
        for columns in indexes:
            op.create_index(_name(table, "by", columns), table, columns.split(), postgresql_where=_LIVE)
    for table, indexes in _OF_PAST.items():
        for columns in indexes:
            op.create_index(_name(table, "past_by", columns), table, columns.split(), postgresql_where=_PAST)
    op.create_index("stock_level_by_item", "stock_level", ["item_id", "pharmacy_id"])
    op.create_index("quarantined_row_of_batch", "quarantined_row", ["batch_id", "id"])
    op.create_index("fault_settlement_by_cause", "fault_settlement", ["cause_batch_id", "row_id"])
    op.drop_index("fault_settlement_by_batch", "fault_settlement")
    op.create_index("fault_settlement_by_batch", "fault_settlement", ["batch_id", "row_id"])
    op.create_index("judgement_by_product", "judgement", ["product_id", "id"])


def downgrade() -> None:
    op.drop_index("judgement_by_product", "judgement")
    op.drop_index("fault_settlement_by_batch", "fault_settlement")
    op.create_index("fault_settlement_by_batch", "fault_settlement", ["batch_id"])
    op.drop_index("fault_settlement_by_cause", "fault_settlement")
    op.drop_index("quarantined_row_of_batch", "quarantined_row")
    op.drop_index("stock_level_by_item", "stock_level")
    for table, indexes in _OF_PAST.items():
        for columns in indexes:
            op.drop_index(_name(table, "past_by", columns), table)
    for table, indexes in _OF_LIVE.items():
        for columns in indexes:
            op.drop_index(_name(table, "by", columns), table)
    for table in _MATCHED:
        op.drop_column(table, "match_judgement_id")


def _number_out_of_evidence(table: str) -> sa.Update:
    """Until now the judgement's number stood in the evidence alone."""
    items = sa.table(table, *map(sa.column, ("match_judgement_id", "match_evidence", "match_method_code")))
    number = sa.func.substring(items.c.match_evidence, "^人工判定 judgement ([0-9]+)")
    stated = items.update().where(items.c.match_method_code == "judgement")
    return stated.values(match_judgement_id=sa.cast(number, sa.Integer))


def _name(table: str, kind: str, columns: str) -> str:
    return f"{table}_{kind}_{columns.replace(' ', '_')}"
