"""Lists of medicines, published and of reserves, what may be given instead, and proposed versions."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_POLICIES = Path(__file__).parents[1] / "sql" / "reach_0023.sql"
_LIVE_NOW = "valid_to = 'infinity' AND superseded_at = 'infinity'"
_LIVE = sa.text(_LIVE_NOW)
_PAST = sa.text(f"NOT ({_LIVE_NOW})")
_GONE = sa.text("superseded_at < 'infinity'")
_CODE = sa.String(collation="C")
_INSTANT = sa.DateTime(timezone=True)
_TYPES = {"id": sa.BigInteger(), "code": _CODE, "text": sa.String(), "day": sa.Date(), "number": sa.Numeric()}
_TIMES = ("valid_from", "valid_to", "recorded_at", "superseded_at")

#: table of facts → its own columns (`?`: may be empty), and the columns of each index
_FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "drug_list": (
        "id:id sender_code:code name:text region_code:code level_code:code version_id:id kind_code:code",
        (
            "region_code id",
            "version_id id",
        ),
    ),
    "drug_list_version": (
        (
            "id:id list_id:id effective_on:day announced_on:day? document_title:text "
            "document_number:text? document_url:text?"
        ),
        ("list_id effective_on id",),
    ),
    "drug_list_entry": (
        (
            "scope_level_code:code name_zh:text dosage_form:text? strength_text:text? "
            "approval_number:code? id:id list_id:id category_name:text? strength:text? "
            "concept_id:id? reason_code:code remark:text?"
        ),
        (
            "concept_id id",
            "list_id name_zh id",
        ),
    ),
    "list_change": (
        (
            "scope_level_code:code name_zh:text dosage_form:text? strength_text:text? "
            "approval_number:code? id:id list_id:id version_id:id entry_id:id effective_on:day "
            "direction_code:code reason_code:code reason_text:text?"
        ),
        (
            "entry_id id",
            "list_id effective_on id",
            "version_id id",
        ),
    ),
    "list_match": (
        "id:id product_id:id approval_number:code method_code:code evidence:text entry_id:id",
        (
            "entry_id id",
            "product_id id",
        ),
    ),
    "substitution": (
        (
            "id:id sender_code:code from_name:text from_form:text? to_name:text to_form:text? "
            "condition_text:text? evidence_text:text? issuer_name:text document_title:text "
            "document_number:text? effective_on:day"
        ),
        (
            "from_name id",
            "to_name id",
        ),
    ),
    "substitution_match": (
        (
            "id:id product_id:id approval_number:code method_code:code evidence:text "
            "substitution_id:id side_code:code"
        ),
        (
            "product_id id",
            "substitution_id id",
        ),
    ),
    "reserve_list": (
        "id:id sender_code:code name:text region_code:code level_code:code version_id:id",
        (
            "region_code id",
            "version_id id",
        ),
    ),
    "reserve_list_version": (
        (
            "id:id list_id:id effective_on:day announced_on:day? document_title:text "
            "document_number:text? document_url:text?"
        ),
        ("list_id effective_on id",),
    ),
    "reserve_entry": (
        (
            "scope_level_code:code name_zh:text dosage_form:text? strength_text:text? "
            "approval_number:code? id:id list_id:id category_name:text? strength:text? "
            "concept_id:id? reason_code:code remark:text? holder_name:text? quantity:number? "
            "quantity_unit:text?"
        ),
        (
            "concept_id id",
            "list_id name_zh id",
        ),
    ),
    "reserve_change": (
        (
            "scope_level_code:code name_zh:text dosage_form:text? strength_text:text? "
            "approval_number:code? id:id list_id:id version_id:id entry_id:id effective_on:day "
            "direction_code:code reason_code:code reason_text:text?"
        ),
        (
            "entry_id id",
            "list_id effective_on id",
            "version_id id",
        ),
    ),
    "reserve_match": (
        "id:id product_id:id approval_number:code method_code:code evidence:text entry_id:id",
        (
            "entry_id id",
            "product_id id",
        ),
    ),
}


def _fact(name: str, columns: str, indexes: tuple[str, ...]) -> None:
    own = [(column.rstrip("?").split(":"), column.endswith("?")) for column in columns.split()]
    op.create_table(
        name,
        *(sa.Column(time, _INSTANT, nullable=False) for time in _TIMES),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        *(sa.Column(column, _TYPES[kind], nullable=nullable) for (column, kind), nullable in own),
        sa.PrimaryKeyConstraint("id", "valid_from", "recorded_at", name=f"{name}_pkey"),
    )
    op.create_index(f"{name}_live", name, ["id"], unique=True, postgresql_where=_LIVE)
    op.create_index(f"{name}_recorded", name, ["recorded_at", "id"])
    op.create_index(f"{name}_superseded", name, ["superseded_at", "id"], postgresql_where=_GONE)
    for index in indexes:
        by = index.replace(" ", "_")
        op.create_index(f"{name}_by_{by}", name, index.split(), postgresql_where=_LIVE)
        op.create_index(f"{name}_past_by_{by}", name, index.split(), postgresql_where=_PAST)


def upgrade() -> None:
    for name, (columns, indexes) in _FACTS.items():
        _fact(name, columns, indexes)
    op.create_table(
        "list_proposal",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sender_code", _CODE, nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("kind_code", _CODE, nullable=False),
        sa.Column("region_code", _CODE, nullable=False),
        sa.Column("list_name", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_title", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", _CODE, nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("base_digest", _CODE, nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("subject", _CODE, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for by in ("list", "version"):
        op.create_index(f"list_proposal_by_{by}", "list_proposal", [f"{by}_id", "id"])
    op.create_index("list_proposal_by_region", "list_proposal", ["region_code", "id"])
    op.create_table(
        "list_decision",
        sa.Column("proposal_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict_code", _CODE, nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("subject", _CODE, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["list_proposal.id"]),
        sa.PrimaryKeyConstraint("proposal_id"),
    )
    op.create_index("list_decision_by_batch", "list_decision", ["batch_id"], unique=True)
    # many statements at once: the driver takes them, its prepared statements do not
    driver = op.get_bind().connection.dbapi_connection
    driver.run_async(lambda connection: connection.execute(_POLICIES.read_text("utf-8")))
