"""Medical institutions, the medicines that they keep, and when they last confirmed so."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_POLICIES = Path(__file__).parents[1] / "sql" / "reach_0025.sql"
_LIVE_NOW = "valid_to = 'infinity' AND superseded_at = 'infinity'"
_LIVE = sa.text(_LIVE_NOW)
_PAST = sa.text(f"NOT ({_LIVE_NOW})")
_GONE = sa.text("superseded_at < 'infinity'")
_CODE = sa.String(collation="C")
_INSTANT = sa.DateTime(timezone=True)
_TYPES = {
    "id": sa.BigInteger(),
    "code": _CODE,
    "text": sa.String(),
    "number": sa.Numeric(),
    "flag": sa.Boolean(),
    "serial": sa.Integer(),
}
_TIMES = ("valid_from", "valid_to", "recorded_at", "superseded_at")
#: the 34 provinces of GB/T 2260
_PROVINCES = (
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"),
    *("71", "81", "82"),
)
_MEDICINES = "institution_medicine"
_KEPT_KEY = ("institution_id", "item_id", "province_code")

#: table of facts → its own columns (`?`: may be empty), its key, and the columns of each index
_FACTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "institution": (
        (
            "id:id sender_code:code institution_code:code name:text uscc:code? insurance_code:code? tier_code:code?"
            " is_public:flag? region_code:code address:text? longitude:number? latitude:number?"
        ),
        ("id",),
        ("sender_code institution_code", "region_code id", "name id", "uscc id", "insurance_code id"),
    ),
    "institution_item": (
        (
            "id:id item_code:code sender_code:code name_zh:text trade_name_zh:text? specification:text?"
            " manufacturer_name:text? approval_number:code? standard_code:code? nhsa_code:code? sales_unit:text?"
            " product_id:id? match_code:code match_method_code:code? match_concept_id:id? match_score:number?"
            " match_evidence:text? match_judgement_id:serial?"
        ),
        ("id",),
        (
            "sender_code item_code",
            "product_id id",
            "match_code id",
            "match_concept_id id",
            "match_judgement_id",
            "nhsa_code id",
        ),
    ),
    _MEDICINES: (
        (
            "province_code:code institution_id:id item_id:id own_code:code? availability_code:code"
            " sufficiency_code:code? stock_packs:number?"
        ),
        _KEPT_KEY,
        ("item_id institution_id",),
    ),
}


def _fact(name: str, columns: str, key: tuple[str, ...], indexes: tuple[str, ...]) -> None:
    own = [(column.rstrip("?").split(":"), column.endswith("?")) for column in columns.split()]
    op.create_table(
        name,
        *(sa.Column(time, _INSTANT, nullable=False) for time in _TIMES),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        *(sa.Column(column, _TYPES[kind], nullable=nullable) for (column, kind), nullable in own),
        sa.PrimaryKeyConstraint(*key, "valid_from", "recorded_at", name=f"{name}_pkey"),
        **({"postgresql_partition_by": "LIST (province_code)"} if name == _MEDICINES else {}),
    )
    op.create_index(f"{name}_live", name, list(key), unique=True, postgresql_where=_LIVE)
    op.create_index(f"{name}_recorded", name, ["recorded_at", key[0]])
    op.create_index(f"{name}_superseded", name, ["superseded_at", key[0]], postgresql_where=_GONE)
    for index in indexes:
        by = index.replace(" ", "_")
        op.create_index(f"{name}_by_{by}", name, index.split(), postgresql_where=_LIVE)
        op.create_index(f"{name}_past_by_{by}", name, index.split(), postgresql_where=_PAST)


def upgrade() -> None:
    for name, (columns, key, indexes) in _FACTS.items():
        _fact(name, columns, key, indexes)
    op.create_table(
        "formulary_confirmation",
        sa.Column("institution_id", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", _INSTANT, nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id"),
    )
    for province in _PROVINCES:
        op.execute(
            f"CREATE TABLE {_MEDICINES}__p{province} PARTITION OF {_MEDICINES} FOR VALUES IN ('{province}')"
        )
    # many statements at once: the driver takes them, its prepared statements do not
    driver = op.get_bind().connection.dbapi_connection
    driver.run_async(lambda connection: connection.execute(_POLICIES.read_text("utf-8")))
