"""Names and codes by which medicines, organisations and places are found; `baogong db upgrade` fills them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind_code", sa.String(collation="C"), nullable=False),
        sa.Column("names", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("rules_code", sa.String(collation="C"), nullable=False),
        sa.Column("lexemes", TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("search_document_by_lexemes", "search_document", ["lexemes"], postgresql_using="gin")
    op.create_table(
        "search_thing",
        sa.Column("kind_code", sa.String(collation="C"), nullable=False),
        sa.Column("thing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind_code", "thing_id"),
    )
    op.create_index("search_thing_by_document", "search_thing", ["document_id", "thing_id"])
    op.create_table(
        "search_code",
        sa.Column("kind_code", sa.String(collation="C"), nullable=False),
        sa.Column("thing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("kind_code", "thing_id", "code"),
    )
    op.create_index("search_code_by_code", "search_code", ["kind_code", "code", "thing_id"])


def downgrade() -> None:
    op.drop_table("search_code")
    op.drop_table("search_thing")
    op.drop_table("search_document")
