"""Alembic's entry: runs over the connection it is handed, on the entities' metadata."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import schema.entities
import schema.entities.access
import schema.entities.account
import schema.entities.audit
import schema.entities.search  # noqa: F401


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Leave out what no entity declares: the partitions of a table, made beside it in the migrations."""
    return not (kind == "table" and name is not None and "__p" in name)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    include_object=include_object,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
